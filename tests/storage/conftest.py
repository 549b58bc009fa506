from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count

import pytest

from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore
from tests.storage.orders import Clock
from tests.storage.questions import FIRST_MOMENT


@pytest.fixture
def history(database: Database) -> HistoryStore:
    """A store for which a second passes whenever it asks for the time."""
    seconds = count()
    return HistoryStore(database, now=lambda: FIRST_MOMENT + timedelta(seconds=next(seconds)))


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
