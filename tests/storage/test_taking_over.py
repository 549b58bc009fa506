from dataclasses import replace

from bot.model import ConversationKey, ExpenseOutcome, Question, TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import BOT, CHAT, GROUP, LEASE
from tests.storage.charges import a_charge, entries
from tests.storage.questions import QUESTION, added

ENDS = [state for state in TurnState if state not in {TurnState.WAITING, TurnState.ASKING}]


def question(message_id: int, chat_id: int = CHAT) -> Question:
    return replace(QUESTION, key=ConversationKey(chat_id=chat_id), message_id=message_id)


async def state_of(history: HistoryStore, turn_id: int) -> TurnState | None:
    turn = await history.get(turn_id)
    return None if turn is None else turn.state


async def test_a_question_that_waits_goes_on_waiting(history: HistoryStore) -> None:
    turn = await added(history, question(1))

    taken = await history.take_over([CHAT])

    assert taken == [replace(turn, was_asked=False)]
    assert await state_of(history, turn.id) is TurnState.WAITING


async def test_a_question_that_waited_when_two_programs_ended_is_over(
    history: HistoryStore,
) -> None:
    turn = await added(history, question(1))
    await history.take_over([CHAT])

    taken = await history.take_over([CHAT])

    assert taken == [replace(turn, state=TurnState.INTERRUPTED, was_asked=False)]
    assert await state_of(history, turn.id) is TurnState.INTERRUPTED


async def test_a_question_that_was_put_off_does_not_wait_a_third_time(
    history: HistoryStore,
) -> None:
    turn = await added(history, question(1))
    await history.take_over([CHAT])
    await history.begin(turn.id, a_charge())
    await history.put_back(turn.id)

    (taken,) = await history.take_over([CHAT])

    assert taken.state is TurnState.INTERRUPTED


async def test_a_question_that_is_opened_again_waits_as_if_it_were_new(
    history: HistoryStore,
) -> None:
    turn = await added(history, question(1))
    await history.take_over([CHAT])
    await history.take_over([CHAT])
    await history.reopen(turn.id, person_id=QUESTION.person_id)

    (taken,) = await history.take_over([CHAT])

    assert taken.state is TurnState.WAITING


async def test_a_program_that_ends_in_peace_lets_questions_wait_on(
    history: HistoryStore, inbox: InboxStore, replicas: ReplicaStore
) -> None:
    await added(history, question(1))
    states = []

    for name in ("one", "two", "three", "four"):
        await replicas.enter(name, lease=LEASE)
        found = await inbox.claim(name, bot_id=BOT)
        states += [turn.state for turn in await history.take_over(found.taken_over)]
        await replicas.leave(name)

    assert states == [TurnState.WAITING] * 4


async def test_a_question_that_was_being_asked_is_over_and_what_it_cost_unclear(
    history: HistoryStore, database: Database
) -> None:
    turn = await added(history, question(1))
    await history.begin(turn.id, a_charge(10))
    await history.show(turn.id, part=0, message_id=20)

    taken = await history.take_over([CHAT])

    assert taken == [replace(turn, state=TurnState.INTERRUPTED, message_ids=(20,))]
    assert await entries(database) == [(ExpenseOutcome.UNCLEAR, 10)]
    assert not await history.finish(turn.id, TurnState.ANSWERED, answer="Too late.")


async def test_what_was_not_delivered_is_told_oldest_first(history: HistoryStore) -> None:
    ids = {}
    for message_id, state in enumerate(ENDS):
        turn = await added(history, question(message_id))
        await history.finish(turn.id, state)
        ids[state] = turn.id
    waiting = await added(history, question(100))
    await history.deliver(ids[TurnState.STOPPED])
    await history.show(ids[TurnState.BROKEN], part=0, message_id=20)
    await history.show(ids[TurnState.BROKEN], part=1, message_id=21)

    taken = await history.take_over([CHAT])

    assert [(turn.id, turn.state, turn.message_ids, turn.was_asked) for turn in taken] == [
        (ids[TurnState.ANSWERED], TurnState.ANSWERED, (), True),
        (ids[TurnState.BROKEN], TurnState.BROKEN, (20, 21), True),
        (ids[TurnState.FAILED], TurnState.FAILED, (), True),
        (ids[TurnState.INTERRUPTED], TurnState.INTERRUPTED, (), True),
        (waiting.id, TurnState.WAITING, (), False),
    ]


async def test_other_chats_are_left_alone(history: HistoryStore, database: Database) -> None:
    waiting = await added(history, question(1, GROUP))
    asking = await added(history, question(2, GROUP))
    await history.begin(asking.id, a_charge(10))
    here = await added(history, question(3))

    taken = [await history.take_over([CHAT]), await history.take_over([])]

    assert [[turn.id for turn in turns] for turns in taken] == [[here.id], []]
    assert await state_of(history, waiting.id) is TurnState.WAITING
    assert await state_of(history, asking.id) is TurnState.ASKING
    assert await entries(database) == [(ExpenseOutcome.OPEN, 10)]


async def test_several_chats_are_taken_over_together(history: HistoryStore) -> None:
    turns = [
        await added(history, question(1)),
        await added(history, question(1, GROUP)),
        await added(history, question(2)),
    ]

    taken = await history.take_over({CHAT, GROUP})

    assert [turn.id for turn in taken] == [turn.id for turn in turns]
