"""The running programs that share the work, and how long each is taken to be alive."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update

from bot.storage.columns import UtcDateTime
from bot.storage.engine import Database
from bot.storage.holding import give_back
from bot.storage.open_turns import let_wait_anew
from bot.storage.shared_clock import SharedClock
from bot.storage.tables import replicas

FOR_EVER = datetime(9999, 12, 31, tzinfo=UTC)


class ReplicaStore:
    """The replicas by their ids, none of which is used twice; each method is one transaction.

    A replica that was buried never lives again: others see to its chats.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] | None = None) -> None:
        self._engine = database.engine
        self._clock = SharedClock(database, now)

    async def enter(self, replica_id: str, *, lease: timedelta | None) -> None:
        """Note a replica that begins; without a lease it lives for ever, being alone."""
        entered = insert(replicas).values(id=replica_id, alive_until=self._until(lease))
        async with self._engine.begin() as connection:
            await connection.execute(entered)

    async def renew(self, replica_id: str, *, lease: timedelta | None) -> int | None:
        """Let a replica live on, and count those alive; None when others have buried this one.

        One that is late lives on where nobody has: its chats are its own until then.
        """
        renewed = (
            update(replicas)
            .where(replicas.c.id == replica_id)
            .values(alive_until=self._until(lease))
            .returning(replicas.c.id)
        )
        alive = select(func.count()).where(replicas.c.alive_until > self._clock.now())
        async with self._engine.begin() as connection:
            if (await connection.execute(renewed)).first() is None:
                return None
            return await connection.scalar(alive)

    async def leave(self, replica_id: str) -> None:
        """Free the chats of a replica that ends; what it gives back did it no harm."""
        async with self._engine.begin() as connection:
            await connection.execute(give_back(replica_id))
            await connection.execute(let_wait_anew(replica_id))
            await connection.execute(delete(replicas).where(replicas.c.id == replica_id))

    async def clear(self) -> None:
        """Forget all replicas: the caller works alone."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(replicas))

    def _until(self, lease: timedelta | None) -> ColumnElement[datetime]:
        return literal(FOR_EVER, UtcDateTime) if lease is None else self._clock.after(lease)
