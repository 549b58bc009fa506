from dataclasses import replace

from bot.model import ConversationKey, TurnState
from bot.storage.history import HistoryStore
from tests.storage.questions import QUESTION, TOPIC, added


async def test_forgetting_empties_the_ended_turns_of_one_conversation(
    history: HistoryStore,
) -> None:
    ended = await added(history)
    running = await added(history, replace(QUESTION, message_id=2))
    elsewhere = await added(history, replace(QUESTION, key=ConversationKey(chat_id=1)))
    await history.finish(ended.id, TurnState.BROKEN, answer="The lib")
    await history.finish(elsewhere.id, TurnState.ANSWERED, answer="There.")

    forgotten = [await history.forget(TOPIC), await history.forget(TOPIC)]

    assert forgotten == [1, 0]
    assert await history.get(ended.id) == replace(
        ended, state=TurnState.FORGOTTEN, question=replace(QUESTION, prompt="")
    )
    assert await history.get(running.id) == running
    assert await history.get(elsewhere.id) == replace(
        elsewhere, state=TurnState.ANSWERED, answer="There."
    )


async def test_nobody_is_told_how_a_forgotten_turn_ended(history: HistoryStore) -> None:
    turn = await added(history)
    await history.finish(turn.id, TurnState.ANSWERED, answer="There.")

    await history.forget(TOPIC)

    assert await history.take_over([TOPIC.chat_id]) == []


async def test_a_forgotten_message_is_not_asked_again(history: HistoryStore) -> None:
    turn = await added(history)
    await history.finish(turn.id, TurnState.ANSWERED, answer="There.")
    await history.forget(TOPIC)

    again = await history.add(QUESTION)

    assert again is None


async def test_a_supergroup_takes_over_the_turns_of_its_group(history: HistoryStore) -> None:
    supergroup = ConversationKey(chat_id=-1009, thread_id=7)
    native = await added(history, replace(QUESTION, key=supergroup))
    await history.show(native.id, part=0, message_id=40)
    moved = await added(history)
    await history.show(moved.id, part=0, message_id=20)

    counts = [await history.move(TOPIC.chat_id, -1009), await history.move(TOPIC.chat_id, -1009)]

    assert counts == [1, 0]
    assert await history.get(native.id) == replace(native, message_ids=(40,))
    assert await history.get(moved.id) == replace(
        moved, question=replace(QUESTION, key=supergroup, message_id=None)
    )
