"""Replicas that compete for chats, that die, and that let go: no chat ever has two of them."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from random import Random

import pytest

from bot.model import Arrival, StoredUpdate
from bot.storage.engine import Database
from bot.storage.holding import MOST_ATTEMPTS
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import BOT

PROGRAMS = 3
CHATS = range(8)
UPDATES_IN_A_CHAT = 8
LEASE = timedelta(hours=1)
AT_ONCE = timedelta(0)


@pytest.fixture
async def machines(database: Database, url: str) -> AsyncIterator[list[Database]]:
    """One database as several programs have it."""
    async with AsyncExitStack() as resources:
        others = [await resources.enter_async_context(Database(url)) for _ in range(PROGRAMS - 1)]
        yield [database, *others]


@dataclass(slots=True)
class World:
    """What really happens, whatever the database says of it."""

    random: Random
    workers: dict[int, str] = field(default_factory=dict)
    """Who works in a chat at this moment."""
    done: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The updates of each chat, in the order in which they were handled to the end."""
    clashes: list[str] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return sum(map(len, self.done.values())) == len(CHATS) * UPDATES_IN_A_CHAT


class Program:
    """Claims, handles and lets go, and is killed now and then; another takes its place."""

    def __init__(self, name: str, database: Database, world: World) -> None:
        self._ids = (f"{name}.{number}" for number in count())
        self._inbox = InboxStore(database)
        self._replicas = ReplicaStore(database)
        self._world = world

    async def run(self) -> None:
        while not self._world.is_over:
            await self._live(next(self._ids))

    async def _live(self, replica_id: str) -> None:
        await self._replicas.enter(replica_id, lease=LEASE)
        async with asyncio.TaskGroup() as tasks:
            letting_go = tasks.create_task(self._let_go(replica_id))
            for _ in range(self._world.random.randint(1, 12)):
                if not await self._work(replica_id):
                    break
            letting_go.cancel()
        await self._die(replica_id)

    async def _let_go(self, replica_id: str) -> None:
        while True:
            await self._inbox.release_quiet(replica_id, CHATS)

    async def _work(self, replica_id: str) -> bool:
        """Handle what there is; False when the program was killed meanwhile."""
        found = await self._inbox.claim(replica_id, bot_id=BOT, limit=10)
        self._begin(replica_id, found.updates)
        is_mortal = all(update.attempts < MOST_ATTEMPTS for update in found.updates)
        last = {update.chat_id: update.id for update in found.updates}
        for update in found.updates:
            if is_mortal and self._world.random.random() < 0.05:
                return False
            self._world.done[update.chat_id].append(update.update_id)
            if update.id == last[update.chat_id]:
                # From here on the chat may be let go of, and another may begin in it.
                del self._world.workers[update.chat_id]
            await self._inbox.finish(update.id)
        return True

    def _begin(self, replica_id: str, updates: Iterable[StoredUpdate]) -> None:
        for update in updates:
            worker = self._world.workers.setdefault(update.chat_id, replica_id)
            if worker != replica_id:
                self._world.clashes.append(f"{replica_id} and {worker} in {update.chat_id}")

    async def _die(self, replica_id: str) -> None:
        for chat_id, worker in list(self._world.workers.items()):
            if worker == replica_id:
                del self._world.workers[chat_id]
        if self._world.random.random() < 0.5:
            await self._replicas.leave(replica_id)
        else:
            await self._replicas.renew(replica_id, lease=AT_ONCE)


async def arrive(database: Database, chat_id: int) -> None:
    """Let the updates of a chat arrive one after another, some of them twice."""
    inbox = InboxStore(database)
    for number in range(UPDATES_IN_A_CHAT):
        update_id = chat_id * 1000 + number
        arrival = Arrival(update_id=update_id, chat_id=chat_id, body="{}")
        await inbox.add(BOT, [arrival])
        await inbox.add(BOT, [arrival])


@pytest.mark.parametrize("seed", range(3))
async def test_every_update_is_handled_once_and_in_order_by_one_at_a_time(
    machines: list[Database], seed: int
) -> None:
    world = World(random=Random(seed))
    programs = [Program(f"{n}", database, world) for n, database in enumerate(machines)]

    async with asyncio.timeout(120), asyncio.TaskGroup() as tasks:
        for chat_id in CHATS:
            tasks.create_task(arrive(machines[chat_id % PROGRAMS], chat_id))
        for program in programs:
            tasks.create_task(program.run())

    assert world.clashes == []
    assert dict(world.done) == {
        chat_id: [chat_id * 1000 + number for number in range(UPDATES_IN_A_CHAT)]
        for chat_id in CHATS
    }
