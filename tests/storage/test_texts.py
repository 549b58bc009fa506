from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, StatementError

from bot.model import TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from tests.storage.questions import QUESTION, added


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text())
async def test_any_text_can_be_stored(history: HistoryStore, text: str) -> None:
    turn = await added(history, replace(QUESTION, message_id=None, prompt=text))

    await history.finish(turn.id, TurnState.ANSWERED, answer=text)

    found = await history.get(turn.id)
    assert found is not None
    assert found.question.prompt == found.answer
    assert found.answer == text.replace("\x00", "\N{REPLACEMENT CHARACTER}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.characters(categories=["Cs", "Lu"])))
async def test_no_text_is_refused(history: HistoryStore, text: str) -> None:
    turn = await added(history, replace(QUESTION, message_id=None))

    await history.finish(turn.id, TurnState.ANSWERED, answer=text)

    found = await history.get(turn.id)
    assert found is not None
    assert found.answer.encode().decode() == found.answer


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("half \ud83d", "half \N{REPLACEMENT CHARACTER}"),
        ("\ude00 half", "\N{REPLACEMENT CHARACTER} half"),
        ("\ud83d\ude00", "\N{GRINNING FACE}"),
    ],
)
async def test_torn_characters_are_mended(history: HistoryStore, text: str, stored: str) -> None:
    turn = await added(history)

    await history.finish(turn.id, TurnState.ANSWERED, answer=text)

    found = await history.get(turn.id)
    assert found == replace(turn, state=TurnState.ANSWERED, answer=stored)


async def test_a_time_without_a_zone_is_refused(history: HistoryStore) -> None:
    naive = replace(QUESTION, asked_at=datetime(2026, 11, 21))  # noqa: DTZ001 - on purpose

    with pytest.raises(StatementError, match="a time without a zone"):
        await history.add(naive)


async def test_what_people_said_is_not_in_the_texts_of_errors(
    history: HistoryStore, database: Database
) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE turn_messages")
        await connection.exec_driver_sql("DROP TABLE turns")

    with pytest.raises(DBAPIError) as failure:
        await history.add(replace(QUESTION, prompt="very private words"))

    assert "very private words" not in str(failure.value)
