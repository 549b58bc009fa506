"""`python -m bot backup FILE` copies the database while the bot runs."""

import sys
from pathlib import Path
from shlex import quote

from bot.settings import Settings
from bot.storage.backup import back_up
from bot.storage.engine import Database
from bot.storage.errors import DatabaseUnusable

BYTES_OF_A_MEGABYTE = 1_000_000


def backup(settings: Settings, file: Path) -> int:
    """Copy the database to *file* and say so; the result is the exit status."""
    copy = file.absolute()
    try:
        back_up(_file_of(Database(settings.database_url), copy), copy)
    except DatabaseUnusable as failure:
        print(failure, file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return 1

    size = copy.stat().st_size / BYTES_OF_A_MEGABYTE
    print(f"{copy} is a whole copy of the database, {size:,.1f} MB.")  # noqa: T201 - the same
    return 0


def _file_of(database: Database, copy: Path) -> Path:
    if database.file is not None:
        return database.file
    name, dump = quote(database.engine.url.database or "postgres"), quote(str(copy))
    command = f"pg_dump --format=custom --file={dump} {name}"
    message = f"the database is PostgreSQL, which has its own way: run `{command}` where it runs"
    raise DatabaseUnusable(message)
