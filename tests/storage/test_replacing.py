import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from bot.model import ConversationKey, Turn, TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.tables import turns
from tests.storage.charges import a_charge
from tests.storage.questions import QUESTION, TOPIC, added

ANEW = replace(QUESTION, asked_at=QUESTION.asked_at + timedelta(minutes=1))
INLINE = replace(QUESTION, message_id=None, inline_message_id="AgAAAD")
LETTERS = "Ы 𝒳 e\u0301"


async def answered(history: HistoryStore, answer: str = "There.") -> Turn:
    turn = await added(history)
    await history.finish(turn.id, TurnState.ANSWERED, answer=answer)
    return replace(turn, state=TurnState.ANSWERED, answer=answer)


async def continued(history: HistoryStore, answer: str = "There. ") -> Turn:
    turn = await history.add(ANEW, replaces=await answered(history, answer), is_continued=True)
    assert turn is not None
    return turn


async def answer_of(history: HistoryStore, turn: Turn) -> tuple[str, str]:
    found = await history.get(turn.id)
    assert found is not None
    return found.earlier_answer, found.own_answer


async def test_an_answer_anew_is_a_turn_that_waits_without_any_answer(
    history: HistoryStore,
) -> None:
    first = await answered(history)

    again = await history.add(ANEW, replaces=first)

    assert again is not None
    assert again == Turn(
        id=again.id,
        question=ANEW,
        state=TurnState.WAITING,
        answer="",
        message_ids=(),
        replaces_id=first.id,
    )
    assert await history.get(again.id) == again
    assert await history.get(first.id) == first


async def test_a_turn_is_replaced_once(history: HistoryStore) -> None:
    first = await answered(history)
    again = await history.add(ANEW, replaces=first)
    later = replace(ANEW, asked_at=ANEW.asked_at + timedelta(minutes=1))

    pressed_twice = await history.add(later, replaces=first)
    pressed_below_the_new_one = await history.add(later, replaces=again)

    assert pressed_twice is None
    assert pressed_below_the_new_one is not None


async def test_many_presses_at_once_replace_a_turn_once(
    databases: tuple[Database, Database],
) -> None:
    stores = [HistoryStore(database) for database in databases]
    first = await answered(stores[0])

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                stores[number % 2].add(
                    replace(ANEW, asked_at=ANEW.asked_at + timedelta(seconds=number)),
                    replaces=first,
                    is_continued=number % 3 == 0,
                )
            )
            for number in range(20)
        ]

    assert sum(task.result() is not None for task in tasks) == 1


@pytest.mark.parametrize("is_begun", [False, True])
async def test_a_turn_that_is_not_over_can_be_replaced(
    history: HistoryStore, *, is_begun: bool
) -> None:
    first = await added(history)
    if is_begun:
        await history.begin(first.id, a_charge())

    edited = await history.add(replace(ANEW, prompt="Edited."), replaces=first)

    assert edited is not None
    assert edited.question.prompt == "Edited."


async def test_a_forgotten_turn_is_not_replaced(history: HistoryStore) -> None:
    first = await answered(history)
    await history.forget(TOPIC)

    assert await history.add(ANEW, replaces=first) is None


async def test_a_deleted_turn_is_not_replaced(history: HistoryStore, database: Database) -> None:
    first = await answered(history)
    async with database.engine.begin() as connection:
        await connection.execute(delete(turns))

    assert await history.add(ANEW, replaces=first) is None


async def test_a_turn_is_not_replaced_from_another_chat(history: HistoryStore) -> None:
    first = await answered(history)
    elsewhere = replace(ANEW, key=ConversationKey(chat_id=1))

    assert await history.add(elsewhere, replaces=first) is None


@pytest.mark.parametrize("answer", ["There. ", "", LETTERS])
async def test_a_turn_that_goes_on_begins_with_the_answer(
    history: HistoryStore, answer: str
) -> None:
    turn = await continued(history, answer)

    await history.finish(turn.id, TurnState.ANSWERED, answer=f"{LETTERS} more")

    assert (turn.answer, turn.continued_at) == (answer, len(answer))
    assert await answer_of(history, turn) == (answer, f"{LETTERS} more")


