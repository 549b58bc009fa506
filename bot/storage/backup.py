"""Copies a SQLite database while the bot goes on working with it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.storage import sqlite
from bot.storage.errors import DatabaseUnusable


def back_up(source: Path, copy: Path) -> None:
    """Make a copy as of one moment: a whole database in a single file, or no file at all.

    Raises DatabaseUnusable.
    """
    _refuse_to_spoil(source, copy)
    try:
        with TemporaryDirectory(dir=copy.parent, prefix=f".{copy.name}.") as folder:
            unfinished = Path(folder, copy.name)
            unfinished.touch(mode=0o600)  # as private as what people said
            _copy(source, unfinished)
            _check(unfinished)
            _flush(unfinished)
            unfinished.rename(copy)
            _flush(copy.parent)
    except sqlite3.Error as error:
        raise sqlite.explain(error, source) from error
    except OSError as error:
        message = f"cannot write {copy} ({error.strerror}): name a file in another folder"
        raise DatabaseUnusable(message) from error


def _refuse_to_spoil(source: Path, copy: Path) -> None:
    if not source.is_file():
        message = f"there is no database at {source}: start the bot once, or set DATABASE_URL"
        raise DatabaseUnusable(message)
    # SQLite would take whatever has one of these names for its own.
    beside = (source.with_name(f"{source.name}{end}") for end in ("", "-wal", "-shm", "-journal"))
    if os.path.lexists(copy) or copy.resolve() in {file.resolve() for file in beside}:
        message = f"{copy} is taken: name a file that does not exist yet"
        raise DatabaseUnusable(message)


def _copy(source: Path, copy: Path) -> None:
    # A reader and the writer do not wait for each other: the log beside the file sees to that.
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=rw", uri=True)) as original,
        closing(sqlite3.connect(copy)) as duplicate,
    ):
        original.execute("PRAGMA busy_timeout = 20000")
        original.backup(duplicate)
        # Without a log of its own, the copy is complete by itself and can be read anywhere.
        duplicate.execute("PRAGMA journal_mode = DELETE")


def _check(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        message = f"the copy was not kept, since the database is damaged: {verdict}"
        raise DatabaseUnusable(message)


def _flush(place: Path) -> None:
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
