"""The life sign of this replica, by which others know that it still sees to its chats."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from time import monotonic

from bot.storage.replicas import ReplicaStore
from bot.workers.supervisor import contain, supervise

LEASE = timedelta(seconds=15)
"""After so long without a life sign others take the chats of a replica over."""
BEAT_SECONDS = 2.0
FIRST_PAUSE_SECONDS = 0.2


class ReplicaLost(Exception):
    """Others have taken this replica for dead, and see to its chats: it must not go on."""

    def __init__(self) -> None:
        super().__init__(
            "other replicas have taken over: this one was paused, or the database out of reach"
        )


class Presence:
    """Says again and again that this replica is alive; *on_beat* hears how many there are."""

    def __init__(
        self,
        replicas: ReplicaStore,
        replica_id: str,
        *,
        on_beat: Callable[[int], Awaitable[None]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._replicas = replicas
        self._replica_id = replica_id
        self._on_beat = on_beat
        self._clock = clock
        self._lasts_until = clock() + LEASE.total_seconds()

    def is_sure(self) -> bool:
        """Say whether nobody can have taken this replica for dead yet, however long it slept."""
        return self._clock() < self._lasts_until

    async def run(self) -> None:
        """Keep the replica alive until cancelled; raises ReplicaLost in a group if that fails."""
        async with asyncio.TaskGroup() as tasks:
            beat: asyncio.Task[None] | None = None
            while True:
                alive = await self._renew()
                # Whoever hears of it may be slow, which must not cost the replica its life.
                if beat is None or beat.done():
                    beat = tasks.create_task(contain("beat", self._on_beat(alive)))
                await asyncio.sleep(BEAT_SECONDS)

    async def _renew(self) -> int:
        """Renew the lease while it lasts, and count those who are alive."""
        alive: int | None = None

        async def renew() -> None:
            nonlocal alive
            asked_at = self._clock()
            alive = await self._replicas.renew(self._replica_id, lease=LEASE)
            if alive is not None:
                self._lasts_until = asked_at + LEASE.total_seconds()

        with suppress(TimeoutError):
            async with asyncio.timeout(LEASE.total_seconds() - BEAT_SECONDS):
                await supervise("life_sign", renew, first_pause_seconds=FIRST_PAUSE_SECONDS)
        if alive is None:
            raise ReplicaLost
        return alive
