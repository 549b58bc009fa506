"""The database goes away while answers are written, and comes back."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.model import ExpenseOutcome, TurnState
from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat
from bot.storage.engine import Database
from bot.storage.tables import expenses, turns
from tests.e2e.house import say, visitor
from tests.e2e.seeing import answer, asked_prompts, finished, growing
from tests.postgresql import Cluster, running_cluster
from tests.postgresql_server import AS_OWNER
from tests.stage import Stage

CROWD = 6
GAP_SECONDS = 0.1
STORY = tuple(f"word{n} " for n in range(20))


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that the test may stop and start; it comes back as it was started first."""

    cluster: Cluster
    folder: Path

    async def stop(self) -> None:
        await asyncio.to_thread(self.control, "stop", "-m", "immediate")

    async def start(self) -> None:
        await asyncio.to_thread(self.control, "restart")

    def control(self, *command: str) -> None:
        options = (self.folder / "postmaster.opts").read_text()
        program = Path(options.split()[0]).with_name("pg_ctl")
        prefix = AS_OWNER if os.geteuid() == 0 else ()
        told = ("-w", "-D", str(self.folder), "-l", str(self.folder / "log"))
        subprocess.run(  # noqa: S603 - ours
            [*prefix, str(program), *command, *told],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A server of the test's own, since others would not stand this."""
    with running_cluster() as cluster:
        await cluster.prepare()
        folder = await told(cluster.url("migrated"), "SHOW data_directory")
        server = Server(cluster=cluster, folder=Path(folder))
        with stopped_in_the_end(server):
            yield server


@contextmanager
def stopped_in_the_end(server: Server) -> Iterator[None]:
    try:
        yield
    finally:
        server.control("stop", "-m", "immediate")


async def told(url: str, statement: str) -> str:
    async with Database(url) as database, database.engine.connect() as connection:
        return str(await connection.scalar(text(statement)))


async def keep_every_commit(url: str) -> None:
    """Have the database not lose what it said was done, as one of tests otherwise may."""
    async with Database(url) as database, database.engine.begin() as connection:
        name = database.engine.url.database
        await connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = on"))


async def ends_of(url: str) -> set[tuple[TurnState, bool, ExpenseOutcome]]:
    """Tell how turns have ended, whether all was seen of them, and what they came to."""
    statement = select(turns.c.state, turns.c.delivered_at, expenses.c.outcome).outerjoin_from(
        turns, expenses, expenses.c.item_id == turns.c.id
    )
    async with Database(url) as database, database.engine.connect() as connection:
        rows = (await connection.execute(statement)).all()
    return {(row.state, row.delivered_at is not None, row.outcome) for row in rows}


async def talking_crowd(stage: Stage) -> list[Chat]:
    """Bring people who are being answered."""
    chats = [visitor(stage, f"P{n}") for n in range(CROWD)]
    story = Reply(chunks=STORY, gap=GAP_SECONDS)
    stage.elumenta.script(story, contains="tell a story", times=CROWD)
    for number, chat in enumerate(chats):
        say(chat, f"tell a story {number}")
    for chat in chats:
        await growing(chat, "word1")
    return chats


async def test_answers_that_end_while_the_database_is_away_are_kept_and_asked_once(
    stage: Stage, server: Server
) -> None:
    async with server.cluster.new_database() as url:
        await keep_every_commit(url)
        bot = await stage.start_bot(database_url=url, streaming="edit")
        chats = await talking_crowd(stage)
        await server.stop()
        await stage.until(lambda: len(stage.elumenta.charges) == CROWD)
        await server.start()
        for chat in chats:
            await answer(chat, STORY[-1].strip())
        async with asyncio.timeout(20):
            while await ends_of(url) != {(TurnState.ANSWERED, True, ExpenseOutcome.SPENT)}:
                pass

        await bot.terminate()
        await stage.restart(bot)
        for number, chat in enumerate(chats):
            say(chat, f"and then {number}?")
            await answer(chat, f"and then {number}?")

        asked = asked_prompts(stage)
        remembered = [str(request.body) for request in stage.elumenta.requests]
        assert len(asked) == 2 * CROWD
        assert set(asked.values()) == {1}
        assert sum(STORY[-1] in body for body in remembered) == CROWD
        assert [len(finished(chat)) for chat in chats] == [2] * CROWD
        await bot.terminate()
