"""What a person can be told when something does not work out.

Whoever finds out raises one of these; `bot.telegram.handlers.errors` answers for all of them.
"""


class BotError(Exception):
    """Something a person is told: a message key and its arguments, never a text."""

    key = "error-unexpected"

    def __init__(self, **arguments: str | int) -> None:
        super().__init__(self.key)
        self.arguments = arguments


class PromptMissing(BotError):
    """Nothing was asked."""

    key = "error-prompt-missing"


class PromptTooLong(BotError):
    """More was asked than the model is given; arguments `length` and `limit` in characters."""

    key = "error-prompt-too-long"


class TooBusy(BotError):
    """Too many questions wait in this conversation; argument `count`."""

    key = "error-too-busy"


class OutOfTokens(BotError):
    """The owner's balance is used up."""

    key = "error-out-of-tokens"


class OwnerMustAct(BotError):
    """The key or the plan does not allow the request."""

    key = "error-owner-must-act"


class LimitReached(BotError):
    """The account's rate limit is used up; argument `minutes` until it ends."""

    key = "error-limit-reached"


class LimitUntil(BotError):
    """The account's rate limit lasts for longer than is waited for; argument `until`."""

    key = "error-limit-until"


class DailyLimitReached(BotError):
    """More than may be spent on a day.

    Arguments: `scope` (person, chat or all), `limit`, `left` and `cost` in tokens, and `until`,
    the owner's next midnight, as text.
    """

    key = "error-daily-limit"


class TooManyOrders(BotError):
    """Too many orders of a person wait; argument `count`."""

    key = "error-too-many-orders"


class ModelMissing(BotError):
    """The service does not have the model; argument `model`."""

    key = "error-model-missing"


class RequestRefused(BotError):
    """The service would not take the question."""

    key = "error-request-refused"


class ServiceFailed(BotError):
    """The service answered with a failure of its own; nothing was paid."""

    key = "error-service-failed"


class ServiceUnreachable(BotError):
    """The service could not be reached; nothing was sent."""

    key = "error-service-unreachable"


class AnswerUncertain(BotError):
    """Asked, perhaps paid, but no answer came."""

    key = "error-answer-uncertain"


class AnswerBroken(BotError):
    """The answer ended in the middle."""

    key = "error-answer-broken"


class AnswerEmpty(BotError):
    """The model said nothing."""

    key = "error-answer-empty"


class AccessDenied(BotError):
    """The bot is not open to this person; argument `id` to be allowed, as text."""

    key = "error-access-denied"


class OptionUnknown(BotError):
    """There is no such option; arguments `option` and `known`, those that there are."""

    key = "error-option-unknown"


class OptionValueMissing(BotError):
    """An option came without its value; argument `option`."""

    key = "error-option-value-missing"


class OptionUnsupported(BotError):
    """The model does not take the option; arguments `option`, `model`, `known`."""

    key = "error-option-unsupported"


class OptionValueInvalid(BotError):
    """The model does not take the value; arguments `option`, `value`, `model`, `known`."""

    key = "error-option-value-invalid"


class MediaModelUnknown(BotError):
    """The catalogue has no such model for this kind; arguments `model` and `known`."""

    key = "error-media-model-unknown"


class OrderRefused(BotError):
    """The service would not take the order; argument `reason`, in its own words or empty."""

    key = "error-order-refused"


class OrderFailed(BotError):
    """The order was taken and not made; argument `reason`, in the service's words or empty."""

    key = "error-order-failed"


class OrderForbidden(BotError):
    """The order breaks the provider's content policy."""

    key = "error-order-policy"


class OrderUnavailable(BotError):
    """The model is down or overloaded, and nothing was charged; argument `model`."""

    key = "error-order-unavailable"


class OrderLost(BotError):
    """No trace of the order is found at the service."""

    key = "error-order-lost"


class OrderLate(BotError):
    """The order was not made in time; argument `minutes` that were waited."""

    key = "error-order-late"


class NotAllowedHere(BotError):
    """Only the group's admins may do it."""

    key = "error-not-allowed-here"


class PreferenceInvalid(BotError):
    """A chat cannot be set to this value; arguments `name`, `low` and `high`, as text."""

    key = "error-preference-invalid"


class PersonaTooLong(BotError):
    """A system prompt is longer than is kept; arguments `length` and `limit` in characters."""

    key = "error-system-too-long"


class FileTooLarge(BotError):
    """A file has more than is read; argument `limit` in kilobytes."""

    key = "error-file-too-large"


class FileNotText(BotError):
    """A file has something else than text, or no telling in which encoding."""

    key = "error-file-not-text"


class FileUnavailable(BotError):
    """Telegram did not give a file."""

    key = "error-file-unavailable"


class NothingToExport(BotError):
    """A conversation has nothing that could be exported."""

    key = "error-nothing-to-export"
