"""What people were told once, so that they are not told it again."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.clock import utc_now
from bot.storage.engine import Database
from bot.storage.tables import notices


class NoticeStore:
    """Notes of what was told, by kind and what it is about; each method is one transaction."""

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = database.engine
        self._now = now

    async def take(self, kind: str, about: str, *, unless_since: datetime | None = None) -> bool:
        """Note that something is told now; True for one caller alone, who is to tell it.

        It is told once, or again when it was told before *unless_since*.
        """
        told = insert(notices).values(kind=kind, about=about, told_at=self._now())
        if unless_since is None:
            statement = told.on_conflict_do_nothing()
        else:
            statement = told.on_conflict_do_update(
                index_elements=[notices.c.kind, notices.c.about],
                set_={"told_at": told.excluded.told_at},
                where=notices.c.told_at < unless_since,
            )
        async with self._engine.begin() as connection:
            taken = await connection.execute(statement.returning(notices.c.kind))
            return taken.first() is not None

    async def forget(self, kind: str, about: str | None = None) -> bool:
        """Let it be told again: about one thing, or about everything of a kind.

        True for one caller alone where there was something to forget.
        """
        statement = delete(notices).where(notices.c.kind == kind)
        if about is not None:
            statement = statement.where(notices.c.about == about)
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).rowcount > 0
