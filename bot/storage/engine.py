"""Opens the database: finds it or makes it, migrates it, and lends its engine to the stores."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Self

from sqlalchemy import URL, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.clock import utc_now
from bot.model import Vital
from bot.storage import sqlite
from bot.storage.async_engine import AsyncEngine
from bot.storage.errors import DatabaseUnusable
from bot.storage.upgrade import find_step, upgrade

ADDRESSES = "sqlite+aiosqlite:///data/bot.sqlite3 or postgresql+asyncpg://user@host/name"
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class Database:
    """The one database of the program; every store works on it.

    Building it touches nothing. `DatabaseUnusable` comes from building it when the address is
    wrong, and from opening it otherwise.
    """

    def __init__(self, url: str) -> None:
        self._url = _parse(url)
        self._is_open = False
        self._engine = self._build_engine()

    @property
    def engine(self) -> AsyncEngine:
        return self._engine

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database."""
        return _file_of(self._url)

    @property
    def is_shared(self) -> bool:
        """Whether programs on several machines may work on it at once."""
        return self.file is None

    async def vital(self) -> Vital:
        """Tell whether the database answers; raises what its driver does."""
        async with self._engine.connect() as connection:
            await connection.execute(select(1))
        return Vital(is_well=True, at=utc_now())

    async def find_step(self) -> str | None:
        """Tell at which migration the database is, None for one without tables; changes nothing.

        Raises DatabaseUnusable, also when nothing can be written.
        """
        try:
            return await find_step(self._engine)
        except (DBAPIError, OSError) as error:
            raise _explain(error, self._url) from error

    async def open(self) -> None:
        """Make the database if there is none, and bring it to the newest migration.

        Several programs may do so at once.
        """
        try:
            if self.file is not None:
                await asyncio.to_thread(sqlite.prepare_place, self.file)
            await upgrade(self._engine)
        except (DBAPIError, OSError) as error:
            raise _explain(error, self._url) from error
        finally:
            # Migrations leave the connection with settings of their own.
            await self._engine.dispose()

        # The pool forgets those who wait for its first connection if the task that makes it is
        # cancelled, so it is made here.
        async with self._engine.connect():
            self._is_open = True

    async def close(self) -> None:
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _build_engine(self) -> AsyncEngine:
        if self.file is not None:
            return sqlite.build_engine(self._url)

        # Its driver stays in memory for good, and most bots do not need it.
        from bot.storage import postgresql  # noqa: PLC0415

        # Whoever starts shall hear at once what is wrong; later a restart is only waited for.
        return postgresql.build_engine(self._url, is_patient=lambda: self._is_open)


def _parse(address: str) -> URL:
    # The address is not repeated: it may contain a password.
    message = f"DATABASE_URL is not an address like {ADDRESSES}"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise DatabaseUnusable(message) from error

    kind = url.get_backend_name()
    if kind not in DRIVERS:
        raise DatabaseUnusable(message)
    if url.drivername != DRIVERS[kind]:
        wrong_driver = f"DATABASE_URL begins with {url.drivername}://: write {DRIVERS[kind]}://"
        raise DatabaseUnusable(wrong_driver)
    if kind == "sqlite" and url.database in {None, "", ":memory:"}:
        no_file = "DATABASE_URL names no file: the bot would forget everything when it stops"
        raise DatabaseUnusable(no_file)
    return url


def _file_of(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database is None:
        return None
    return Path(url.database).absolute()


def _explain(error: DBAPIError | OSError, url: URL) -> DatabaseUnusable:
    cause = error.orig if isinstance(error, DBAPIError) else error
    file = _file_of(url)
    if file is not None and isinstance(cause, sqlite3.Error):
        return sqlite.explain(cause, file)

    address = url.render_as_string(hide_password=True)
    reason = str(cause).partition("\n")[0]
    return DatabaseUnusable(f"cannot use {address}: {reason}")
