from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.clock import utc_now
from bot.storage.engine import Database
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import BOT, LEASE
from tests.storage.orders import Clock

SECOND = timedelta(seconds=1)


async def test_those_who_are_alive_are_counted(replicas: ReplicaStore, clock: Clock) -> None:
    await replicas.enter("one", lease=LEASE)
    clock.tick(LEASE - SECOND)
    await replicas.enter("two", lease=LEASE)

    together = await replicas.renew("two", lease=LEASE)
    clock.tick(SECOND)
    alone = await replicas.renew("two", lease=LEASE)

    assert (together, alone) == (2, 1)


async def test_a_replica_that_is_late_lives_on_unless_it_was_buried(
    replicas: ReplicaStore, inbox: InboxStore, clock: Clock
) -> None:
    for name in ("one", "two"):
        await replicas.enter(name, lease=LEASE)
    clock.tick(2 * LEASE)

    late = await replicas.renew("one", lease=LEASE)
    await inbox.claim("one", bot_id=BOT)
    buried = await replicas.renew("two", lease=LEASE)

    assert (late, buried) == (1, None)


async def test_a_replica_without_a_lease_lives_for_ever(
    replicas: ReplicaStore, clock: Clock
) -> None:
    await replicas.enter("one", lease=None)

    clock.tick(timedelta(days=365_000))

    assert await replicas.renew("one", lease=None) == 1


async def test_a_replica_that_left_is_not_alive(replicas: ReplicaStore) -> None:
    await replicas.enter("one", lease=LEASE)
    await replicas.enter("two", lease=LEASE)

    await replicas.leave("one")
    await replicas.leave("one")

    assert await replicas.renew("one", lease=LEASE) is None
    assert await replicas.renew("two", lease=LEASE) == 1


async def test_whoever_is_alone_forgets_all_others(replicas: ReplicaStore) -> None:
    await replicas.enter("before", lease=None)

    await replicas.clear()
    await replicas.enter("now", lease=None)

    assert await replicas.renew("now", lease=None) == 1
    assert await replicas.renew("before", lease=None) is None


async def test_nobody_enters_as_somebody_else(replicas: ReplicaStore) -> None:
    await replicas.enter("one", lease=LEASE)

    with pytest.raises(IntegrityError):
        await replicas.enter("one", lease=LEASE)


async def test_replicas_live_and_die_without_another_clock_too(database: Database) -> None:
    replicas = ReplicaStore(database)
    await replicas.enter("one", lease=timedelta(hours=1))
    await replicas.enter("dead", lease=timedelta(0))

    assert await replicas.renew("one", lease=LEASE) == 1


async def test_the_clock_of_the_database_counts_and_not_that_of_a_machine(
    slow_database: Database,
) -> None:
    by_machine, shared = ReplicaStore(slow_database, now=utc_now), ReplicaStore(slow_database)
    await by_machine.enter("late", lease=timedelta(minutes=-30))
    await shared.enter("one", lease=timedelta(hours=2))

    alive = [await store.renew("one", lease=timedelta(hours=2)) for store in (shared, by_machine)]

    assert alive == [2, 1]
