"""The hourly and daily limits, and the headers that tell of them."""

import math
import time
from collections.abc import Callable

from pydantic import JsonValue

from bot.sandbox.elumenta.refusals import Refusal

HOUR_SECONDS = 3_600
DAY_SECONDS = 24 * HOUR_SECONDS


class RateLimits:
    """Counts requests of the account; a limit of None lets everything pass.

    Both limits may be set at any time. Without any, as on the Elite plan, the
    headers are absent: no page says what they would be. The hour and the day begin when it is
    built; they end early for a test that cannot wait so long.
    """

    def __init__(
        self,
        *,
        hourly: int | None = None,
        daily: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.hourly = hourly
        self.daily = daily
        self._hour = _Window(HOUR_SECONDS, clock)
        self._day = _Window(DAY_SECONDS, clock)

    def count(self, *, plan: str) -> None:
        """Count one request, or refuse it with 429 and the seconds to wait."""
        waits = [
            window.seconds_left
            for window, limit in ((self._hour, self.hourly), (self._day, self.daily))
            if limit is not None and window.used >= limit
        ]
        if waits:
            raise self.refusal(plan=plan, retry_after=max(waits))
        self._hour.add()
        self._day.add()

    def renew(self) -> None:
        """Begin a new hour and a new day, in which nothing is counted yet."""
        self._hour.renew()
        self._day.renew()

    def end_hour_in(self, seconds: float) -> None:
        """Let this hour end so soon, with all that was counted in it; the next one is whole."""
        self._hour.end_in(seconds)

    def refusal(self, *, plan: str, retry_after: int) -> Refusal:
        """Build the documented 429, whose keys are all at the top level."""
        extra: dict[str, JsonValue] = {
            "retry_after": retry_after,
            "plan": plan,
            "limit_hour": self.hourly or 0,
            "limit_day": self.daily or 0,
        }
        message = f"Rate limit exceeded. Try again in {retry_after} seconds."
        return Refusal(429, message, extra=extra)

    def headers(self) -> dict[str, str]:
        """Tell the limits and what is left of them, as on every answer."""
        told: dict[str, str] = {}
        if self.hourly is not None:
            told["X-RateLimit-Limit-Hour"] = str(self.hourly)
            told["X-RateLimit-Remaining-Hour"] = str(max(0, self.hourly - self._hour.used))
            told["X-RateLimit-Reset-Hour"] = str(self._hour.ends_at)
        if self.daily is not None:
            told["X-RateLimit-Limit-Day"] = str(self.daily)
            told["X-RateLimit-Remaining-Day"] = str(max(0, self.daily - self._day.used))
        return told


class _Window:
    """A span of time that starts anew when it has passed."""

    def __init__(self, seconds: int, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._started = clock()
        self._used = 0

    @property
    def used(self) -> int:
        self._renew_when_over()
        return self._used

    @property
    def ends_at(self) -> int:
        self._renew_when_over()
        return math.ceil(self._started + self._seconds)

    @property
    def seconds_left(self) -> int:
        return max(1, math.ceil(self.ends_at - self._clock()))

    def add(self) -> None:
        self._renew_when_over()
        self._used += 1

    def renew(self) -> None:
        self._started = self._clock()
        self._used = 0

    def end_in(self, seconds: float) -> None:
        self._renew_when_over()
        self._started = self._clock() + seconds - self._seconds

    def _renew_when_over(self) -> None:
        if self._clock() - self._started >= self._seconds:
            self.renew()
