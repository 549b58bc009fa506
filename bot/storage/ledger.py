"""What people and groups spend, and what the owner lets each of them spend on a day."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from operator import attrgetter

from sqlalchemy import BigInteger, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.clock import utc_now
from bot.model import DailyUse, Spending, SpentByKind, Usage
from bot.storage.engine import Database
from bot.storage.ledger_reading import (
    read_spending,
    select_by_kind,
    select_daily_use,
    select_people_and_chats,
    select_spendings,
)
from bot.storage.tables import expenses, spending_limits


class LedgerStore:
    """Sums of what was spent, and the limits of single subjects; each method is one transaction.

    Expenses themselves are written together with the turns and the jobs that they pay for.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = database.engine
        self._now = now

    async def spendings(self, subjects: Mapping[int, int], *, day: date) -> list[Spending]:
        """Tell what each subject has used of a day; *subjects* are as in `Charge.limits`."""
        if not subjects:
            return []
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select_spendings(subjects, day))).all()
        found = {row.subject_id: read_spending(row) for row in rows}
        return [found[subject_id] for subject_id in subjects]

    async def spent_by_kind(
        self,
        *,
        since: date,
        until: date,
        person_id: int | None = None,
        chat_id: int | None = None,
    ) -> list[SpentByKind]:
        """Sum up the days from *since* to *until*, both included, without what was free."""
        statement = select_by_kind(expenses.c.day.between(since, until))
        if person_id is not None:
            statement = statement.where(expenses.c.person_id == person_id)
        if chat_id is not None:
            statement = statement.where(expenses.c.chat_id == chat_id)

        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return sorted((SpentByKind(**row) for row in rows), key=attrgetter("kind"))

    async def usage(self, *, since: date, until: date) -> Usage:
        """Tell what was asked for on the days from *since* to *until*, both included."""
        within = expenses.c.day.between(since, until)
        async with self._engine.connect() as connection:
            people, chats = (await connection.execute(select_people_and_chats(within))).one()
            rows = (await connection.execute(select_daily_use(within))).mappings().all()
        return Usage(people=people, chats=chats, days=tuple(DailyUse(**row) for row in rows))

    async def set_limit(self, subject_id: int, tokens: int | None) -> None:
        """Let one subject have a limit of its own: 0 for none, None for that of the settings."""
        override = insert(spending_limits).values(
            subject_id=subject_id, tokens=tokens, changed_at=self._now()
        )
        async with self._engine.begin() as connection:
            if tokens is None:
                await connection.execute(
                    delete(spending_limits).where(spending_limits.c.subject_id == subject_id)
                )
                return
            await connection.execute(
                override.on_conflict_do_update(
                    index_elements=[spending_limits.c.subject_id],
                    set_={
                        "tokens": override.excluded.tokens,
                        "changed_at": override.excluded.changed_at,
                    },
                )
            )

    async def limit_of(self, subject_id: int) -> int | None:
        """Return what `set_limit` has set."""
        statement = select(spending_limits.c.tokens).where(
            spending_limits.c.subject_id == subject_id
        )
        async with self._engine.connect() as connection:
            found: int | None = await connection.scalar(statement)
        return found

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Let a group that became a supergroup keep its limit, and what it has used of it.

        A limit that was set for the new one by now comes first. Moving twice is harmless.
        """
        columns = [column.name for column in spending_limits.c]
        known = select(
            literal(new_chat_id, BigInteger),
            spending_limits.c.tokens,
            spending_limits.c.changed_at,
        ).where(spending_limits.c.subject_id == old_chat_id)
        async with self._engine.begin() as connection:
            await connection.execute(
                update(expenses)
                .where(expenses.c.chat_id == old_chat_id)
                .values(chat_id=new_chat_id)
            )
            await connection.execute(
                insert(spending_limits).from_select(columns, known).on_conflict_do_nothing()
            )
            await connection.execute(
                delete(spending_limits).where(spending_limits.c.subject_id == old_chat_id)
            )
