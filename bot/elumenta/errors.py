"""What went wrong, told by what the service did and whether it may have cost something.

ElumentaError
  Unreachable            nothing was sent; safe to repeat
  TimedOut               sent, but no answer came; may have been charged
  StreamBroken           an answer began and did not end; may have been charged
  ProtocolError          an answer nobody can read; may have been charged
  TooLarge               a file of more bytes than were wanted
  StatusError            the service said no
    BadRequest           400, 422: it would not take the request
    Unauthorized         401: the key is wrong
    InsufficientTokens   402: the account's balance is used up
    PlanTooLow           403: the account's plan does not include this
    NotFound             404: no such model or generation
    RateLimited          429: too many requests; says for how long
    ProviderFailed       500, a failed generation, an error in a stream: not charged;
                         502, 504: nobody knows
    ModelUnavailable     503: the model is down or overloaded

The texts of these errors may be logged: they hold neither keys nor prompts nor answers. What the
service wrote in its own words, which may quote a prompt, is only in `StatusError.message`.
"""

from collections.abc import Mapping


class ElumentaError(Exception):
    """Anything that a call to Elumenta may raise."""


class Unreachable(ElumentaError):
    """No connection came about: nothing was sent, and the request may be repeated."""


class TimedOut(ElumentaError):
    """The request went out and no answer came: late, or lost with the connection.

    The service may have accepted and charged it, so it is not safe to repeat.
    """


class StreamBroken(ElumentaError):
    """An answer began and did not end; part of it may have arrived.

    Whoever knows the generation's id can look up what became of it.
    """

    def __init__(self, reason: str, *, generation_id: str | None = None) -> None:
        super().__init__(reason)
        self.generation_id = generation_id


class ProtocolError(ElumentaError):
    """The service answered something that is not in its documentation."""


class TooLarge(ElumentaError):
    """A file has more bytes than were wanted; it was not read to its end."""


class StatusError(ElumentaError):
    """The service refused or failed, and said so."""

    def __init__(
        self,
        status: int,
        *,
        code: str | None = None,
        message: str | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(f"{status} {code}" if code else f"{status}")
        self.status = status
        self.code = code
        self.message = message
        self.details = details or {}


class BadRequest(StatusError):
    """The service would not take the request as it is."""


class Unauthorized(StatusError):
    """The key is missing or wrong."""


class InsufficientTokens(StatusError):
    """The balance of the account is used up."""


class PlanTooLow(StatusError):
    """The plan of the account includes no API access, or not this model."""


class NotFound(StatusError):
    """There is no such model or generation."""


class RateLimited(StatusError):
    """The account asked too often; `retry_after` is in seconds, where the service says it."""

    def __init__(
        self,
        status: int = 429,
        *,
        code: str | None = None,
        message: str | None = None,
        details: Mapping[str, object] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(status, code=code, message=message, details=details)
        self.retry_after = retry_after


class ProviderFailed(StatusError):
    """The service, or the provider behind it, failed; a documented failure is not charged.

    A generation can fail without an HTTP error, then the status is 200. With 502 and 504, which
    are not documented, nobody knows how far the request came.
    """


class ModelUnavailable(StatusError):
    """The model is down or overloaded."""
