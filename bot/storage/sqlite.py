"""What SQLite needs to serve many tasks: a place it can write to, and a few pragmas."""

import os
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path
from shlex import quote

from sqlalchemy import URL, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
from sqlalchemy.pool import ConnectionPoolEntry

from bot.storage.async_engine import AsyncEngine, create_async_engine
from bot.storage.errors import DatabaseUnusable
from bot.storage.patience import QUEUE_SECONDS

# The wait is for other processes: the tasks of this one never meet a locked database.
PRAGMAS = (
    "PRAGMA busy_timeout = 20000",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)
MOST_SWITCHES = 20
"""How often changing the journal is tried while other programs open the database as well."""


def build_engine(url: URL) -> AsyncEngine:
    """Build an engine with one connection, for which tasks queue up.

    SQLite has a single writer, so more connections would only wait inside SQLite, in no order.
    """
    engine = create_async_engine(
        url,
        hide_parameters=True,  # they are what people said
        pool_size=1,
        max_overflow=0,
        pool_timeout=QUEUE_SECONDS,
        connect_args={"factory": _ReleasingConnection},
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(pragma)
        _switch_to_wal(cursor)
        cursor.close()

    return engine


def prepare_place(file: Path) -> None:
    """Make the folder of *file* and see that it can be written: SQLite keeps a log beside it."""
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (FileExistsError, NotADirectoryError) as error:
        raise _not_a_folder(folder) from error
    except PermissionError as error:
        message = f"cannot write to {folder}: run `{_taking(folder)}`"
        raise DatabaseUnusable(message) from error
    except OSError as error:
        message = (
            f"cannot write to {folder} ({error.strerror}): make it writable, "
            "or set DATABASE_URL to a file elsewhere"
        )
        raise DatabaseUnusable(message) from error

    if file.is_dir():
        message = f"{file} is a folder: set DATABASE_URL to a file, such as one in that folder"
        raise DatabaseUnusable(message)


def explain(error: sqlite3.Error, file: Path) -> DatabaseUnusable:
    """Say in one line why SQLite could not use *file*."""
    name = quote(str(file))
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            command = f"sudo chown {os.geteuid()} {name}* && sudo chmod u+rw {name}*"
            message = f"cannot write to {file}: run `{command}`"
        case sqlite3.SQLITE_NOTADB:
            message = f"{file} is not a database: run `mv {name} {name}.old` to start a new one"
        case sqlite3.SQLITE_CORRUPT:
            command = f"sqlite3 {name} .recover | sqlite3 {name}.recovered"
            message = f"{file} is damaged: restore a copy, or run `{command}`"
        case sqlite3.SQLITE_BUSY:
            message = f"another program keeps {file} locked: run `fuser {name}` to see which"
        case _:
            message = f"cannot use {file}: {error}"
    return DatabaseUnusable(message)


class _ReleasingConnection(sqlite3.Connection):
    """Gives its lock back at once when it is closed.

    A cancelled task leaves the result of its statement unread, and until Python collects that
    statement SQLite keeps the connection, closed as it is, and its lock.
    """

    def close(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # it may be closed already
            self.rollback()
        super().close()


def _switch_to_wal(cursor: DBAPICursor) -> None:
    for _ in range(MOST_SWITCHES):
        with suppress(sqlite3.OperationalError):
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        # Only here SQLite does not wait for other programs, so it is made to, or to say why not.
        cursor.execute("BEGIN IMMEDIATE")
        cursor.execute("ROLLBACK")


def _not_a_folder(folder: Path) -> DatabaseUnusable:
    culprit = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    name = quote(str(culprit))
    return DatabaseUnusable(f"{culprit} is not a folder: run `mv {name} {name}.old`")


def _taking(folder: Path) -> str:
    user = os.geteuid()
    name = quote(str(folder))
    try:
        owner = folder.stat().st_uid
    except OSError:
        return f"sudo install -d -o {user} {name}"
    return f"chmod u+rwx {name}" if owner == user else f"sudo chown {user} {name}"
