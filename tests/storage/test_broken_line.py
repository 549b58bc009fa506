"""A line to PostgreSQL that breaks when the database has committed, and nobody is told."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy.exc import DBAPIError

from bot.model import ConversationKey
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import BOT, CHAT, LEASE, arrivals, claimed
from tests.storage.questions import QUESTION, added

HOST = "127.0.0.1"
CHUNK_BYTES = 65_536
HERE = replace(QUESTION, key=ConversationKey(chat_id=CHAT))


@dataclass(slots=True)
class Line:
    """Carries what is said between a program and a database, until it is told to break."""

    port: int
    breaks_at_commit: bool = False
    is_broken: asyncio.Event = field(default_factory=asyncio.Event)

    async def carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        answers, questions = await asyncio.open_connection(HOST, self.port)
        with closing(writer), closing(questions):
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._carry_back(answers, writer))
                while question := await reader.read(CHUNK_BYTES):
                    if self.breaks_at_commit and b"COMMIT" in question:
                        self.is_broken.set()
                    questions.write(question)
                questions.close()

    async def _carry_back(self, answers: StreamReader, writer: StreamWriter) -> None:
        while answer := await answers.read(CHUNK_BYTES):
            if self.is_broken.is_set():
                break
            writer.write(answer)
        writer.close()


@asynccontextmanager
async def broken_at_commit(line: Line) -> AsyncIterator[None]:
    """Break the line in place of the answer to the next commit, and mend it afterwards."""
    line.breaks_at_commit = True
    yield
    assert line.is_broken.is_set()
    line.breaks_at_commit = False
    line.is_broken.clear()


@pytest.fixture
def line(postgresql_database: Database) -> Line:
    return Line(postgresql_database.engine.url.port or 0)


@pytest.fixture
async def far_away(postgresql_database: Database, line: Line) -> AsyncIterator[Database]:
    """The database at the other end of the line."""
    async with await asyncio.start_server(line.carry, HOST) as server:
        _, port = server.sockets[0].getsockname()
        url = postgresql_database.engine.url.set(port=port)
        async with Database(url.render_as_string(hide_password=False)) as database:
            yield database


async def test_what_was_claimed_when_the_line_broke_is_claimed_again(
    far_away: Database, postgresql_database: Database, line: Line
) -> None:
    inbox, replicas = InboxStore(far_away), ReplicaStore(far_away)
    await replicas.enter("one", lease=LEASE)
    await inbox.add(BOT, arrivals(1))
    await added(HistoryStore(far_away), HERE)
    async with broken_at_commit(line):
        with pytest.raises(DBAPIError):
            await claimed(inbox, "one")
    other = await InboxStore(postgresql_database).claim("one", bot_id=BOT)

    found = await inbox.claim("one", bot_id=BOT)

    assert other.updates == ()
    assert found.taken_over == {CHAT}
    assert [(update.update_id, update.attempts) for update in found.updates] == [(1, 1)]
    assert await claimed(inbox, "one") == []
