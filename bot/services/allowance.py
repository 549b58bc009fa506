"""How many requests the account may still make, as far as the service has told.

The limits hold for an hour and a day, and for all keys of the account together; every answer
tells what is left (page concepts/rate-limits). Whether look-ups count is not documented, so
part of each hour is kept for those of orders that are paid for.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.clock import utc_now
from bot.elumenta import RateLimits

HOUR = timedelta(hours=1)

KEPT = 10
"""One in so many requests of an hour is kept for look-ups."""

DAY_IS_TRIED_AFTER = HOUR
"""Nobody tells when the limit of a day ends: one request finds out, every so often."""

DEFAULT_CLOSING = HOUR
LONGEST_CLOSING = timedelta(days=1)


class Allowance:
    """Follows what the service tells, and counts the requests whose answers are still to come."""

    def __init__(self, *, now: Callable[[], datetime] = utc_now) -> None:
        self.on_their_way = 0
        self._now = now
        self._news: RateLimits | None = None
        self._limits = RateLimits()
        self._hour_ends_at = now()
        self._closed_until = datetime.min.replace(tzinfo=UTC)
        self._day_is_tried_at: datetime | None = None
        self._is_to_be_tried = False

    @property
    def limits(self) -> RateLimits:
        """What the service told last, without an hour that is over."""
        if self._limits.remaining_hour is not None and self._now() >= self._hour_ends_at:
            self._begin_an_hour()
        return self._limits

    @property
    def kept(self) -> int:
        """How many requests of an hour are not for people."""
        return max(1, self._per_hour // KEPT)

    @property
    def for_people(self) -> int:
        """How many requests people can make in an hour, where there is a limit."""
        return max(0, self._per_hour - self.kept)

    @property
    def left(self) -> int | None:
        """How many requests people may make now; None where there is no limit."""
        left = self.limits.remaining_hour
        if self._now() < max(self._closed_until, self._day_is_tried_at or self._closed_until):
            return 0
        if self._is_to_be_tried or self._day_is_tried_at is not None:
            return max(0, 1 - self.on_their_way)
        return None if left is None else max(0, left - self.kept - self.on_their_way)

    @property
    def hour_ahead(self) -> float:
        """How much of the hour is still to come, from 1 to 0."""
        return min(1.0, max(0.0, (self._hour_ends_at - self._now()) / HOUR))

    @property
    def opens_at(self) -> datetime:
        """When requests can be made that cannot be made now, as far as anybody knows."""
        ends = [self._closed_until, self._day_is_tried_at or self._closed_until]
        if not self._is_to_be_tried and self._limits.remaining_hour is not None:
            ends.append(self._hour_ends_at)
        return max(self._now(), *ends)

    def hear(self, news: RateLimits | None) -> None:
        """Take in what the newest answer told; the same object is no news."""
        if news is None or news is self._news:
            return
        self._news = news
        self._is_to_be_tried = False
        if news.remaining_hour is None or news.limit_hour == 0:
            self._limits = replace(news, remaining_hour=None)
        else:
            self._hour_ends_at = news.hour_resets_at or self._guessed_end()
            self._limits = replace(news, hour_resets_at=self._hour_ends_at)
        self._mind_the_day()

    def close(self, seconds: float | None) -> None:
        """Make no requests for so long, since the service refused one; then one finds out."""
        pause = DEFAULT_CLOSING if seconds is None else timedelta(seconds=seconds)
        until = self._now() + min(pause, LONGEST_CLOSING)
        self._closed_until = max(self._closed_until, until)
        self._is_to_be_tried = True

    @property
    def _per_hour(self) -> int:
        return self._limits.limit_hour or self._limits.remaining_hour or 0

    def _begin_an_hour(self) -> None:
        """Count on a whole new hour, before any answer tells of it."""
        self._hour_ends_at = self._now() + HOUR
        self._limits = replace(
            self._limits, remaining_hour=self._per_hour, hour_resets_at=self._hour_ends_at
        )

    def _guessed_end(self) -> datetime:
        """Let the hour end an hour after it was first heard of, where nobody tells."""
        now = self._now()
        return self._hour_ends_at if self._hour_ends_at > now else now + HOUR

    def _mind_the_day(self) -> None:
        left = self._limits.remaining_day
        if left is None or self._limits.limit_day == 0 or left > self.kept:
            self._day_is_tried_at = None
        elif self._day_is_tried_at is None or self._day_is_tried_at <= self._now():
            self._day_is_tried_at = self._now() + DAY_IS_TRIED_AFTER
