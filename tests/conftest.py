"""Databases of the test's own, and a clock for its jobs."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from shutil import copy

import pytest
from hypothesis import settings

from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from tests.postgresql import Cluster, running_cluster
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
async def sqlite_database(tmp_path: Path, empty_database: Path) -> AsyncIterator[Database]:
    file = copy(empty_database, tmp_path / "bot.sqlite3")
    async with Database(f"sqlite+aiosqlite:///{file}") as database:
        yield database


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """A database as most people have it; the stores are tested with the other kind as well."""
    return sqlite_database


@pytest.fixture(scope="session")
async def postgresql() -> AsyncIterator[Cluster]:
    with running_cluster() as cluster:
        await cluster.prepare()
        yield cluster


@pytest.fixture
async def postgresql_url(postgresql: Cluster) -> AsyncIterator[str]:
    async with postgresql.new_database() as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def jobs(database: Database, clock: Clock) -> JobStore:
    return JobStore(database, now=clock)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each reason what was not tested."""
    skipped = [report.longrepr for report in terminalreporter.stats.get("skipped", [])]
    for reason, count in Counter(why[2] for why in skipped).items():
        terminalreporter.write_line(
            f"{count} tests were {reason[0].lower()}{reason[1:]}", red=True
        )
