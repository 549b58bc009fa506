"""The queue of updates that a bot fetches by long polling."""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Collection, Mapping

from bot.sandbox.telegram.change import Change
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.model import JsonObject

FIRST_UPDATE_ID = 710_000_001
CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
UNASKED = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Keeps updates until the bot confirms them by asking for later ones."""

    def __init__(self, change: Change) -> None:
        self.last_poll: float | None = None
        self.polls = 0
        """How many `getUpdates` have come so far; the newest ends all earlier ones."""
        self._change = change
        self._ids = itertools.count(FIRST_UPDATE_ID)
        self._waiting: deque[tuple[int, JsonObject]] = deque()
        self._wanted: frozenset[str] = frozenset()
        self._arrived = asyncio.Event()
        self._closed = False

    def push(self, update: Mapping[str, object]) -> bool:
        """Queue an update, unless the bot did not want its kind when it last asked."""
        if not all(self._is_wanted(kind) for kind in update):
            return False

        update_id = next(self._ids)
        self._waiting.append((update_id, {"update_id": update_id, **update}))
        self._wake()
        return True

    async def poll(
        self, *, offset: int, limit: int, seconds: float, wanted: Collection[str] | None
    ) -> list[JsonObject]:
        """Wait for updates from *offset* on; a poll that comes later ends this one with 409."""
        if wanted is not None:
            self._wanted = frozenset(wanted)
        self._forget_before(offset)
        turn = self._take_turn()

        deadline = time.monotonic() + seconds
        while not self._waiting and not self._closed and turn == self.polls:
            if not await self._arrival(deadline - time.monotonic()):
                break

        if turn != self.polls:
            raise ApiError(409, CONFLICT)
        return [update for _, update in itertools.islice(self._waiting, limit)]

    def drop(self) -> None:
        self._waiting.clear()

    def close(self) -> None:
        """End all long polls, and answer new ones at once."""
        self._closed = True
        self._wake()

    def open(self) -> None:
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def _is_wanted(self, kind: str) -> bool:
        return kind in self._wanted if self._wanted else kind not in UNASKED

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            offset = self._waiting[offset][0] if -offset <= len(self._waiting) else 0
        while self._waiting and self._waiting[0][0] < offset:
            self._waiting.popleft()

    def _take_turn(self) -> int:
        self.polls += 1
        self.last_poll = time.monotonic()
        self._wake()
        self._change.announce()
        return self.polls

    async def _arrival(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._arrived.wait()
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        self._arrived.set()
        self._arrived = asyncio.Event()
