"""What Telegram sends: stored first, and then handled, each chat by one replica and in order."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic

from bot.model import Arrival, StoredUpdate, Turn
from bot.storage.holding import INNOCENT_ATTEMPTS
from bot.storage.inbox import InboxStore
from bot.workers.supervisor import contain, supervise

ALONE_SECONDS = 30.0
"""Until the inbox is looked at though nothing came: a program that is alone stores all itself."""
TOGETHER_SECONDS = 0.25
"""The same beside other replicas, which store updates of chats that this one holds."""
QUIET_SECONDS = 10.0
"""After so long without work a chat is let go of, for any replica to take."""
MOST_AT_ONCE = 120
"""Updates that were begun lately: each takes memory, and stored ones can wait, but for presses."""
LATELY_SECONDS = 30.0
"""Who has waited for longer, for the account's requests perhaps, keeps nobody else waiting."""
MOST_CLAIMED = 100
CANCEL_SECONDS = 1.0
"""How long a handler that is given up may take to put things in order."""


class Intake:
    """Takes updates in; what has been taken is handled, whatever becomes of this program.

    *recover* gives the turns that were left open in some chats, *resume* goes on with one, and
    *handle* with an update. Both begin their work in the order of the calls.
    """

    def __init__(
        self,
        inbox: InboxStore,
        *,
        bot_id: int,
        replica_id: str,
        is_alone: bool,
        recover: Callable[[Collection[int]], Awaitable[list[Turn]]],
        resume: Callable[[Turn], Awaitable[None]],
        handle: Callable[[StoredUpdate], Awaitable[None]],
        quiet_seconds: float = QUIET_SECONDS,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        self._inbox = inbox
        self._bot_id = bot_id
        self._replica_id = replica_id
        self._rest_seconds = ALONE_SECONDS if is_alone else TOGETHER_SECONDS
        self._recover = recover
        self._resume = resume
        self._handle = handle
        self._quiet_seconds = quiet_seconds
        self._most_at_once = most_at_once
        self._news = asyncio.Event()
        self._is_running = False
        self._is_stopped = False
        self._abandoned: set[int] = set()
        self._claimed: list[StoredUpdate] = []
        self._works: set[asyncio.Task[None]] = set()
        self._lately: set[asyncio.Task[None]] = set()
        self._busy: Counter[int] = Counter()
        self._quiet_since: dict[int, float] = {}

    @property
    def is_open(self) -> bool:
        """Whether updates are handled by this program."""
        return self._is_running and not self._is_stopped

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        """Store updates; when this returns, Telegram may forget them."""
        if arrivals:
            await self._inbox.add(self._bot_id, arrivals)
            self._news.set()

    async def run(self) -> None:
        """Have handled what was taken; ends when stopped, and what is under way has ended."""
        self._is_running = True
        async with asyncio.TaskGroup() as tasks:
            await supervise("intake", partial(self._serve, tasks))

    def stop(self) -> None:
        """Begin nothing any more; what is taken from now on waits for whoever comes next."""
        self._is_stopped = True
        self._news.set()

    async def settle(self, seconds: float) -> None:
        """Wait for what is under way, but not for longer than that."""
        if self._works:
            await asyncio.wait(self._works, timeout=seconds)

    async def drain(self, seconds: float) -> int:
        """Wait for what is under way; returns how much of it was given up."""
        await self.settle(seconds)
        late = frozenset(self._works)
        for work in late:
            work.cancel()
        if late:
            await asyncio.wait(late, timeout=CANCEL_SECONDS)
        return len(late)

    async def _serve(self, tasks: asyncio.TaskGroup) -> None:
        while not self._is_stopped:
            self._news.clear()
            await self._claim()
            await self._go_on_with_abandoned(tasks)
            self._begin_claimed(tasks)
            await self._let_go_of_quiet()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._rest_seconds):
                    await self._news.wait()

    async def _claim(self) -> None:
        room = self._most_at_once - len(self._lately)
        claimed = await self._inbox.claim(
            self._replica_id,
            bot_id=self._bot_id,
            limit=min(room, MOST_CLAIMED) if room > 0 else MOST_CLAIMED,
            presses_only=room <= 0,
        )
        self._abandoned |= claimed.taken_over
        self._claimed.extend(claimed.updates)
        if claimed.is_more:
            self._news.set()

    async def _go_on_with_abandoned(self, tasks: asyncio.TaskGroup) -> None:
        """Go on with turns that nobody saw to any more; the updates of their chats come later."""
        if not self._abandoned:
            return
        turns = await self._recover(frozenset(self._abandoned))
        self._quiet_since |= dict.fromkeys(self._abandoned, monotonic())
        self._abandoned.clear()
        for turn in turns:
            work = contain("turn", self._resume(turn), turn=turn.id)
            self._begin(tasks, turn.question.key.chat_id, work)

    def _begin_claimed(self, tasks: asyncio.TaskGroup) -> None:
        for update in self._claimed:
            self._begin(tasks, update.chat_id, self._see_to(update))
        self._claimed.clear()

    async def _see_to(self, update: StoredUpdate) -> None:
        await contain("update", self._handle(update), update=update.update_id)
        await contain("inbox", self._inbox.finish(update.id), update=update.update_id)
        if update.attempts > INNOCENT_ATTEMPTS:
            # It may have been what ended programs before, so the next of these waited for it.
            self._news.set()

    def _begin(
        self, tasks: asyncio.TaskGroup, chat_id: int, work: Coroutine[object, object, None]
    ) -> None:
        task = tasks.create_task(work)
        self._works.add(task)
        self._lately.add(task)
        later = asyncio.get_running_loop().call_later(LATELY_SECONDS, self._make_room, task)
        self._busy[chat_id] += 1
        self._quiet_since.pop(chat_id, None)
        task.add_done_callback(partial(self._end, chat_id, later))

    def _end(self, chat_id: int, later: asyncio.TimerHandle, task: asyncio.Task[None]) -> None:
        later.cancel()
        self._make_room(task)
        self._works.discard(task)
        self._busy[chat_id] -= 1
        if self._busy[chat_id] == 0:
            del self._busy[chat_id]
            self._quiet_since[chat_id] = monotonic()

    def _make_room(self, task: asyncio.Task[None]) -> None:
        was_full = len(self._lately) >= self._most_at_once
        self._lately.discard(task)
        if was_full:
            self._news.set()

    async def _let_go_of_quiet(self) -> None:
        latest = monotonic() - self._quiet_seconds
        quiet = [chat_id for chat_id, since in self._quiet_since.items() if since <= latest]
        if quiet:
            await self._inbox.release_quiet(self._replica_id, quiet)
            for chat_id in quiet:
                del self._quiet_since[chat_id]
