import asyncio
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select, text

from bot.operating.move import move
from bot.storage.copying import CARRIED
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.ownership import sole_owner
from bot.storage.replicas import ReplicaStore
from bot.storage.tables import turns
from tests.operating.belongings import BOT_ID, MANY, everything_in, fill
from tests.postgresql import Cluster
from tests.storage.charges import a_question
from tests.storage.orders import LEASE
from tests.storage.questions import added

KINDS = ("sqlite", "postgresql")

Pair = tuple[str, str]


@pytest.fixture
def sqlite_pair(tmp_path: Path) -> Pair:
    return f"sqlite+aiosqlite:///{tmp_path}/old.sqlite3", f"sqlite+aiosqlite:///{tmp_path}/new/db"


@pytest.fixture
async def postgresql_pair(postgresql: Cluster) -> AsyncIterator[Pair]:
    async with (
        postgresql.new_database(template="template0") as one,
        postgresql.new_database(template="template0") as other,
    ):
        yield one, other


@pytest.fixture(params=list(product(KINDS, KINDS)), ids="-to-".join)
def pair(request: pytest.FixtureRequest) -> Pair:
    """The addresses of a source and a target of each kind, neither of which has tables."""
    sources, targets = (request.getfixturevalue(f"{kind}_pair") for kind in request.param)
    return sources[0], targets[1]


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def moved(source: str, target: str) -> int:
    return await asyncio.to_thread(move, source, target)


async def test_everything_is_carried_over(pair: Pair) -> None:
    source, target = pair
    async with Database(source) as database:
        await fill(database)
        expected = await everything_in(database)

    status = await moved(source, target)

    assert status == 0
    async with Database(target) as database:
        assert await everything_in(database) == expected
    assert all(expected.values())


async def test_what_is_carried_over_is_counted(
    sqlite_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = sqlite_pair
    async with Database(source) as database:
        await fill(database)

    await moved(source, target)

    out, _ = capsys.readouterr()
    *counts, end = out.splitlines()
    told = dict(line.split() for line in counts)
    assert told.keys() == {table.name for table in CARRIED}
    assert (told["turns"], told["updates"]) == ("4", f"{MANY:,}")
    assert end == "All of it is in both databases now: set DATABASE_URL to the new one."


async def test_a_number_is_not_given_again_after_its_row_was_deleted(pair: Pair) -> None:
    source, target = pair
    async with Database(source) as database:
        await fill(database)
        async with database.engine.begin() as connection:
            last = await connection.scalar(select(func.max(turns.c.id)))
            await connection.execute(delete(turns).where(turns.c.id == last))

    await moved(source, target)

    assert last is not None
    async with Database(target) as database:
        assert (await added(HistoryStore(database), a_question())).id > last


async def test_the_first_numbers_of_an_empty_database_are_given(pair: Pair) -> None:
    source, target = pair
    async with Database(source):
        pass

    await moved(source, target)

    async with Database(target) as database:
        assert (await added(HistoryStore(database))).id == 1


async def test_what_was_left_open_is_seen_to_where_it_came(pair: Pair) -> None:
    source, target = pair
    async with Database(source) as database:
        await fill(database)

    await moved(source, target)

    async with Database(target) as database:
        await ReplicaStore(database).enter("new", lease=LEASE)
        claimed = await InboxStore(database).claim("new", bot_id=BOT_ID)
    assert claimed.taken_over
    assert claimed.updates


async def test_a_target_that_is_in_use_is_left_alone(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = pair
    for url in pair:
        async with Database(url) as database:
            await fill(database)
            expected = await everything_in(database)

    status = await moved(source, target)

    assert status == 1
    assert "the target has rows already" in capsys.readouterr().err
    async with Database(target) as database:
        assert await everything_in(database) == expected


async def test_what_does_not_fit_leaves_nothing_behind(
    sqlite_pair: Pair, postgresql_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = sqlite_pair[0], postgresql_pair[1]
    async with Database(source) as database:
        await fill(database)
    async with Database(target) as database, database.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE updates ADD CHECK (chat_id > -1000)"))

    status = await moved(source, target)

    assert status == 1
    assert capsys.readouterr().err.startswith("nothing was carried over: ")
    async with Database(target) as database:
        assert not any((await everything_in(database)).values())


async def test_a_bot_that_runs_on_sqlite_is_not_moved(
    sqlite_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = sqlite_pair
    async with Database(source) as database, sole_owner(database.file):
        status = await moved(source, target)

    assert status == 1
    assert "stop it first" in capsys.readouterr().err


async def test_bots_that_run_on_postgresql_are_not_moved(
    postgresql_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = postgresql_pair
    async with Database(source) as database:
        await ReplicaStore(database).enter("one", lease=LEASE)
        status = await moved(source, target)

    assert status == 1
    assert "bots are at work on" in capsys.readouterr().err


async def test_a_database_is_not_moved_to_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    async with Database("sqlite+aiosqlite:///bot.sqlite3"):
        pass

    status = await moved(
        "sqlite+aiosqlite:///bot.sqlite3",
        f"sqlite+aiosqlite:///{tmp_path}/../{tmp_path.name}/bot.sqlite3",
    )

    assert status == 1
    assert capsys.readouterr().err == "SOURCE_URL and TARGET_URL are the same database\n"


async def test_a_source_that_is_missing_is_not_made(
    sqlite_pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = await moved(*sqlite_pair)

    assert status == 1
    assert capsys.readouterr().err.startswith("SOURCE_URL: there is no database at")
    assert not names_in(tmp_path)


async def test_an_address_that_cannot_be_is_named_by_its_place(
    sqlite_pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    status = await moved(sqlite_pair[0], "mysql://user:secret@host/name")

    assert status == 1
    told = capsys.readouterr().err
    assert told.startswith("TARGET_URL: ")
    assert "secret" not in told