async def test_a_turn_that_goes_on_where_another_did_begins_with_both(
    history: HistoryStore,
) -> None:
    turn = await continued(history)
    await history.finish(turn.id, TurnState.STOPPED, answer="And here. ")
    later = replace(ANEW, asked_at=ANEW.asked_at + timedelta(minutes=1))

    third = await history.add(later, replaces=turn, is_continued=True)

    assert third is not None
    assert third.earlier_answer == "There. And here. "


@pytest.mark.parametrize("state", [TurnState.FAILED, TurnState.DROPPED])
async def test_a_turn_that_does_not_get_on_keeps_what_it_began_with(
    history: HistoryStore, state: TurnState
) -> None:
    turn = await continued(history)

    await history.finish(turn.id, state)

    assert await answer_of(history, turn) == ("There. ", "")


async def test_a_turn_that_goes_on_is_interrupted_with_what_it_began_with(
    history: HistoryStore,
) -> None:
    turn = await continued(history)
    await history.begin(turn.id, a_charge())

    taken = {found.id: found for found in await history.take_over([TOPIC.chat_id])}

    assert taken[turn.id] == replace(turn, state=TurnState.INTERRUPTED)


async def test_a_turn_that_is_opened_again_goes_on_with_what_it_began_with(
    history: HistoryStore,
) -> None:
    turn = await continued(history)
    await history.finish(turn.id, TurnState.BROKEN, answer="And he")

    reopened = await history.reopen(turn.id, person_id=QUESTION.person_id)
    await history.finish(turn.id, TurnState.ANSWERED, answer="And here.")

    assert reopened == turn
    assert await answer_of(history, turn) == ("There. ", "And here.")


async def test_a_forgotten_turn_keeps_nothing_of_what_it_began_with(
    history: HistoryStore,
) -> None:
    turn = await continued(history)
    await history.finish(turn.id, TurnState.ANSWERED, answer="And here.")

    await history.forget(TOPIC)

    assert await answer_of(history, turn) == ("", "")


async def test_an_inline_message_is_asked_once_wherever_it_comes_from(
    history: HistoryStore,
) -> None:
    turn = await added(history, INLINE)

    again = await history.add(
        replace(INLINE, key=ConversationKey(chat_id=1), asked_at=ANEW.asked_at)
    )
    other = await history.add(replace(INLINE, inline_message_id="BgAAAD"))

    assert await history.get(turn.id) == turn
    assert turn.question == INLINE
    assert again is None
    assert other is not None


async def test_a_forgotten_inline_message_is_not_asked_again(history: HistoryStore) -> None:
    turn = await added(history, INLINE)
    await history.finish(turn.id, TurnState.ANSWERED, answer="There.")

    await history.forget(TOPIC)

    assert await answer_of(history, turn) == ("", "")
    assert await history.add(replace(INLINE, asked_at=ANEW.asked_at)) is None


async def test_a_moved_group_keeps_what_was_replaced_and_its_inline_messages(
    history: HistoryStore,
) -> None:
    first = await answered(history)
    again = await history.add(ANEW, replaces=first)
    inline = await added(history, INLINE)
    assert again is not None

    await history.move(TOPIC.chat_id, -1009)

    found = await history.get(again.id)
    moved_inline = await history.get(inline.id)
    assert found is not None
    assert moved_inline is not None
    assert (found.replaces_id, found.question.message_id) == (first.id, None)
    assert moved_inline.question.inline_message_id == INLINE.inline_message_id


async def test_a_turn_that_was_taken_back_can_still_be_replaced(history: HistoryStore) -> None:
    again = await history.add(ANEW, replaces=await answered(history))
    assert again is not None
    await history.finish(again.id, TurnState.DROPPED)
    later = replace(ANEW, asked_at=ANEW.asked_at + timedelta(minutes=1))

    newest = await history.newest(QUESTION.key, person_id=QUESTION.person_id)

    assert newest is not None
    assert newest.id == again.id
    assert await history.add(later, replaces=newest) is not None
