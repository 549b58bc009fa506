import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from stat import S_IMODE

import pytest

from bot.operating.backup import backup
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from tests.storage.charges import begun
from tests.storage.questions import added

Load = Callable[..., Settings]

NEVER_TAKEN = ("", "-wal", "-shm", "-journal")


@pytest.fixture
def live(settings: Load, sqlite_database: Database) -> Settings:
    """Settings of a bot that has its database open."""
    return settings(database_url=f"sqlite+aiosqlite:///{sqlite_database.file}")


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def mode_of(file: Path) -> int:
    return S_IMODE(file.stat().st_mode)


async def backed_up(settings: Settings, file: Path) -> int:
    return await asyncio.to_thread(backup, settings, file)


async def test_a_copy_has_everything_in_a_single_file(
    live: Settings, history: HistoryStore, tmp_path: Path
) -> None:
    turn = await added(history)
    folder = tmp_path / "elsewhere"
    folder.mkdir()

    status = await backed_up(live, folder / "copy.sqlite3")

    assert status == 0
    assert names_in(folder) == {"copy.sqlite3"}
    async with Database(f"sqlite+aiosqlite:///{folder}/copy.sqlite3") as restored:
        assert await HistoryStore(restored).get(turn.id) == turn


async def test_a_copy_tells_where_it_is(
    live: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await backed_up(live, Path("copy.sqlite3"))

    said = f"{tmp_path}/copy.sqlite3 is a whole copy of the database, 0.2 MB.\n"
    assert capsys.readouterr() == (said, "")


async def test_a_copy_can_be_read_by_its_owner_alone(live: Settings, tmp_path: Path) -> None:
    file = tmp_path / "copy.sqlite3"

    await backed_up(live, file)

    assert mode_of(file) == 0o600


async def test_a_copy_made_while_the_bot_writes_is_of_one_moment(
    live: Settings, history: HistoryStore, tmp_path: Path
) -> None:
    copies = [tmp_path / f"{number}.sqlite3" for number in range(5)]
    done = asyncio.Event()

    async def write() -> None:
        while not done.is_set():
            await begun(history)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(write())
        statuses = [await backed_up(live, copy) for copy in copies]
        done.set()

    counts = [counted(copy) for copy in copies]
    assert statuses == [0] * len(copies)
    assert all(asking == reserved for asking, reserved in counts)
    assert counts == sorted(counts)


def counted(copy: Path) -> tuple[int, int]:
    """Count what one transaction changes in two tables."""
    with closing(sqlite3.connect(copy)) as connection:
        (asking,) = connection.execute(
            "SELECT count(*) FROM turns WHERE state = 'asking'"
        ).fetchone()
        (reserved,) = connection.execute("SELECT count(*) FROM expenses").fetchone()
    return asking, reserved


async def test_a_file_that_is_there_is_kept(
    live: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "copy.sqlite3"
    file.write_text("precious")

    status = await backed_up(live, file)

    assert status == 1
    assert file.read_text() == "precious"
    complaint = f"{file} is taken: name a file that does not exist yet\n"
    assert capsys.readouterr() == ("", complaint)


@pytest.mark.parametrize("end", NEVER_TAKEN)
async def test_the_files_of_the_database_are_not_written_over(
    live: Settings, sqlite_database: Database, end: str
) -> None:
    await sqlite_database.close()
    file = sqlite_database.file
    assert file is not None

    status = await backed_up(live, file.with_name(f"{file.name}{end}"))

    assert status == 1
    assert names_in(file.parent) == {file.name}


async def test_a_database_that_is_missing_is_not_made(
    settings: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = settings(database_url="sqlite+aiosqlite:///missing.sqlite3")

    status = await backed_up(missing, tmp_path / "copy.sqlite3")

    assert status == 1
    assert names_in(tmp_path) == set()
    assert capsys.readouterr().err.startswith(f"there is no database at {tmp_path}/missing")


async def test_a_copy_of_a_damaged_database_is_not_kept(
    live: Settings, sqlite_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await sqlite_database.close()
    file = sqlite_database.file
    assert file is not None
    whole = file.read_bytes()
    file.write_bytes(whole[:-40960] + b"\xff" * 40960)

    status = await backed_up(live, tmp_path / "copy.sqlite3")

    assert status == 1
    assert "copy.sqlite3" not in names_in(tmp_path)
    assert "damaged" in capsys.readouterr().err


async def test_a_folder_that_is_missing_is_named(
    live: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nowhere" / "copy.sqlite3"

    status = await backed_up(live, file)

    assert status == 1
    assert capsys.readouterr().err.startswith(f"cannot write {file} (No such file or directory)")


async def test_postgresql_is_left_to_its_own_program(
    settings: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = settings(database_url="postgresql+asyncpg://bot:secret@db/elumenta")

    status = await backed_up(theirs, Path("my copy"))

    assert status == 1
    told = capsys.readouterr().err
    assert f"`pg_dump --format=custom --file='{tmp_path}/my copy' elumenta`" in told
    assert "secret" not in told
