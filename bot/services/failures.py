"""What a person is told when the service fails."""

import math

from bot.elumenta import (
    BadRequest,
    ElumentaError,
    InsufficientTokens,
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
    OutOfTokens,
    OwnerMustAct,
    RequestRefused,
    ServiceFailed,
    ServiceUnreachable,
)

DEFAULT_LIMIT_SECONDS = 3600.0
"""The hourly window: what a limit lasts at most when the service does not say."""


def explain(error: ElumentaError, *, model: str) -> BotError:
    """Turn what the service did into what a person can be told."""
    match error:
        case Unreachable():
            return ServiceUnreachable()
        case TimedOut() | ProtocolError() | ProviderFailed(status=502 | 504):
            return AnswerUncertain()
        case StreamBroken():
            return AnswerBroken()
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
