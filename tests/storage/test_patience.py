"""A database that is away for a moment costs nobody what was paid for."""

import asyncio
import sqlite3
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import ExpenseOutcome, TurnState
from bot.storage.engine import Database
from bot.storage.errors import DatabaseUnusable
from bot.storage.history import HistoryStore
from bot.storage.patience import persist
from tests.storage.charges import begun, entries
from tests.storage.questions import QUESTION, added
from tests.storage.test_broken_line import HOST, Line


@dataclass
class BriefLine(Line):
    """Breaks in place of the answer to the next commit, and is well when somebody comes back."""

    refusals: int = 0
    """How many more who come are sent away."""
    breaks: int = 0
    calls: int = 0

    async def carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.calls += 1
        if self.refusals:
            self.refusals -= 1
            writer.close()
            return
        if self.is_broken.is_set():
            self.breaks += 1
            self.breaks_at_commit = False
            self.is_broken.clear()
        await super().carry(reader, writer)


@pytest.fixture
def line(postgresql_database: Database) -> BriefLine:
    return BriefLine(postgresql_database.engine.url.port or 0)


@pytest.fixture
async def far_url(postgresql_database: Database, line: BriefLine) -> AsyncIterator[str]:
    """The address of the database at the other end of the line."""
    async with await asyncio.start_server(line.carry, HOST) as server:
        _, port = server.sockets[0].getsockname()
        url = postgresql_database.engine.url.set(port=port)
        yield url.render_as_string(hide_password=False)


@pytest.fixture
async def far_away(far_url: str) -> AsyncIterator[Database]:
    async with Database(far_url) as database:
        yield database


async def test_an_answer_is_kept_and_settled_once_though_the_line_breaks(
    far_away: Database, line: BriefLine
) -> None:
    history = HistoryStore(far_away)
    turn = await begun(history)
    line.breaks_at_commit = True

    await history.finish(
        turn.id, TurnState.ANSWERED, answer="Paid.", tokens_spent=3, outcome=ExpenseOutcome.SPENT
    )

    (exchange,) = await history.window(turn.question.key, characters=1000)
    assert line.breaks == 1
    assert exchange.answer == "Paid."
    assert await entries(far_away) == [(ExpenseOutcome.SPENT, 3)]


async def test_what_the_person_saw_is_noted_though_the_line_breaks(
    far_away: Database, line: BriefLine
) -> None:
    history = HistoryStore(far_away)
    turn = await begun(history)
    await history.finish(turn.id, TurnState.ANSWERED, answer="Paid.")
    line.breaks_at_commit = True

    await history.deliver(turn.id)

    assert line.breaks == 1
    assert await history.take_over([turn.question.key.chat_id]) == []


async def test_a_question_is_known_to_wait_again_though_the_line_breaks(
    far_away: Database, line: BriefLine
) -> None:
    history = HistoryStore(far_away)
    turn = await begun(history)
    line.breaks_at_commit = True

    waits_again = await history.put_back(turn.id)

    assert line.breaks == 1
    assert waits_again
    assert await entries(far_away) == []


async def test_a_question_is_stored_and_found_though_the_line_breaks(
    far_away: Database, line: BriefLine
) -> None:
    history = HistoryStore(far_away)
    line.breaks_at_commit = True

    turn = await added(history)
    again = await history.add(QUESTION)

    assert line.breaks == 1
    assert turn.question == QUESTION
    assert again is None


async def test_an_answer_is_replaced_once_though_the_line_breaks(
    far_away: Database, line: BriefLine
) -> None:
    history = HistoryStore(far_away)
    first = await added(history)
    await history.finish(first.id, TurnState.ANSWERED, answer="There.")
    anew = replace(QUESTION, asked_at=QUESTION.asked_at + timedelta(minutes=1))
    line.breaks_at_commit = True

    turn = await history.add(anew, replaces=first, is_continued=True)

    assert line.breaks == 1
    assert turn is not None
    assert (turn.replaces_id, turn.answer) == (first.id, "There.")
    assert await history.add(anew, replaces=first, is_continued=True) is None


async def test_what_was_stored_by_another_press_is_not_taken_though_the_line_breaks(
    far_away: Database, line: BriefLine
) -> None:
    history = HistoryStore(far_away)
    first = await added(history)
    anew = replace(QUESTION, asked_at=QUESTION.asked_at + timedelta(minutes=1))
    await history.add(anew, replaces=first)
    line.breaks_at_commit = True

    later = replace(QUESTION, asked_at=QUESTION.asked_at + timedelta(minutes=2))
    again = await history.add(later, replaces=first)

    assert line.breaks == 1
    assert again is None


async def test_a_connection_that_is_refused_is_tried_again(
    far_away: Database, line: BriefLine
) -> None:
    history = HistoryStore(far_away)
    turn = await added(history)
    await far_away.engine.dispose()
    line.refusals = 3

    found = await history.get(turn.id)

    assert line.refusals == 0
    assert found == turn


async def test_whoever_starts_hears_at_once_that_nobody_answers(
    far_url: str, line: BriefLine
) -> None:
    line.refusals = 10

    with pytest.raises(DatabaseUnusable, match="cannot use"):
        await Database(far_url).open()

    assert line.calls == 1


async def test_whoever_checks_hears_at_once_that_nobody_answers(
    far_url: str, line: BriefLine
) -> None:
    line.refusals = 10

    with pytest.raises(DatabaseUnusable, match="cannot use"):
        await Database(far_url).find_step()

    assert line.calls == 1


async def test_a_locked_file_is_tried_again(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    told = []
    with (
        closing(sqlite3.connect(file)) as theirs,
        closing(sqlite3.connect(file, timeout=0)) as ours,
    ):
        theirs.execute("BEGIN EXCLUSIVE")

        async def write(may_be_done: bool) -> None:  # noqa: FBT001 - what is called is told it so
            told.append(may_be_done)
            if len(told) == 3:
                theirs.rollback()
            ours.execute("BEGIN IMMEDIATE")

        await persist(write)

    assert told == [False, True, True]


async def test_a_mistake_is_not_repeated(tmp_path: Path) -> None:
    told = []
    with closing(sqlite3.connect(tmp_path / "bot.sqlite3")) as ours:

        async def write(may_be_done: bool) -> None:  # noqa: FBT001 - what is called is told it so
            told.append(may_be_done)
            ours.execute("DELETE FROM nowhere")

        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            await persist(write)

    assert told == [False]


async def test_nobody_waits_for_ever() -> None:
    async def fail(_: bool) -> None:  # noqa: FBT001 - what is called is told it so
        raise ConnectionRefusedError

    with pytest.raises(ConnectionRefusedError):
        await persist(fail, seconds=0.3)
