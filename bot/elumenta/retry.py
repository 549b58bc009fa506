"""When a request is sent again: never on a guess, if it may have been paid for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import stamina

from bot.elumenta.errors import (
    ModelUnavailable,
    ProviderFailed,
    RateLimited,
    StreamBroken,
    TimedOut,
    Unreachable,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and after which pauses the client asks again."""

    attempts: int = 3
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 5
    longest_limit_seconds: float = 10
    """A rate limit that lasts longer than this is told instead of waited for."""
    poll_after_seconds: tuple[float, ...] = (0.5, 1, 2, 4, 8, 15)
    """Pauses before each look at an answer that is not ready yet."""


async def repeat(call: Callable[[], Awaitable[T]], *, paid: bool, patience: Patience) -> T:
    """Make the call, and make it again where the table below allows it.

    The call takes no arguments, so that no retry hook can log them.
    """
    attempts = stamina.retry_context(
        on=partial(_pause, paid=paid, patience=patience),
        attempts=patience.attempts,
        timeout=None,
        wait_initial=patience.first_pause_seconds,
        wait_max=patience.longest_pause_seconds,
        wait_jitter=patience.first_pause_seconds,
    )

    async for attempt in attempts:
        with attempt:
            return await call()
    raise AssertionError  # stamina raises the last error itself


def _pause(error: Exception, *, paid: bool, patience: Patience) -> bool | float:
    """The table: seconds to wait, or True for the usual pause, or False for never again."""
    match error:
        case Unreachable() | ModelUnavailable():
            return True
        case RateLimited(retry_after=seconds) if seconds is not None:
            return seconds if seconds <= patience.longest_limit_seconds else False
        case TimedOut() | StreamBroken() | ProviderFailed():
            return not paid
        case _:
            return False
