"""Brings a database to the newest migration of this program."""

from sqlalchemy import Connection, inspect, text

from bot.storage.async_engine import AsyncEngine

NEWEST_STEP = "0005"
"""Known without alembic, so that alembic is loaded only when a step is missing."""

# Programs that start at the same time migrate one after another. On SQLite foreign keys rest
# meanwhile: a step that rebuilds a table drops the old one, and that would cascade.
LOCKS = {
    "sqlite": ("PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"),
    "postgresql": ("SELECT pg_advisory_xact_lock(5208131)",),
}


async def upgrade(engine: AsyncEngine) -> None:
    """Take the missing steps, all or none of them."""
    async with engine.begin() as connection:
        for statement in LOCKS[engine.dialect.name]:
            await connection.exec_driver_sql(statement)
        await connection.run_sync(_upgrade)


async def find_step(engine: AsyncEngine) -> str | None:
    """Tell the last step that was taken, after a write that is taken back."""
    async with engine.connect() as connection:
        if not await connection.run_sync(_has_steps):
            return None
        written = text("UPDATE alembic_version SET version_num = version_num RETURNING *")
        steps = (await connection.scalars(written)).all()
        await connection.rollback()
    return max(steps, default=None)


def _upgrade(connection: Connection) -> None:
    if not _is_newest(connection):
        # Alembic stays in memory for good, and most starts do not need it.
        from bot.storage.steps import take_missing_steps  # noqa: PLC0415

        take_missing_steps(connection)

    # A database that cannot be written shows it now, not at the first question.
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def _is_newest(connection: Connection) -> bool:
    if not _has_steps(connection):
        return False
    taken = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return taken == [NEWEST_STEP]


def _has_steps(connection: Connection) -> bool:
    return inspect(connection).has_table("alembic_version")
