"""The queue of updates, which a bot fetches by long polling unless it has a webhook."""

import asyncio
import itertools
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from bot.sandbox.telegram.change import Change
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.model import JsonObject

FIRST_UPDATE_ID = 710_000_001
KEPT_SECONDS = 24 * 60 * 60
KEPT_SHORTER = {"callback_query": 150, "inline_query": 30, "chosen_inline_result": 600}
"""For how many seconds some kinds are kept instead.

They are those of `add_update` in https://github.com/tdlib/telegram-bot-api.
"""
OTHER_POLL = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

PLACES = (("chat",), ("message", "chat"), ("from",), ("user",))
"""Where an update says to whom it belongs, the best place first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Something that the bot has not confirmed to know."""

    id: int
    chat_id: int
    """The chat it belongs to, the person where there is no chat, or 0."""
    expires_at: float
    body: JsonObject


class UpdateQueue:
    """Keeps updates until they expire, or the bot confirms them by asking for later ones."""

    def __init__(self, change: Change, clock: Callable[[], float] = time.monotonic) -> None:
        self.last_poll: float | None = None
        self.polls = 0
        """How many `getUpdates` have come so far; the newest ends all earlier ones."""
        self.fetched = 0
        """How many updates polls have given, those included that were given before."""
        self.wanted: frozenset[str] = frozenset()
        """The kinds that the bot asked for; none when it takes what is usual."""
        self._change = change
        self._clock = clock
        self._ids = itertools.count(FIRST_UPDATE_ID)
        self._waiting: dict[int, Update] = {}
        self._news = asyncio.Event()
        self._turn = 0
        self._conflict = OTHER_POLL
        self._closed = False

    def push(self, update: Mapping[str, object]) -> bool:
        """Queue an update, unless the bot did not want its kind when it last asked."""
        if not all(self._is_wanted(kind) for kind in update):
            return False

        update_id = next(self._ids)
        self._waiting[update_id] = Update(
            id=update_id,
            chat_id=_chat_id(update),
            expires_at=self._clock() + _kept_seconds(update),
            body={"update_id": update_id, **update},
        )
        self.wake()
        return True

    async def poll(
        self, *, offset: int, limit: int, seconds: float, wanted: Collection[str] | None
    ) -> list[JsonObject]:
        """Wait for updates from *offset* on; a poll that comes later ends this one with 409."""
        if wanted is not None:
            self.wanted = frozenset(wanted)
        self._forget_before(offset)
        turn = self._take_turn()

        deadline = time.monotonic() + seconds
        while not self._waiting and not self._closed and turn == self._turn:
            if not await self._arrival(deadline - time.monotonic()):
                break

        if turn != self._turn:
            raise ApiError(409, self._conflict)

        given = [update.body for update in itertools.islice(self._waiting.values(), limit)]
        self.fetched += len(given)
        return given

    def end_polls(self, conflict: str) -> None:
        """End the long poll that is waiting with 409 for this reason."""
        self._turn += 1
        self._conflict = conflict
        self.wake()

    def chat_ids(self) -> list[int]:
        """List the chats that updates wait for, the one that waits longest first."""
        self._forget_old()
        return list(dict.fromkeys(update.chat_id for update in self._waiting.values()))

    def first_of(self, chat_id: int) -> Update | None:
        return next((one for one in self._waiting.values() if one.chat_id == chat_id), None)

    def confirm(self, update_id: int) -> None:
        self._waiting.pop(update_id, None)

    def drop(self) -> None:
        self._waiting.clear()

    def close(self) -> None:
        """End all long polls, and answer new ones at once."""
        self._closed = True
        self.wake()

    def open(self) -> None:
        self._closed = False

    async def news(self) -> None:
        """Wait until an update is pushed, or until all who wait are asked to look again."""
        await self._news.wait()

    def wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def __len__(self) -> int:
        self._forget_old()
        return len(self._waiting)

    def _is_wanted(self, kind: str) -> bool:
        return kind in self.wanted if self.wanted else kind not in UNASKED

    def _forget_before(self, offset: int) -> None:
        self._forget_old()
        ids = list(self._waiting)
        if offset < 0:
            offset = ids[offset] if -offset <= len(ids) else 0
        for update_id in itertools.takewhile(lambda known: known < offset, ids):
            self.confirm(update_id)

    def _forget_old(self) -> None:
        now = self._clock()
        for update in list(self._waiting.values()):
            if update.expires_at < now:
                self.confirm(update.id)

    def _take_turn(self) -> int:
        self.polls += 1
        self.last_poll = time.monotonic()
        self.end_polls(OTHER_POLL)
        self._change.announce()
        return self._turn

    async def _arrival(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self.news()
        except TimeoutError:
            return False
        return True


def _kept_seconds(update: Mapping[str, object]) -> int:
    return min((KEPT_SHORTER.get(kind, KEPT_SECONDS) for kind in update), default=KEPT_SECONDS)


def _chat_id(update: Mapping[str, object]) -> int:
    content = next((value for value in update.values() if isinstance(value, dict)), {})
    for place in PLACES:
        found: object = content
        for name in (*place, "id"):
            found = found.get(name) if isinstance(found, dict) else None
        if isinstance(found, int):
            return found
    return 0
