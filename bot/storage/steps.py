"""The migrations themselves, taken by alembic."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.storage.errors import DatabaseUnusable

SCRIPTS = "bot.storage:migrations"


def alembic_config(connection: Connection) -> Config:
    """Build what alembic's commands need to work on *connection*, without any ini file."""
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    return config


def take_missing_steps(connection: Connection) -> None:
    """Bring the database to the newest step; refuse one that is ahead of this program."""
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
