"""Flood control: how often a bot may speak, and what impatience costs."""

import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.telegram.errors import ApiError

# Refilling in many small steps must not leave a bucket a hair short of one call.
ROUNDING = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodLimits:
    """How many calls may come at once, and how many seconds win back one of them."""

    private_burst: int = 3
    private_refill_seconds: float = 1.0
    group_burst: int = 4
    group_refill_seconds: float = 3.0
    overall_burst: int = 30
    overall_refill_seconds: float = 1 / 30
    longest_wait_seconds: int = 300


class Cost(StrEnum):
    """What a call counts for."""

    NOTHING = "nothing"
    FRAME = "frame"
    """Changes what one chat shows: an edit, a draft, an action."""
    MESSAGE = "message"
    """A new message, which also counts towards the limit of the whole bot."""


class FloodControl:
    """Refuses calls that come too fast, longer and longer for those who do not wait."""

    def __init__(self, limits: FloodLimits, clock: Callable[[], float]) -> None:
        self.refusals = 0
        self._clock = clock
        self.impose(limits)

    def impose(self, limits: FloodLimits) -> None:
        """Begin anew with other limits; whoever was told to wait is forgiven."""
        longest = limits.longest_wait_seconds
        self._private = defaultdict[int, Bucket](
            lambda: Bucket(limits.private_burst, limits.private_refill_seconds, longest)
        )
        self._groups = defaultdict[int, Bucket](
            lambda: Bucket(limits.group_burst, limits.group_refill_seconds, longest)
        )
        self._overall = Bucket(limits.overall_burst, limits.overall_refill_seconds, longest)

    def charge(self, chat_id: int, cost: Cost) -> None:
        """Count one call, or raise the 429 that Telegram answers with."""
        if cost is Cost.NOTHING:
            return

        buckets = [self._groups[chat_id] if chat_id < 0 else self._private[chat_id]]
        if cost is Cost.MESSAGE:
            buckets.append(self._overall)
        self._take(buckets)

    def charge_inline(self) -> None:
        """Count one edit of a message that is in no chat of the bot."""
        self._take([self._overall])

    def _take(self, buckets: "list[Bucket]") -> None:
        now = self._clock()
        seconds = max(bucket.refuses_for(now) for bucket in buckets)
        if seconds:
            self.refusals += 1
            raise too_many_requests(seconds)

        for bucket in buckets:
            bucket.take()


class Bucket:
    """A leaky bucket with a penalty for calls that come before its time is over."""

    def __init__(self, burst: int, refill_seconds: float, longest_wait_seconds: int) -> None:
        self._burst = burst
        self._refill_seconds = refill_seconds
        self._longest_wait_seconds = longest_wait_seconds
        self._left = float(burst)
        self._filled_at = -math.inf
        self._closed_until = -math.inf
        self._penalty = 0

    def refuses_for(self, now: float) -> int:
        """Whole seconds that a call made now has to wait; 0 when it is welcome."""
        self._refill(now)
        if now < self._closed_until:
            return self._close(now, min(self._penalty * 2, self._longest_wait_seconds))
        if self._left >= 1 - ROUNDING:
            return 0

        return self._close(now, math.ceil((1 - self._left) * self._refill_seconds))

    def take(self) -> None:
        self._left -= 1

    def _refill(self, now: float) -> None:
        gained = (now - self._filled_at) / self._refill_seconds
        self._left = min(self._burst, self._left + gained)
        self._filled_at = now

    def _close(self, now: float, seconds: int) -> int:
        self._penalty = seconds
        self._closed_until = now + seconds
        return seconds


def too_many_requests(seconds: int) -> ApiError:
    """Tell how long to wait, in words and as a number."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
