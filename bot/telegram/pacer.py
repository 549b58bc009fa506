"""How often the bot may speak in one chat, so that Telegram never has to refuse.

Telegram allows about one message a second in a chat and twenty a minute in a group, edits,
drafts and chat actions included, and thirty new messages a second in all chats together
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from aiolimiter import AsyncLimiter

MOST_NEW_MESSAGES = 28
"""A second, in all chats together."""
MAX_IDLE_CHATS = 1_000
"""Chats remembered before those that have long been quiet are let go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """One call every so many seconds, after a burst."""

    interval_seconds: float
    burst: int


PRIVATE = Pace(interval_seconds=1.05, burst=2)
GROUP = Pace(interval_seconds=3.55, burst=3)


def pace_of(chat_id: int) -> Pace:
    """Groups and channels have negative ids."""
    return GROUP if chat_id < 0 else PRIVATE


class Pacer:
    """Keeps the pace of every chat, by the generic cell rate algorithm."""

    def __init__(self, *, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._paid_until: dict[int, float] = {}
        self._held_until: dict[int, float] = {}
        self._among = 1
        self._new_messages = _limiter(among=1)

    def share(self, among: int) -> None:
        """Leave room for so many programs, this one included, that speak for the same bot."""
        if among != self._among:
            self._among, self._new_messages = among, _limiter(among=among)

    def delay(self, chat_id: int, *, keep: int = 0) -> float:
        """Seconds until a call may go that leaves *keep* more calls in hand."""
        pace = pace_of(chat_id)
        now = self._clock()
        allowance = (pace.burst - 1 - keep) * pace.interval_seconds
        return max(self._paid_until.get(chat_id, now) - allowance - now, 0)

    def take(self, chat_id: int) -> None:
        """Count a call that goes when its delay is over."""
        now = self._clock()
        paid_until = max(self._paid_until.get(chat_id, now), now)
        self._paid_until[chat_id] = paid_until + pace_of(chat_id).interval_seconds
        if len(self._paid_until) > MAX_IDLE_CHATS:
            self._let_go(now)

    def hold(self, chat_id: int, seconds: float) -> None:
        """Keep quiet in a chat, as Telegram demanded; afterwards there is no burst."""
        pace = pace_of(chat_id)
        end = self._clock() + seconds
        empty = end + (pace.burst - 1) * pace.interval_seconds
        self._held_until[chat_id] = end
        self._paid_until[chat_id] = max(self._paid_until.get(chat_id, 0), empty)

    async def admit(self, chat_id: int, *, is_new_message: bool) -> None:
        """Wait until a call may go: first come, first served."""
        is_held = True
        while is_held:
            seconds = self.delay(chat_id)
            self.take(chat_id)
            await asyncio.sleep(seconds)
            # Telegram may have demanded quiet meanwhile: then it takes a new place after that.
            is_held = self._clock() < self._held_until.get(chat_id, 0)
        if is_new_message:
            await self._new_messages.acquire()

    def _let_go(self, now: float) -> None:
        self._paid_until = {chat: at for chat, at in self._paid_until.items() if at > now}
        self._held_until = {chat: at for chat, at in self._held_until.items() if at > now}


def _limiter(*, among: int) -> AsyncLimiter:
    return AsyncLimiter(1, among / MOST_NEW_MESSAGES)
