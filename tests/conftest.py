"""A database of the test's own, and a clock for its jobs."""

from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import settings

from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from tests.storage.orders import Clock

# How long an example takes tells of the machine, not of the program.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
async def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate once, since that takes longer than most tests."""
    file = tmp_path_factory.mktemp("empty") / "bot.sqlite3"
    async with Database(f"sqlite+aiosqlite:///{file}"):
        return file


@pytest.fixture
async def database(tmp_path: Path, empty_database: Path) -> AsyncIterator[Database]:
    file = copy(empty_database, tmp_path / "bot.sqlite3")
    async with Database(f"sqlite+aiosqlite:///{file}") as database:
        yield database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(database: Database, clock: Clock) -> JobStore:
    return JobStore(database, now=clock)
