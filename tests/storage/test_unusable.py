import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.storage.engine import Database
from bot.storage.errors import DatabaseUnusable
from bot.storage.sqlite import explain

NOBODY = 65534


def address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def permit(path: Path, mode: int) -> None:
    path.chmod(mode)


async def complaint(file: Path) -> str:
    database = Database(address(file))
    with pytest.raises(DatabaseUnusable) as raised:
        await database.open()
    message = str(raised.value)
    assert "\n" not in message
    return message


@contextmanager
def bound_by_permissions() -> Iterator[None]:
    """Be somebody whom permissions bind, also where the tests run as root."""
    user = os.geteuid()
    if user != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody can reach, unlike tmp_path."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


async def test_a_folder_of_somebody_else_is_named_with_its_remedy(folder: Path) -> None:
    permit(folder, 0o555)

    with bound_by_permissions():
        user, message = os.geteuid(), await complaint(folder / "bot.sqlite3")

    remedy = f"chmod u+rwx {folder}" if user == os.getuid() else f"sudo chown {user} {folder}"
    assert message == f"cannot write to {folder}: run `{remedy}`"


async def test_a_folder_that_cannot_be_made_is_named_with_its_remedy(folder: Path) -> None:
    permit(folder, 0o555)
    missing = folder / "my data"

    with bound_by_permissions():
        user, message = os.geteuid(), await complaint(missing / "bot.sqlite3")

    assert message == f"cannot write to {missing}: run `sudo install -d -o {user} '{missing}'`"


async def test_a_read_only_file_is_named_with_its_remedy(folder: Path) -> None:
    file = folder / "bot.sqlite3"
    async with Database(address(file)):
        pass
    permit(file, 0o444)
    permit(folder, 0o777)

    with bound_by_permissions():
        user, message = os.geteuid(), await complaint(file)

    remedy = f"sudo chown {user} {file}* && sudo chmod u+rw {file}*"
    assert message == f"cannot write to {file}: run `{remedy}`"


async def test_a_folder_that_refuses_even_root_is_named() -> None:
    message = await complaint(Path("/proc/elumenta/bot.sqlite3"))

    assert message.startswith("cannot write to /proc/elumenta")


async def test_a_file_in_place_of_a_folder_is_named_with_its_remedy(tmp_path: Path) -> None:
    culprit = tmp_path / "data"
    culprit.touch()

    messages = [
        await complaint(culprit / "bot.sqlite3"),
        await complaint(culprit / "deep" / "bot.sqlite3"),
    ]

    expected = f"{culprit} is not a folder: run `mv {culprit} {culprit}.old`"
    assert messages == [expected, expected]


async def test_a_link_to_nowhere_is_named_with_its_remedy(tmp_path: Path) -> None:
    link = tmp_path / "data"
    link.symlink_to(tmp_path / "nowhere")

    message = await complaint(link / "bot.sqlite3")

    assert message == f"{link} is not a folder: run `mv {link} {link}.old`"


async def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    message = await complaint(tmp_path)

    assert message.startswith(f"{tmp_path} is a folder: set DATABASE_URL to a file")


async def test_a_file_that_is_no_database_is_kept_and_named(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    file.write_text("Dear diary, " * 1000)

    message = await complaint(file)

    assert message == f"{file} is not a database: run `mv {file} {file}.old` to start a new one"
    assert file.read_text().startswith("Dear diary")


async def test_a_damaged_database_is_named_with_its_remedy(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    async with Database(address(file)):
        pass
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))

    message = await complaint(file)

    assert message.startswith(f"{file} is damaged: restore a copy, or run `sqlite3 {file}")


async def test_the_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    async with Database(address(file)):
        pass
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    message = await complaint(file)

    assert message.startswith("the database is of a newer version of the bot (migration 9999)")


async def test_the_database_of_another_program_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE turns (theirs TEXT)")

    message = await complaint(file)

    assert message == f"cannot use {file}: table turns already exists"


def test_a_database_that_another_program_keeps_is_named(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    with (
        closing(sqlite3.connect(file)) as theirs,
        closing(sqlite3.connect(file, timeout=0)) as ours,
    ):
        theirs.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as locked:
            ours.execute("BEGIN IMMEDIATE")

    unusable = explain(locked.value, file)

    assert str(unusable).startswith(f"another program keeps {file} locked")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "data/bot.sqlite3",
        "mysql://user:secret@host/name",
        "sqlite:///data/bot.sqlite3",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "postgresql+nonsense://user:secret@host/name",
        "postgresql+asyncpg://user:secret@host:port/name",
    ],
)
def test_an_address_that_cannot_be_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(DatabaseUnusable, match="DATABASE_URL") as raised:
        Database(url)

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("kind", ["postgresql", "postgresql+psycopg2"])
def test_an_address_with_another_driver_is_refused_with_the_right_one(kind: str) -> None:
    with pytest.raises(DatabaseUnusable) as raised:
        Database(f"{kind}://user:secret@host/name")

    expected = f"DATABASE_URL begins with {kind}://: write postgresql+asyncpg://"
    assert str(raised.value) == expected
