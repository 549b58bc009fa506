import asyncio
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from bot.model import ConversationKey, Question, TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from tests.storage.questions import FIRST_MOMENT

KILLED_WRITER = """
import asyncio, os, signal, sys
from datetime import UTC, date, datetime

from bot.model import Charge, ConversationKey, ExpenseKind, Question
from bot.storage.engine import Database
from bot.storage.history import HistoryStore

CHARGE = Charge(
    kind=ExpenseKind.ANSWER, model="gpt-5", tokens=2, day=date(2026, 11, 21), limits={}
)


async def main() -> None:
    async with Database(sys.argv[1]) as database:
        key = ConversationKey(chat_id=42)
        question = Question(
            key=key,
            message_id=1,
            person_id=42,
            language="en",
            asked_at=datetime.now(UTC),
            prompt="Hello",
        )
        turn = await HistoryStore(database).add(question)
        await HistoryStore(database).begin(turn.id, CHARGE)
        os.kill(os.getpid(), signal.SIGKILL)


asyncio.run(main())
"""


def address(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_missing_folders_are_made(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "data" / "bot.sqlite3"

    async with Database(address(file)):
        pass

    assert names_in(file.parent) == ["bot.sqlite3"]


async def test_connections_to_sqlite_are_prepared(sqlite_database: Database) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")

    async with sqlite_database.engine.connect() as connection:
        values = [await connection.scalar(text(f"PRAGMA {name}")) for name in names]

    assert values == ["wal", 1, 1, 20_000]


async def test_closing_leaves_a_single_file(tmp_path: Path) -> None:
    async with Database(address(tmp_path / "bot.sqlite3")) as database:
        await HistoryStore(database).take_over([42])

    assert names_in(tmp_path) == ["bot.sqlite3"]


async def test_what_was_written_survives_a_kill(new_url: str) -> None:
    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", KILLED_WRITER, new_url], check=False
    )

    async with Database(new_url) as database:
        turn = await HistoryStore(database).get(1)
    assert killed.returncode == -signal.SIGKILL
    assert turn is not None
    assert (turn.question.prompt, turn.state) == ("Hello", TurnState.ASKING)


async def test_a_second_opening_keeps_everything(new_url: str) -> None:
    question = Question(
        key=ConversationKey(chat_id=42),
        message_id=1,
        person_id=42,
        language="en",
        asked_at=FIRST_MOMENT,
        prompt="Hello",
    )
    async with Database(new_url) as database:
        turn = await HistoryStore(database).add(question)

    async with Database(new_url) as database:
        found = await HistoryStore(database).get(1)

    assert found is not None
    assert found == turn
