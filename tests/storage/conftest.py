from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from tests.storage.questions import FIRST_MOMENT


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3") as database:
        yield database


@pytest.fixture
def history(database: Database) -> HistoryStore:
    """A store for which a second passes whenever it asks for the time."""
    seconds = count()
    return HistoryStore(database, now=lambda: FIRST_MOMENT + timedelta(seconds=next(seconds)))
