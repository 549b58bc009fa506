"""Brings a database to the newest migration of this program."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.errors import DatabaseUnusable

SCRIPTS = "bot.storage:migrations"

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
        await connection.run_sync(_take_missing_steps)


def alembic_config(connection: Connection) -> Config:
    """Build what alembic's commands need to work on *connection*, without any ini file."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    return config


def _take_missing_steps(connection: Connection) -> None:
    config = alembic_config(connection)
    steps = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    taken = set(MigrationContext.configure(connection).get_current_heads())

    if unknown := taken - steps:
        message = (
            f"the database is of a newer version of the bot (migration {', '.join(unknown)}): "
            "install that version, or set DATABASE_URL to another database"
        )
        raise DatabaseUnusable(message)

    command.upgrade(config, "head")
    # A database that cannot be written shows it now, not at the first question.
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
