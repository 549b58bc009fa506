from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.storage.engine import Database
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import LEASE
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


async def test_a_replica_lives_as_long_as_it_says_so(replicas: ReplicaStore, clock: Clock) -> None:
    await replicas.enter("one", lease=LEASE)
    renewed = []

    for pause in (LEASE - SECOND, LEASE - SECOND, LEASE, SECOND):
        clock.tick(pause)
        renewed.append(await replicas.renew("one", lease=LEASE))

    assert renewed == [1, 1, None, None]


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


async def test_without_another_clock_that_of_the_database_is_used(database: Database) -> None:
    replicas = ReplicaStore(database)
    await replicas.enter("one", lease=timedelta(hours=1))
    await replicas.enter("dead", lease=timedelta(0))

    renewed = [await replicas.renew(name, lease=LEASE) for name in ("one", "dead")]

    assert renewed == [1, None]
