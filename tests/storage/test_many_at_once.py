import asyncio

from bot.model import ConversationKey, Exchange, Question, TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from tests.storage.charges import a_charge
from tests.storage.questions import FIRST_MOMENT

CHATS = 300


async def converse(history: HistoryStore, chat_id: int) -> list[Exchange]:
    key = ConversationKey(chat_id=chat_id)
    for message_id in (1, 2):
        question = Question(
            key=key,
            message_id=message_id,
            person_id=chat_id,
            language="en",
            asked_at=FIRST_MOMENT,
            prompt="Hello",
        )
        turn = await history.add(question)
        assert turn is not None
        assert await history.begin(turn.id, a_charge())
        await history.show(turn.id, part=0, message_id=message_id + 100)
        assert await history.finish(turn.id, TurnState.ANSWERED, answer=f"Hi, {chat_id}!")
        assert await history.deliver(turn.id)
    return await history.window(key, characters=1000)


async def test_hundreds_of_chats_talk_at_once(history: HistoryStore) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(converse(history, chat_id)) for chat_id in range(CHATS)]

    for chat_id, task in enumerate(tasks):
        assert task.result() == [Exchange(prompt="Hello", answer=f"Hi, {chat_id}!")] * 2


async def test_two_programs_share_a_database(databases: tuple[Database, Database]) -> None:
    one, other = databases
    stores = HistoryStore(one), HistoryStore(other)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(converse(stores[chat % 2], chat)) for chat in range(100)]

    assert all(len(task.result()) == 2 for task in tasks)


async def test_a_message_redelivered_many_times_is_asked_once(history: HistoryStore) -> None:
    question = Question(
        key=ConversationKey(chat_id=1),
        message_id=1,
        person_id=1,
        language="en",
        asked_at=FIRST_MOMENT,
        prompt="Hello",
    )

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(history.add(question)) for _ in range(50)]

    assert sum(task.result() is not None for task in tasks) == 1


async def test_a_retry_pressed_many_times_reopens_once(history: HistoryStore) -> None:
    question = Question(
        key=ConversationKey(chat_id=1),
        message_id=1,
        person_id=1,
        language="en",
        asked_at=FIRST_MOMENT,
        prompt="Hello",
    )
    turn = await history.add(question)
    assert turn is not None
    await history.finish(turn.id, TurnState.FAILED)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(history.reopen(turn.id, person_id=1)) for _ in range(50)]

    assert sum(task.result() is not None for task in tasks) == 1


async def test_cancelled_work_does_no_harm_to_other_work(history: HistoryStore) -> None:
    async with asyncio.TaskGroup() as group:
        doomed = [group.create_task(converse(history, chat_id)) for chat_id in range(50)]
        others = [group.create_task(converse(history, 1000 + chat_id)) for chat_id in range(50)]
        for task in doomed:
            await asyncio.sleep(0)
            task.cancel()

    assert all(task.cancelled() for task in doomed)
    assert all(len(task.result()) == 2 for task in others)
