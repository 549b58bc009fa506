"""Databases on a PostgreSQL of the tests' own."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import Executable, delete, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.engine import Database
from bot.storage.tables import metadata
from tests.postgresql_server import OWNER, running_server

# Faster by far than a new database. The numbers begin anew without a change of the catalogue.
EMPTYING: tuple[Executable, ...] = (
    text("SET LOCAL lock_timeout = '5s'"),
    *(delete(table) for table in reversed(metadata.sorted_tables)),
    text("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"),
)

# Shows whatever is made, changed or dropped.
CATALOGUE = """SELECT concat(
    (SELECT (count(*), max(xmin::text::bigint)) FROM pg_class),
    (SELECT (count(*), max(xmin::text::bigint)) FROM pg_attribute))"""

Lend = Callable[[], AbstractAsyncContextManager[Database]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running server, which lets everybody on this machine do everything."""

    port: int

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://{OWNER}@127.0.0.1:{self.port}/{name}"

    async def prepare(self) -> None:
        """Migrate once, since that takes longer than most tests."""
        await self._run("CREATE DATABASE migrated")
        async with Database(self.url("migrated")):
            pass

    @asynccontextmanager
    async def new_database(self, *, template: str = "migrated") -> AsyncIterator[str]:
        """Lend a database without rows by its address; of `template0` also without tables."""
        name = f"test_{uuid4().hex}"
        await self._run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            await self._run(f"DROP DATABASE {name} WITH (FORCE)")

    async def _run(self, statement: str) -> None:
        engine = create_async_engine(
            self.url(OWNER), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        async with engine.connect() as connection:
            await connection.execute(text(statement))


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Run a server for the length of the block; skip the test where none is installed."""
    with running_server() as port:
        yield Cluster(port=port)


@asynccontextmanager
async def reusing(cluster: Cluster) -> AsyncIterator[Lend]:
    """Lend one database to one after another, each of whom finds it as if it were new."""
    reused = _Reused(cluster)
    try:
        yield reused.lend
    finally:
        await reused.close()


class _Reused:
    """A database that is emptied for each who comes, and replaced when its tables were changed."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._resources = AsyncExitStack()
        self._database: Database | None = None
        self._catalogue = ""

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Database]:
        database = self._database or await self._open()
        yield database
        if not await self._is_emptied(database):
            await self.close()

    async def close(self) -> None:
        self._database = None
        await self._resources.aclose()

    async def _open(self) -> Database:
        url = await self._resources.enter_async_context(self._cluster.new_database())
        database = await self._resources.enter_async_context(Database(url))
        async with database.engine.connect() as connection:
            self._catalogue = await _catalogue_of(connection)
        self._database = database
        return database

    async def _is_emptied(self, database: Database) -> bool:
        try:
            async with database.engine.begin() as connection:
                catalogue = await _catalogue_of(connection)
                for statement in EMPTYING:
                    await connection.execute(statement)
        except DBAPIError:
            return False
        return catalogue == self._catalogue


async def _catalogue_of(connection: AsyncConnection) -> str:
    described: str = (await connection.execute(text(CATALOGUE))).scalar_one()
    return described
