import asyncio
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.model import TurnState
from bot.storage.engine import Database
from bot.storage.errors import DatabaseUnusable
from bot.storage.history import HistoryStore
from bot.storage.steps import alembic_config
from bot.storage.tables import metadata
from bot.storage.upgrade import NEWEST_STEP
from tests.storage.questions import QUESTION, added

OPENER = """
import asyncio, sys

from bot.storage.engine import Database


async def main() -> None:
    async with Database(sys.argv[1]):
        pass


asyncio.run(main())
"""


async def migrate(
    database: Database, take: Callable[[Config, str], None], revision: str
) -> set[str]:
    def tables_after(connection: Connection) -> set[str]:
        take(alembic_config(connection), revision)
        return set(inspect(connection).get_table_names())

    async with database.engine.begin() as connection:
        return await connection.run_sync(tables_after)


async def test_each_step_leads_up_and_down_and_up_again(database: Database) -> None:
    async with database.engine.connect() as connection:
        scripts = await connection.run_sync(
            lambda lent: ScriptDirectory.from_config(alembic_config(lent))
        )
    steps = [step.revision for step in reversed(list(scripts.walk_revisions()))]
    left = await migrate(database, command.downgrade, "base")

    for step in steps:
        before = await migrate(database, command.upgrade, step)
        await migrate(database, command.downgrade, "-1")
        after = await migrate(database, command.upgrade, step)
        assert before == after

    assert left == {"alembic_version"}


async def test_turns_outlive_the_steps_after_their_own(
    database: Database, history: HistoryStore
) -> None:
    turn = await added(history)
    await history.show(turn.id, part=0, message_id=20)

    await migrate(database, command.downgrade, "0001")
    await database.open()

    assert await history.get(turn.id) == replace(turn, message_ids=(20,))


async def test_turns_nobody_is_told_of_count_as_delivered_after_the_fourth_step(
    database: Database, history: HistoryStore
) -> None:
    dropped = await added(history)
    waiting = await added(history, replace(QUESTION, message_id=2))
    await history.finish(dropped.id, TurnState.DROPPED)
    await migrate(database, command.downgrade, "0003")
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE turns SET delivered_at = NULL"))

    await database.open()

    open_turns = await history.take_over([QUESTION.key.chat_id])
    assert open_turns == [replace(waiting, was_asked=False)]


async def test_the_newest_step_is_known_without_alembic(database: Database) -> None:
    async with database.engine.connect() as connection:
        scripts = await connection.run_sync(
            lambda lent: ScriptDirectory.from_config(alembic_config(lent))
        )

    assert scripts.get_current_head() == NEWEST_STEP


def test_a_start_without_missing_steps_does_not_load_alembic(new_url: str) -> None:
    program = f"{OPENER}\nprint('alembic' in sys.modules)"
    start = [sys.executable, "-c", program, new_url]

    first = subprocess.run(start, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    second = subprocess.run(start, capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert (first.stdout.strip(), second.stdout.strip()) == ("True", "False")


def test_the_first_start_does_not_load_the_orm(new_url: str) -> None:
    program = f"{OPENER}\nprint('alembic' in sys.modules, 'sqlalchemy.orm' in sys.modules)"
    start = [sys.executable, "-c", program, new_url]

    first = subprocess.run(start, capture_output=True, text=True, check=True)  # noqa: S603 - ours

    assert first.stdout.strip() == "True False"


async def test_migrations_lead_to_the_tables_of_the_code(database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.engine.connect() as connection:
        found = await connection.run_sync(differences)

    assert found == []


async def test_a_step_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE turn_messages (theirs TEXT)")

    with pytest.raises(DatabaseUnusable, match="table turn_messages already exists"):
        await Database(f"sqlite+aiosqlite:///{file}").open()

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [
            ("turn_messages",)
        ]


async def test_migrating_leaves_logging_alone(tmp_path: Path) -> None:
    logger = logging.getLogger("bot.test")
    before = (logging.root.level, list(logging.root.handlers), logger.disabled)

    async with Database(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3"):
        pass

    assert (logging.root.level, list(logging.root.handlers), logger.disabled) == before


async def test_tasks_may_open_one_new_database_at_once(new_url: str) -> None:
    databases = [Database(new_url) for _ in range(8)]

    await asyncio.gather(*(database.open() for database in databases))

    for database in databases:
        async with database.engine.connect() as connection:
            versions = await connection.execute(text("SELECT version_num FROM alembic_version"))
            assert len(versions.all()) == 1
        await database.close()


async def test_processes_may_open_one_new_database_at_once(new_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", OPENER, new_url)
        for _ in range(4)
    ]

    assert [await process.wait() for process in processes] == [0, 0, 0, 0]
