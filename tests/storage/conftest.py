"""What the stores are tested with, on both kinds of database."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore
from bot.storage.preferences import PreferenceStore
from bot.storage.replicas import ReplicaStore
from bot.storage.retention import RetentionStore
from tests.postgresql import Cluster, Lend, reusing
from tests.storage.orders import Clock
from tests.storage.questions import FIRST_MOMENT

SLOW_CLOCK = (
    "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS "
    "$$ SELECT pg_catalog.clock_timestamp() - interval '1 hour' $$"
)


@pytest.fixture(scope="session")
async def lend_postgresql(postgresql: Cluster) -> AsyncIterator[Lend]:
    async with reusing(postgresql) as lend:
        yield lend


@pytest.fixture
async def postgresql_database(lend_postgresql: Lend) -> AsyncIterator[Database]:
    async with lend_postgresql() as database:
        yield database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """Each kind of database in turn."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture
def new_sqlite_url(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path}/new.sqlite3"


@pytest.fixture
async def new_postgresql_url(postgresql: Cluster) -> AsyncIterator[str]:
    async with postgresql.new_database(template="template0") as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest) -> str:
    """The address of a database that has no tables yet, of each kind in turn."""
    url: str = request.getfixturevalue(f"new_{request.param}_url")
    return url


@pytest.fixture
def history(database: Database) -> HistoryStore:
    """A store for which a second passes whenever it asks for the time."""
    seconds = count()
    return HistoryStore(database, now=lambda: FIRST_MOMENT + timedelta(seconds=next(seconds)))


@pytest.fixture
async def slow_database(postgresql_url: str) -> AsyncIterator[Database]:
    """A database on a machine whose clock is an hour slow."""
    async with Database(postgresql_url) as database, database.engine.begin() as connection:
        await connection.execute(text(SLOW_CLOCK))
        name = database.engine.url.database
        await connection.execute(
            text(f"ALTER DATABASE {name} SET search_path = public, pg_catalog")
        )
    # Whoever connects from now on is told the time of that clock.
    async with Database(postgresql_url) as database:
        yield database


@pytest.fixture
def url(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@pytest.fixture
async def databases(database: Database, url: str) -> AsyncIterator[tuple[Database, Database]]:
    """One database as two programs have it."""
    async with Database(url) as other:
        yield database, other


@pytest.fixture
def ledger(database: Database, clock: Clock) -> LedgerStore:
    return LedgerStore(database, now=clock)


@pytest.fixture
def access(database: Database, clock: Clock) -> AccessStore:
    return AccessStore(database, now=clock)


@pytest.fixture
def notices(database: Database, clock: Clock) -> NoticeStore:
    return NoticeStore(database, now=clock)


@pytest.fixture
def inbox(database: Database, clock: Clock) -> InboxStore:
    return InboxStore(database, now=clock)


@pytest.fixture
def replicas(database: Database, clock: Clock) -> ReplicaStore:
    return ReplicaStore(database, now=clock)


@pytest.fixture
def preferences(database: Database, clock: Clock) -> PreferenceStore:
    return PreferenceStore(database, now=clock)


@pytest.fixture
def erasures(database: Database, clock: Clock) -> ErasureStore:
    return ErasureStore(database, now=clock)


@pytest.fixture
def retention(database: Database) -> RetentionStore:
    return RetentionStore(database)
