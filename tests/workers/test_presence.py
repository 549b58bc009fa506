"""A replica says that it is alive, and goes no further once others take it for dead."""

import asyncio

import pytest

from bot.storage.engine import Database
from bot.storage.replicas import ReplicaStore
from bot.workers.presence import LEASE, Presence, ReplicaLost


class Beats:
    """Hears how many are alive, and fails if told to."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.failure: Exception | None = None
        self.came = asyncio.Event()

    async def __call__(self, among: int) -> None:
        self.heard.append(among)
        self.came.set()
        if self.failure is not None:
            raise self.failure


async def test_every_beat_tells_how_many_replicas_are_alive(database: Database) -> None:
    replicas, beats = ReplicaStore(database), Beats()
    for name in ("a", "b"):
        await replicas.enter(name, lease=LEASE)

    async with asyncio.TaskGroup() as tasks:
        beating = tasks.create_task(Presence(replicas, "a", on_beat=beats).run())
        await beats.came.wait()
        beating.cancel()

    assert beats.heard == [2]


async def test_a_beat_that_fails_ends_nothing(database: Database) -> None:
    replicas, beats = ReplicaStore(database), Beats()
    beats.failure = RuntimeError("no")
    await replicas.enter("a", lease=LEASE)

    async with asyncio.TaskGroup() as tasks:
        beating = tasks.create_task(Presence(replicas, "a", on_beat=beats).run())
        await beats.came.wait()
        beats.came.clear()
        await beats.came.wait()
        beating.cancel()

    assert beats.heard == [1, 1]


async def test_a_replica_that_was_given_up_ends(database: Database) -> None:
    replicas, beats = ReplicaStore(database), Beats()
    await replicas.enter("a", lease=LEASE)
    await replicas.clear()

    with pytest.raises(ExceptionGroup) as lost:
        await Presence(replicas, "a", on_beat=beats).run()

    assert [type(one) for one in lost.value.exceptions] == [ReplicaLost]
    assert beats.heard == []


async def test_a_replica_that_slept_is_not_sure_of_itself_before_its_next_life_sign(
    database: Database,
) -> None:
    replicas, beats, seconds = ReplicaStore(database), Beats(), iter((0.0, 15.0, 15.0, 29.0))
    await replicas.enter("a", lease=LEASE)
    presence = Presence(replicas, "a", on_beat=beats, clock=seconds.__next__)

    slept = presence.is_sure()
    async with asyncio.TaskGroup() as tasks:
        beating = tasks.create_task(presence.run())
        await beats.came.wait()
        beating.cancel()
    awake = presence.is_sure()

    assert (slept, awake) == (False, True)
