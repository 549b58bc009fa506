"""Replicas that meet in the middle of a transaction, which only PostgreSQL lets them do."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.util import await_only

from bot.storage.engine import Database
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import BOT, CHAT, LEASE, arrivals, claimed
from tests.storage.orders import Clock

T = TypeVar("T")

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@dataclass(slots=True)
class Machine:
    """A program on a machine of its own, with a clock of its own."""

    database: Database
    clock: Clock
    inbox: InboxStore = field(init=False)
    replicas: ReplicaStore = field(init=False)

    def __post_init__(self) -> None:
        self.inbox = InboxStore(self.database, now=self.clock)
        self.replicas = ReplicaStore(self.database, now=self.clock)


@dataclass(frozen=True, slots=True)
class Pause:
    """Where a transaction stands still: all is done, and nothing is committed."""

    reached: asyncio.Event
    over: asyncio.Event


@pytest.fixture
async def one(postgresql_database: Database) -> Machine:
    machine = Machine(postgresql_database, Clock())
    await machine.replicas.enter("one", lease=LEASE)
    return machine


@pytest.fixture
async def two(postgresql_database: Database) -> AsyncIterator[Machine]:
    url = postgresql_database.engine.url.render_as_string(hide_password=False)
    async with Database(url) as database:
        machine = Machine(database, Clock())
        await machine.replicas.enter("two", lease=timedelta(days=1))
        yield machine


def before_commit(machine: Machine) -> Pause:
    """Let the next transaction of a machine pause before it is committed."""
    pause = Pause(asyncio.Event(), asyncio.Event())

    @event.listens_for(machine.database.engine.sync_engine, "commit", once=True)
    def wait(_: Connection) -> None:
        pause.reached.set()
        await_only(pause.over.wait())

    return pause


async def is_answered(database: Database, task: asyncio.Task[T]) -> bool:
    """Wait until a task is done, or waits for another transaction."""
    async with asyncio.timeout(60), database.engine.connect() as connection:
        while not task.done() and not await connection.scalar(WAITING):
            await connection.rollback()
    return task.done()


async def test_a_chat_that_is_being_let_go_of_is_not_claimed_from(
    one: Machine, two: Machine
) -> None:
    await one.inbox.add(BOT, arrivals(1))
    (update,) = (await one.inbox.claim("one", bot_id=BOT)).updates
    await one.inbox.finish(update.id)
    pause = before_commit(one)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(one.inbox.release_quiet("one", [CHAT]))
        await pause.reached.wait()
        await two.inbox.add(BOT, arrivals(2))
        claiming = tasks.create_task(claimed(one.inbox, "one"))
        await is_answered(two.database, claiming)
        pause.over.set()

    assert claiming.result() == []
    assert await claimed(two.inbox, "two") == [2]


async def test_a_chat_that_is_being_claimed_from_is_not_let_go_of(
    one: Machine, two: Machine
) -> None:
    await one.inbox.add(BOT, arrivals(1))
    await claimed(one.inbox, "one")
    await one.inbox.add(BOT, arrivals(2))
    pause = before_commit(one)

    async with asyncio.TaskGroup() as tasks:
        claiming = tasks.create_task(claimed(one.inbox, "one"))
        await pause.reached.wait()
        letting_go = tasks.create_task(one.inbox.release_quiet("one", [CHAT]))
        was_answered = await is_answered(two.database, letting_go)
        pause.over.set()

    assert was_answered
    assert claiming.result() == [2]
    assert await claimed(two.inbox, "two") == []


async def test_a_new_chat_is_taken_by_one_of_two(one: Machine, two: Machine) -> None:
    await one.inbox.add(BOT, arrivals(1))
    pause = before_commit(one)

    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(claimed(one.inbox, "one"))
        await pause.reached.wait()
        second = tasks.create_task(claimed(two.inbox, "two"))
        await is_answered(two.database, second)
        pause.over.set()

    assert (first.result(), second.result()) == ([1], [])


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_replica_that_claims_is_buried_only_after_that(
    one: Machine, two: Machine, *, is_new: bool
) -> None:
    await one.inbox.add(BOT, arrivals(1))
    if not is_new:
        await claimed(one.inbox, "one")
        await one.inbox.add(BOT, arrivals(2))
    pause = before_commit(one)
    two.clock.tick(LEASE)

    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(claimed(one.inbox, "one"))
        await pause.reached.wait()
        second = tasks.create_task(claimed(two.inbox, "two"))
        await is_answered(two.database, second)
        pause.over.set()

    assert (first.result(), second.result()) == ([1] if is_new else [2], [])
    assert await claimed(two.inbox, "two") == ([1] if is_new else [1, 2])


@pytest.mark.parametrize("is_new", [True, False])
async def test_a_replica_that_is_being_buried_gets_nothing(
    one: Machine, two: Machine, *, is_new: bool
) -> None:
    await claimed(one.inbox, "one")
    if not is_new:
        await one.inbox.add(BOT, arrivals(1))
        await claimed(one.inbox, "one")
    pause = before_commit(two)
    two.clock.tick(LEASE)

    async with asyncio.TaskGroup() as tasks:
        second = tasks.create_task(claimed(two.inbox, "two"))
        await pause.reached.wait()
        await one.inbox.add(BOT, arrivals(2))
        first = tasks.create_task(claimed(one.inbox, "one"))
        await is_answered(one.database, first)
        pause.over.set()

    assert (first.result(), second.result()) == ([], [] if is_new else [1])
    assert await claimed(two.inbox, "two") == [2]


async def test_a_replica_that_says_it_is_alive_is_not_buried(one: Machine, two: Machine) -> None:
    await one.inbox.add(BOT, arrivals(1))
    await claimed(one.inbox, "one")
    pause = before_commit(one)
    two.clock.tick(LEASE)

    async with asyncio.TaskGroup() as tasks:
        renewing = tasks.create_task(one.replicas.renew("one", lease=2 * LEASE))
        await pause.reached.wait()
        claiming = tasks.create_task(claimed(two.inbox, "two"))
        await is_answered(two.database, claiming)
        pause.over.set()

    assert renewing.result() == 2
    assert claiming.result() == []
    assert await claimed(two.inbox, "two") == []


async def test_a_replica_that_is_being_buried_says_too_late_that_it_is_alive(
    one: Machine, two: Machine
) -> None:
    await one.inbox.add(BOT, arrivals(1))
    await claimed(one.inbox, "one")
    pause = before_commit(two)
    two.clock.tick(LEASE)

    async with asyncio.TaskGroup() as tasks:
        claiming = tasks.create_task(claimed(two.inbox, "two"))
        await pause.reached.wait()
        renewing = tasks.create_task(one.replicas.renew("one", lease=LEASE))
        await is_answered(one.database, renewing)
        pause.over.set()

    assert renewing.result() is None
    assert claiming.result() == [1]


async def test_what_a_buried_replica_finishes_after_all_is_not_handed_out_again(
    one: Machine, two: Machine
) -> None:
    await one.inbox.add(BOT, arrivals(1))
    (update,) = (await one.inbox.claim("one", bot_id=BOT)).updates
    pause = before_commit(one)
    two.clock.tick(LEASE)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(one.inbox.finish(update.id))
        await pause.reached.wait()
        claiming = tasks.create_task(claimed(two.inbox, "two"))
        await is_answered(two.database, claiming)
        pause.over.set()

    assert claiming.result() == []
    assert await two.inbox.waiting() == 0
