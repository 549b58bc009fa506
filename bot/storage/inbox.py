"""What arrived from Telegram: stored once, and claimed by the replica that holds its chat."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

import structlog
from sqlalchemy import RowMapping, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.clock import utc_now
from bot.model import Arrival, Claimed, StoredUpdate
from bot.storage.async_engine import AsyncConnection
from bot.storage.engine import Database
from bot.storage.holding import (
    UNDONE,
    bury_dead,
    claim_updates,
    give_back,
    is_quiet,
    let_go,
    select_held,
    select_left_open,
    take_chats,
)
from bot.storage.patience import patiently
from bot.storage.shared_clock import SharedClock
from bot.storage.tables import updates

NOTHING = Claimed(taken_over=frozenset(), updates=())

log = structlog.get_logger(__name__)


class InboxStore:
    """The updates of all chats, and which replica sees to them; each method is one transaction.

    A chat is held by one living replica at a time, which alone is given its updates, in order.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] | None = None) -> None:
        self._engine = database.engine
        self._clock = SharedClock(database, now)
        self._now = now or utc_now
        self._unsure = NOTHING

    async def add(self, bot_id: int, arrivals: Sequence[Arrival]) -> int:
        """Store updates in the order given; returns how many had not been stored before."""
        if not arrivals:
            return 0
        now = self._now()
        rows = [
            {
                "bot_id": bot_id,
                "update_id": arrival.update_id,
                "chat_id": arrival.chat_id,
                "body": arrival.body,
                "is_press": arrival.is_press,
                "attempts": 0,
                "received_at": now,
            }
            for arrival in arrivals
        ]
        statement = (
            insert(updates)
            .values(rows)
            .on_conflict_do_nothing(index_elements=[updates.c.bot_id, updates.c.update_id])
            .returning(updates.c.id)
        )
        async with self._engine.begin() as connection:
            return len((await connection.execute(statement)).all())

    async def claim(
        self, replica_id: str, *, bot_id: int, limit: int = 100, presses_only: bool = False
    ) -> Claimed:
        """Take the chats that nobody sees to, and claim up to *limit* updates of those held.

        A replica that is not alive any more gets nothing. What was under way when programs ended
        twice may be the cause: it is handed out one at a time, and closed after the fourth.
        """
        now = self._clock.now()
        async with self._engine.begin() as connection:
            await _undo(connection, replica_id, self._unsure)
            taking = take_chats(replica_id, bot_id, now, presses_only=presses_only)
            buried = (await connection.scalars(bury_dead(replica_id, now))).all()
            taken = (await connection.scalars(taking)).all()
            left_open = await connection.scalars(select_left_open(taken)) if taken else ()
            abandoned = frozenset(left_open)
            claiming = claim_updates(
                replica_id, bot_id, now, limit=limit, presses_only=presses_only
            )
            rows = (await connection.execute(claiming)).mappings().all()
            claimed = Claimed(
                taken_over=abandoned, updates=tuple(_hopeful(rows)), is_more=bool(rows)
            )
            # If the line breaks at the commit, nobody knows whether all this is so.
            self._unsure = _both(self._unsure, claimed)

        self._unsure = NOTHING
        if buried:
            log.warning("replica.buried", replicas=buried)
        return claimed

    @patiently
    async def finish(self, update_id: int) -> None:
        """Note that nothing is left to do for the update in row *update_id*."""
        statement = update(updates).where(updates.c.id == update_id, UNDONE)
        async with self._engine.begin() as connection:
            await connection.execute(statement.values(done_at=self._now(), body=None))

    async def release_quiet(self, replica_id: str, chat_ids: Collection[int]) -> None:
        """Let go of chats, but for those in which something is left to do."""
        async with self._engine.begin() as connection:
            held = (await connection.scalars(select_held(replica_id, chat_ids))).all()
            if held:
                # Only a statement that begins now sees all that was claimed from them.
                await connection.execute(let_go(replica_id, held).where(is_quiet()))

    async def forget_done(self, before: datetime) -> int:
        """Delete the updates that were done before some moment, and return how many."""
        statement = delete(updates).where(updates.c.done_at < before)
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).rowcount

    async def waiting(self) -> int:
        """Count the updates that are not done yet."""
        statement = select(func.count()).select_from(updates).where(UNDONE)
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).scalar_one()


async def _undo(connection: AsyncConnection, replica_id: str, unsure: Claimed) -> None:
    """Give back what may have been claimed without anybody knowing of it."""
    if unsure.updates:
        ids = [update.id for update in unsure.updates]
        await connection.execute(give_back(replica_id).where(updates.c.id.in_(ids)))
    if unsure.taken_over:
        await connection.execute(let_go(replica_id, unsure.taken_over))


def _both(one: Claimed, other: Claimed) -> Claimed:
    return Claimed(
        taken_over=one.taken_over | other.taken_over, updates=one.updates + other.updates
    )


def _hopeful(rows: Iterable[RowMapping]) -> Iterable[StoredUpdate]:
    """Make the updates that rows hold, but for those that were closed."""
    for row in sorted(rows, key=lambda row: row["id"]):
        if row["body"] is None:
            log.error("update.given_up", update=row["update_id"], attempts=row["attempts"] - 1)
            continue
        yield StoredUpdate(
            id=row["id"],
            update_id=row["update_id"],
            chat_id=row["chat_id"],
            body=row["body"],
            attempts=row["attempts"],
        )
