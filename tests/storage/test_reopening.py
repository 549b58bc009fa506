from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.model import TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.tables import turns
from tests.storage.questions import QUESTION, added

ENDS = [state for state in TurnState if state not in {TurnState.WAITING, TurnState.ASKING}]


@pytest.mark.parametrize("state", ENDS)
async def test_only_a_turn_that_went_wrong_is_reopened(
    history: HistoryStore, state: TurnState
) -> None:
    turn = await added(history)
    await history.finish(turn.id, state)

    reopened = await history.reopen(turn.id, person_id=QUESTION.person_id)

    went_wrong = {TurnState.FAILED, TurnState.BROKEN, TurnState.INTERRUPTED}
    assert (reopened is not None) == (state in went_wrong)


async def test_a_reopened_turn_starts_afresh(history: HistoryStore) -> None:
    turn = await added(history)
    await history.finish(turn.id, TurnState.BROKEN, answer="The lib")
    await history.show(turn.id, part=0, message_id=20)
    await history.deliver(turn.id)

    reopened = await history.reopen(turn.id, person_id=QUESTION.person_id)

    assert reopened == turn
    assert await history.get(turn.id) == turn
    assert await history.reopen(turn.id, person_id=QUESTION.person_id) is None


async def test_a_reopened_turn_is_delivered_anew(history: HistoryStore) -> None:
    turn = await added(history)
    await history.finish(turn.id, TurnState.FAILED)
    await history.deliver(turn.id)
    await history.reopen(turn.id, person_id=QUESTION.person_id)

    await history.finish(turn.id, TurnState.ANSWERED, answer="There.")

    untold = await history.take_over([QUESTION.key.chat_id])
    assert [turn.id for turn in untold] == [turn.id]


@pytest.mark.parametrize("stranger", [5_000_000_002, None])
async def test_nobody_reopens_the_turn_of_another(
    history: HistoryStore, stranger: int | None
) -> None:
    turn = await added(history)
    await history.finish(turn.id, TurnState.FAILED)

    reopened = await history.reopen(turn.id, person_id=stranger)

    assert reopened is None


@pytest.mark.parametrize("anybody", [5_000_000_002, None])
async def test_anybody_reopens_a_turn_of_nobody(
    history: HistoryStore, anybody: int | None
) -> None:
    turn = await added(history, replace(QUESTION, person_id=None))
    await history.finish(turn.id, TurnState.FAILED)

    reopened = await history.reopen(turn.id, person_id=anybody)

    assert reopened is not None


async def test_what_two_attempts_spent_adds_up(database: Database, history: HistoryStore) -> None:
    turn = await added(history)
    await history.finish(turn.id, TurnState.BROKEN, tokens_spent=3, generation_id="gen_1")
    await history.reopen(turn.id, person_id=QUESTION.person_id)
    await history.finish(turn.id, TurnState.FAILED)
    await history.reopen(turn.id, person_id=QUESTION.person_id)

    await history.finish(turn.id, TurnState.ANSWERED, tokens_spent=4, generation_id="gen_2")

    async with database.engine.connect() as connection:
        spent = (
            await connection.execute(select(turns.c.tokens_spent, turns.c.generation_id))
        ).one()
    assert tuple(spent) == (7, "gen_2")


async def test_what_was_spent_stays_unknown_until_it_is_told(
    database: Database, history: HistoryStore
) -> None:
    turn = await added(history)

    await history.finish(turn.id, TurnState.FAILED)

    async with database.engine.connect() as connection:
        spent = (
            await connection.execute(select(turns.c.tokens_spent, turns.c.generation_id))
        ).one()
    assert tuple(spent) == (None, None)


async def test_a_turn_that_was_replaced_is_not_reopened(history: HistoryStore) -> None:
    turn = await added(history)
    await history.finish(turn.id, TurnState.FAILED)
    await history.add(
        replace(QUESTION, asked_at=QUESTION.asked_at + timedelta(minutes=1)), replaces=turn
    )

    assert await history.reopen(turn.id, person_id=QUESTION.person_id) is None
