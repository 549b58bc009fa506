"""`python -m bot move` carries everything from one database to another."""

import asyncio
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack

from bot.storage.copying import copy_everything
from bot.storage.engine import Database
from bot.storage.errors import DatabaseUnusable
from bot.storage.ownership import sole_owner
from bot.storage.sqlite import prepare_place


def move(source: str, target: str) -> int:
    """Carry everything over and say what; the result is the exit status."""
    try:
        counts = asyncio.run(
            _carry_over(_named("SOURCE_URL", source), _named("TARGET_URL", target))
        )
    except DatabaseUnusable as failure:
        print(failure, file=sys.stderr)  # noqa: T201 - for the person at the terminal
        return 1

    print("\n".join(f"{name:<16}{count:>12,}" for name, count in counts.items()))  # noqa: T201
    print("All of it is in both databases now: set DATABASE_URL to the new one.")  # noqa: T201
    return 0


def _named(name: str, url: str) -> Database:
    try:
        return Database(url)
    except DatabaseUnusable as failure:
        message = f"{name}: {failure}"
        raise DatabaseUnusable(message) from failure


async def _carry_over(source: Database, target: Database) -> Mapping[str, int]:
    _refuse_what_cannot_be(source, target)
    async with AsyncExitStack() as resources:
        for database in (source, target):
            if database.file is not None:
                prepare_place(database.file)
            await resources.enter_async_context(sole_owner(database.file, wait_seconds=0))
            await resources.enter_async_context(database)
        return await copy_everything(source, target)


def _refuse_what_cannot_be(source: Database, target: Database) -> None:
    if source.file is not None and not source.file.is_file():
        message = f"SOURCE_URL: there is no database at {source.file}"
        raise DatabaseUnusable(message)
    if _place(source) == _place(target):
        message = "SOURCE_URL and TARGET_URL are the same database"
        raise DatabaseUnusable(message)


def _place(database: Database) -> object:
    return database.file.resolve() if database.file else database.engine.url
