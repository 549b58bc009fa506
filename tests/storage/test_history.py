from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import ConversationKey, Turn, TurnState
from bot.storage.history import HistoryStore
from tests.storage.charges import a_charge
from tests.storage.questions import QUESTION, added

ENDS = [state for state in TurnState if state not in {TurnState.WAITING, TurnState.ASKING}]


async def test_a_question_is_stored_as_a_waiting_turn(history: HistoryStore) -> None:
    turn = await added(history)

    found = await history.get(turn.id)

    assert found == turn
    assert found == Turn(
        id=turn.id,
        question=QUESTION,
        state=TurnState.WAITING,
        answer="",
        message_ids=(),
    )


async def test_an_unknown_turn_is_not_found(history: HistoryStore) -> None:
    assert await history.get(404) is None


async def test_a_message_is_asked_once(history: HistoryStore) -> None:
    await added(history)

    again = await history.add(replace(QUESTION, prompt="edited"))
    elsewhere = await history.add(replace(QUESTION, key=ConversationKey(chat_id=1)))

    assert again is None
    assert elsewhere is not None


async def test_a_message_of_another_bot_with_the_same_number_is_asked(
    history: HistoryStore,
) -> None:
    await added(history)

    later = replace(QUESTION, asked_at=QUESTION.asked_at + timedelta(days=1))

    assert await history.add(later) is not None


async def test_questions_without_a_message_are_all_asked(history: HistoryStore) -> None:
    question = replace(QUESTION, message_id=None, person_id=None)

    first = await added(history, question)
    second = await added(history, question)

    assert first.id != second.id


async def test_a_turn_begins_once(history: HistoryStore) -> None:
    turn = await added(history)

    begun = [await history.begin(turn.id, a_charge()), await history.begin(turn.id, a_charge())]

    assert begun == [True, False]


@pytest.mark.parametrize("state", ENDS)
async def test_an_end_is_final(history: HistoryStore, state: TurnState) -> None:
    turn = await added(history)

    ended = await history.finish(turn.id, state, answer="first")
    ended_again = await history.finish(turn.id, TurnState.ANSWERED, answer="second")

    found = await history.get(turn.id)
    assert (ended, ended_again) == (True, False)
    assert found == replace(turn, state=state, answer="first")
    assert not await history.begin(turn.id, a_charge())


async def test_a_turn_that_was_asked_is_not_dropped(history: HistoryStore) -> None:
    turn = await added(history)
    await history.begin(turn.id, a_charge())

    dropped = await history.finish(turn.id, TurnState.DROPPED)

    assert not dropped
    assert await history.finish(turn.id, TurnState.ANSWERED, answer="paid for")


async def test_messages_are_listed_in_the_order_of_their_parts(history: HistoryStore) -> None:
    turn = await added(history)

    await history.show(turn.id, part=1, message_id=31)
    await history.show(turn.id, part=0, message_id=20)
    await history.show(turn.id, part=1, message_id=32)

    found = await history.get(turn.id)
    assert found == replace(turn, message_ids=(20, 32))


async def test_a_turn_is_delivered_once(history: HistoryStore) -> None:
    turn = await added(history)
    await history.finish(turn.id, TurnState.ANSWERED, answer="There.")

    delivered = [await history.deliver(turn.id), await history.deliver(turn.id)]

    assert delivered == [True, False]


async def test_an_open_turn_cannot_be_delivered(history: HistoryStore) -> None:
    turn = await added(history)

    delivered = await history.deliver(turn.id)

    assert not delivered
