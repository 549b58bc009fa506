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

TRIED_AGAIN_AFTER = timedelta(seconds=10)
"""While the answer of the one that finds out does not come, another goes every so often."""

DEFAULT_CLOSING = HOUR
LONGEST_CLOSING = timedelta(days=1)

JITTER = timedelta(seconds=2)
"""By how much two answers may differ in when the same hour ends."""

FARTHEST_END = HOUR + timedelta(minutes=5)
"""What is told to end farther away from now is no hour, or the clocks are wrong."""


class Allowance:
    """Follows what the service tells, and counts the requests whose answers are still to come."""

    def __init__(self, *, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._among = 1
        self._on_their_way = 0
        self._last_set_out_at = now()
        self._heard: RateLimits | None = None
        self._news = RateLimits()
        self._limits = RateLimits()
        self._hour_ends_at = now()
        self._closed_until = datetime.min.replace(tzinfo=UTC)
        self._day_is_tried_at: datetime | None = None
        # Nothing is known before the first answer.
        self._is_to_be_tried = True

    def share(self, among: int) -> None:
        """Leave room for so many programs, this one included, with the same account."""
        self._among = among

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
        """How many requests this program may make for people in an hour, if there is a limit."""
        return max(0, self._per_hour - self.kept) // self._among

    @property
    def left(self) -> int | None:
        """How many requests people may make now; None where there is no limit."""
        limits = self.limits
        if self._now() < self._shut_until:
            return 0
        if self.is_tried:
            return int(self._may_find_out())
        told = [left for left in (limits.remaining_hour, limits.remaining_day) if left is not None]
        if not told:
            return None
        return max(0, (min(told) - self.kept) // self._among - self._on_their_way)

    @property
    def is_tried(self) -> bool:
        """Say whether one request has to find out first whether others can be made."""
        return self._is_to_be_tried or self._day_is_tried_at is not None

    @property
    def hour_ahead(self) -> float:
        """How much of the hour is still to come, from 1 to 0."""
        return min(1.0, max(0.0, (self._hour_ends_at - self._now()) / HOUR))

    @property
    def opens_at(self) -> datetime:
        """When requests can be made that cannot be made now, as far as anybody knows."""
        opens_at = max(self._now(), self._shut_until)
        if self._is_to_be_tried or self._limits.remaining_hour is None:
            return opens_at
        return max(opens_at, self._hour_ends_at)

    def set_out(self) -> None:
        """Count a request that is about to be made."""
        self._on_their_way += 1
        self._last_set_out_at = self._now()

    def come_back(self) -> None:
        """Count one whose answer has begun, or will not come."""
        self._on_their_way -= 1

    def hear(self, news: RateLimits | None) -> None:
        """Take in what the newest answer told; the same object is no news."""
        if news is None or news is self._heard:
            return
        self._heard = news
        news = self._sensible(news)
        if _is_overtaken(news, by=self._news):
            return

        self._news = news
        self._is_to_be_tried = False
        self._limits = news
        if news.remaining_hour is not None:
            self._hour_ends_at = news.hour_resets_at or self._guessed_end()
            self._limits = replace(news, hour_resets_at=self._hour_ends_at)
        self._mind_the_day()

    def close(self, seconds: float | None) -> None:
        """Make no requests for so long, since the service refused one; then one finds out."""
        longest = LONGEST_CLOSING.total_seconds()
        pause = DEFAULT_CLOSING if seconds is None else timedelta(seconds=min(seconds, longest))
        self._closed_until = max(self._closed_until, self._now() + pause)
        self._is_to_be_tried = True

    def reopen(self) -> None:
        """Take in that a request was answered: the one that was to find out, or an earlier one."""
        if self._now() >= self._closed_until:
            self._is_to_be_tried = False

    @property
    def _per_hour(self) -> int:
        return self._limits.limit_hour or self._limits.remaining_hour or 0

    @property
    def _shut_until(self) -> datetime:
        return max(self._closed_until, self._day_is_tried_at or self._closed_until)

    def _may_find_out(self) -> bool:
        """Let one find out, and others while its answer hangs, as long as an hour has room."""
        if self._on_their_way == 0:
            return True
        is_hanging = self._now() - self._last_set_out_at >= TRIED_AGAIN_AFTER
        return is_hanging and (not self._per_hour or self._on_their_way < self.for_people)

    def _begin_an_hour(self) -> None:
        """Count on a whole new hour once one request has found out that it has begun."""
        self._hour_ends_at = self._now() + HOUR
        self._limits = replace(
            self._limits,
            remaining_hour=self._limits.limit_hour,
            hour_resets_at=self._hour_ends_at,
        )
        self._is_to_be_tried = True

    def _sensible(self, news: RateLimits) -> RateLimits:
        """Leave out what is no limit (a limit of 0 is none), and an hour that cannot be meant."""
        if news.limit_hour is not None and news.limit_hour <= 0:
            news = replace(news, limit_hour=None, remaining_hour=None)
        if news.limit_day is not None and news.limit_day <= 0:
            news = replace(news, limit_day=None, remaining_day=None)
        ends_at = news.hour_resets_at
        if ends_at is not None and abs(ends_at - self._now()) > FARTHEST_END:
            news = replace(news, hour_resets_at=None)
        return news

    def _guessed_end(self) -> datetime:
        """Let the hour end an hour after it was first heard of, where nobody tells."""
        now = self._now()
        return self._hour_ends_at if self._hour_ends_at > now else now + HOUR

    def _mind_the_day(self) -> None:
        left = self._limits.remaining_day
        if left is None or left > self.kept:
            self._day_is_tried_at = None
        elif self._day_is_tried_at is None or self._day_is_tried_at <= self._now():
            self._day_is_tried_at = self._now() + DAY_IS_TRIED_AFTER


def _is_overtaken(news: RateLimits, *, by: RateLimits) -> bool:
    """Tell an answer that took so long that one to a later request was heard before it."""
    ends_at, known_end = news.hour_resets_at, by.hour_resets_at
    if ends_at is None or known_end is None or news.limit_hour != by.limit_hour:
        return False
    if abs(ends_at - known_end) > JITTER:
        return ends_at < known_end
    return (news.remaining_hour or 0) > (by.remaining_hour or 0)
