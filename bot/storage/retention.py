"""How long the past is kept, where the owner wants it to end."""

from datetime import datetime

from sqlalchemy import Executable, Select, Update, delete, exists, select, update

from bot.storage.engine import Database
from bot.storage.letting_go import JOB_IS_OVER, NOWHERE, TURN_IS_OVER
from bot.storage.patience import patiently
from bot.storage.tables import expenses, media_jobs, turns

BATCH = 500
"""So many rows go in one transaction, so that nobody waits for long."""


class RetentionStore:
    """Deletes what is older than the owner wants to keep; each batch is one transaction."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    @patiently
    async def delete_before(self, moment: datetime) -> int:
        """Delete the questions and orders that ended before *moment*, and return how many.

        What was spent on the days before stays in the sums, but is nobody's any more.
        """
        await self._repeat(_disown_expenses(moment))
        deleted_turns = await self._repeat(delete(turns).where(turns.c.id.in_(_old_turns(moment))))
        old_jobs = _old_jobs(moment)
        deleted_jobs = await self._repeat(
            _orphan_jobs(old_jobs), delete(media_jobs).where(media_jobs.c.id.in_(old_jobs))
        )
        return deleted_turns + deleted_jobs

    async def _repeat(self, *statements: Executable) -> int:
        """Carry the statements out until the last of them finds no whole batch; add it up."""
        changed = 0
        while True:
            async with self._engine.begin() as connection:
                for statement in statements:
                    found = (await connection.execute(statement)).rowcount
            changed += found
            if found < BATCH:
                return changed


def _disown_expenses(moment: datetime) -> Update:
    """Build the letting go of one batch."""
    old = (
        select(expenses.c.id)
        .where(expenses.c.chat_id != NOWHERE, expenses.c.day < moment.date())
        .order_by(expenses.c.id)
        .limit(BATCH)
    )
    return update(expenses).where(expenses.c.id.in_(old)).values(person_id=None, chat_id=NOWHERE)


def _old_turns(moment: datetime) -> Select[int]:
    return (
        select(turns.c.id)
        .where(turns.c.finished_at < moment, TURN_IS_OVER)
        .order_by(turns.c.finished_at, turns.c.id)
        .limit(BATCH)
    )


def _old_jobs(moment: datetime) -> Select[int]:
    """Select those that ended before; they were all created before, which an index finds.

    One that is being repeated stays, lest the other loses the message that it replies to.
    """
    repeating = media_jobs.alias("repeating")
    is_repeated = exists().where(
        repeating.c.again_of == media_jobs.c.id, repeating.c.due_at.is_not(None)
    )
    return (
        select(media_jobs.c.id)
        .where(
            media_jobs.c.created_at < moment,
            media_jobs.c.finished_at < moment,
            JOB_IS_OVER,
            ~is_repeated,
        )
        .order_by(media_jobs.c.created_at, media_jobs.c.id)
        .limit(BATCH)
    )


def _orphan_jobs(old_jobs: Select[int]) -> Update:
    """Build the parting of orders from those that they repeat.

    Their message is that of the first one, as which another may still be there.
    """
    return (
        update(media_jobs)
        .where(media_jobs.c.again_of.in_(old_jobs))
        .values(again_of=None, message_id=None)
    )
