"""What a person is told when the service fails."""

import math

from bot.elumenta import (
    BadRequest,
    ElumentaError,
    InsufficientTokens,
    ModelUnavailable,
    NotFound,
    PlanTooLow,
    ProtocolError,
    ProviderFailed,
    RateLimited,
    StreamBroken,
    TimedOut,
    Unauthorized,
    Unreachable,
)
from bot.errors import (
    AnswerBroken,
    AnswerUncertain,
    BotError,
    LimitReached,
    ModelMissing,
    OrderFailed,
    OrderForbidden,
    OrderRefused,
    OrderUnavailable,
    OutOfTokens,
    OwnerMustAct,
    RequestRefused,
    ServiceFailed,
    ServiceUnreachable,
)

DEFAULT_LIMIT_SECONDS = 3600.0
"""The hourly window: what a limit lasts at most when the service does not say."""

MAX_REASON_LENGTH = 200
POLICY = "content policy"
"""In the reason of a refused prompt; the service has no code for it (guide error-handling)."""


def may_have_been_taken(error: ElumentaError) -> bool:
    """Tell the failures after which nobody knows whether a request was taken, and is charged."""
    match error:
        case TimedOut() | StreamBroken() | ProtocolError():
            return True
        case ProviderFailed(status=200) | ProviderFailed(status=500, code="provider_error"):
            return False  # documented, and not charged
        case ProviderFailed():
            return True
        case _:
            return False


def explain(error: ElumentaError, *, model: str) -> BotError:
    """Turn what the service did into what a person can be told."""
    match error:
        case Unreachable():
            return ServiceUnreachable()
        case StreamBroken():
            return AnswerBroken()
        case _ if may_have_been_taken(error):
            return AnswerUncertain()
        case InsufficientTokens():
            return OutOfTokens()
        case Unauthorized() | PlanTooLow():
            return OwnerMustAct()
        case RateLimited(retry_after=seconds):
            left = DEFAULT_LIMIT_SECONDS if seconds is None else seconds
            return LimitReached(minutes=max(1, math.ceil(left / 60)))
        case NotFound():
            return ModelMissing(model=model)
        case BadRequest():
            return RequestRefused()
        case _:
            return ServiceFailed()


def explain_order(error: ElumentaError, *, model: str) -> BotError:
    """Say why an order was not taken, in the service's own words where it has any."""
    match error:
        case BadRequest(message=reason) if not _is_policy(reason):
            return OrderRefused(reason=_one_line(reason))
        case ModelUnavailable():
            return OrderUnavailable(model=model)
        case BadRequest(message=reason) | ProviderFailed(message=reason):
            return tell_failure(reason)
        case _:
            return explain(error, model=model)


def tell_failure(reason: str | None) -> BotError:
    """Say why an order was not made; *reason* is what the service wrote for people to read."""
    return OrderForbidden() if _is_policy(reason) else OrderFailed(reason=_one_line(reason))


def _is_policy(reason: str | None) -> bool:
    return POLICY in (reason or "").casefold()


def _one_line(reason: str | None) -> str:
    line = " ".join((reason or "").split()).rstrip(".")
    return line if len(line) <= MAX_REASON_LENGTH else f"{line[:MAX_REASON_LENGTH]}…"
