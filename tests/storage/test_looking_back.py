"""What a person asked last, and what a conversation remembers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import ConversationKey, Question, Turn, TurnState
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from tests.storage.charges import ANN, BOB, a_charge
from tests.storage.plans import plan_of, recorded
from tests.storage.questions import FIRST_MOMENT, QUESTION, TOPIC, added

REMEMBERED = (
    TurnState.ANSWERED,
    TurnState.STOPPED,
    TurnState.BROKEN,
    TurnState.INTERRUPTED,
)
ENDS = [state for state in TurnState if state not in {TurnState.WAITING, TurnState.ASKING}]


def question(message_id: int | None, key: ConversationKey = TOPIC) -> Question:
    return replace(QUESTION, message_id=message_id, key=key)


def anew(turn: Turn) -> Question:
    return replace(turn.question, asked_at=turn.question.asked_at + timedelta(seconds=1))


async def ended(
    history: HistoryStore,
    asked: Question,
    *,
    replaces: Turn | None = None,
    state: TurnState = TurnState.ANSWERED,
    answer: str = "There.",
) -> Turn:
    turn = await history.add(asked, replaces=replaces)
    assert turn is not None
    await history.finish(turn.id, state, answer=answer)
    return replace(turn, state=state, answer=answer)


async def told(history: HistoryStore, key: ConversationKey = TOPIC) -> list[str]:
    """Tell the answers that are remembered, having seen that the model and people get the same."""
    window = await history.window(key, characters=10_000)
    transcript = await history.transcript(key)
    assert {exchange.answer for exchange in window} == {turn.answer for turn in transcript}
    return [turn.answer for turn in transcript]


async def test_the_newest_turn_is_found_with_its_messages(history: HistoryStore) -> None:
    await ended(history, question(1))
    newest = await ended(history, question(2))
    await history.show(newest.id, part=0, message_id=20)
    await history.show(newest.id, part=1, message_id=21)

    found = await history.newest(TOPIC, person_id=ANN)

    assert found == replace(newest, message_ids=(20, 21))


@pytest.mark.parametrize("state", TurnState)
async def test_the_newest_turn_is_one_that_was_not_taken_back(
    history: HistoryStore, state: TurnState
) -> None:
    first = await added(history, question(1))
    second = await added(history, question(2))
    if state is TurnState.ASKING:
        await history.begin(second.id, a_charge())
    elif state is TurnState.FORGOTTEN:
        await history.finish(second.id, TurnState.ANSWERED)
        await history.forget(TOPIC)
    elif state is not TurnState.WAITING:
        await history.finish(second.id, state)

    newest = await history.newest(TOPIC, person_id=ANN)

    is_gone = state in {TurnState.DROPPED, TurnState.FORGOTTEN}
    assert newest is not None
    assert newest.id == (first if is_gone else second).id


async def test_each_person_has_a_newest_turn_in_each_conversation(history: HistoryStore) -> None:
    other_topic = ConversationKey(chat_id=TOPIC.chat_id, thread_id=8)
    mine = await added(history, question(1))
    theirs = await added(history, replace(question(2), person_id=BOB))
    nobodys = await added(history, replace(question(3), person_id=None))
    elsewhere = await added(history, question(4, other_topic))
    await added(history, replace(question(None), inline_message_id="AgAAAD"))

    found = [
        await history.newest(TOPIC, person_id=ANN),
        await history.newest(TOPIC, person_id=BOB),
        await history.newest(TOPIC, person_id=None),
        await history.newest(other_topic, person_id=ANN),
        await history.newest(other_topic, person_id=BOB),
    ]

    assert found == [mine, theirs, nobodys, elsewhere, None]


async def test_the_previous_turn_is_the_last_one_before_with_messages(
    history: HistoryStore,
) -> None:
    shown = await ended(history, question(1))
    await history.show(shown.id, part=0, message_id=20)
    hidden = await ended(history, question(2), state=TurnState.FAILED)
    theirs = await ended(history, replace(question(3), person_id=BOB))
    await history.show(theirs.id, part=0, message_id=21)
    present = await ended(history, question(4))
    await history.show(present.id, part=0, message_id=22)
    later = await ended(history, question(5))
    await history.show(later.id, part=0, message_id=23)

    found = [await history.previous(turn) for turn in (shown, hidden, present)]

    expected = replace(shown, message_ids=(20,))
    assert found == [None, expected, expected]


async def test_buttons_of_a_forgotten_turn_are_found_as_well(history: HistoryStore) -> None:
    shown = await ended(history, question(1))
    await history.show(shown.id, part=0, message_id=20)
    await history.forget(TOPIC)
    present = await ended(history, question(2))

    previous = await history.previous(present)

    assert previous is not None
    assert (previous.id, previous.state) == (shown.id, TurnState.FORGOTTEN)


async def test_a_transcript_has_everything_oldest_first(history: HistoryStore) -> None:
    one = await ended(history, question(1), answer="x" * 50_000)
    other = await ended(history, replace(question(2), person_id=BOB))
    await ended(history, question(3, ConversationKey(chat_id=1)))
    await added(history, question(4))

    assert await history.transcript(TOPIC) == [one, other]


async def test_an_answer_is_remembered_until_the_one_in_its_place_has_come(
    history: HistoryStore,
) -> None:
    first = await ended(history, question(1), answer="first")
    again = await history.add(anew(first), replaces=first)
    assert again is not None

    meanwhile = await told(history)
    await history.finish(again.id, TurnState.ANSWERED, answer="second")

    assert (meanwhile, await told(history)) == (["first"], ["second"])


@pytest.mark.parametrize("state", ENDS)
async def test_an_answer_stays_where_nothing_came_in_its_place(
    history: HistoryStore, state: TurnState
) -> None:
    first = await ended(history, question(1), answer="first")

    await ended(history, anew(first), replaces=first, state=state, answer="")

    assert await told(history) == ["first"]


async def test_the_newest_of_several_answers_is_remembered_though_one_between_failed(
    history: HistoryStore,
) -> None:
    first = await ended(history, question(1), answer="first")
    failed = await ended(history, anew(first), replaces=first, state=TurnState.FAILED, answer="")

    await ended(history, anew(failed), replaces=failed, answer="third")

    assert await told(history) == ["third"]


async def test_a_message_of_another_bot_replaces_nothing(history: HistoryStore) -> None:
    await ended(history, question(1), answer="to the bot before")

    later = replace(question(1), asked_at=FIRST_MOMENT + timedelta(days=1))
    await ended(history, later, answer="to this one")

    assert await told(history) == ["to the bot before", "to this one"]


async def test_turns_of_a_moved_group_do_not_replace_each_other(history: HistoryStore) -> None:
    await ended(history, question(1), answer="one")
    await ended(history, question(2), answer="two")

    await history.move(TOPIC.chat_id, -1009)

    assert await told(history, ConversationKey(chat_id=-1009, thread_id=7)) == ["one", "two"]


async def test_what_was_answered_anew_stays_so_when_its_group_moves(history: HistoryStore) -> None:
    first = await ended(history, question(1), answer="first")
    second = await ended(history, anew(first), replaces=first, answer="second")
    await ended(history, anew(second), replaces=second, answer="third")

    await history.move(TOPIC.chat_id, -1009)

    assert await told(history, ConversationKey(chat_id=-1009, thread_id=7)) == ["third"]


async def test_an_answer_elsewhere_is_not_remembered(history: HistoryStore) -> None:
    await ended(history, replace(question(1), inline_message_id="AgAAAD"), answer="to friends")

    assert await told(history) == []


async def test_sqlite_looks_back_without_reading_other_conversations(
    sqlite_database: Database,
) -> None:
    history = HistoryStore(sqlite_database)
    turn = await added(history)

    with recorded(sqlite_database, "FROM turns") as statements:
        await history.window(TOPIC, characters=1000)
        await history.transcript(TOPIC)
        await history.newest(TOPIC, person_id=ANN)
        await history.previous(turn)

    plans = [await plan_of(sqlite_database, *statement) for statement in statements]
    conversation = "ix_turns_chat_id_thread_id_finished_at_id (chat_id=? AND thread_id=?)"
    person = "ix_turns_person_id_chat_id_thread_id_id (person_id=? AND chat_id=? AND thread_id=?"
    for plan, index in zip(plans, (conversation, conversation, person, person), strict=True):
        assert f"SEARCH turns USING INDEX {index}" in plan.replace("COVERING ", "")


async def test_an_inline_message_is_known_once_its_question_has_come(
    history: HistoryStore,
) -> None:
    before = await history.knows_inline("AgAAAD")
    await added(history, replace(question(None), inline_message_id="AgAAAD"))

    known = [await history.knows_inline("AgAAAD"), await history.knows_inline("BgAAAD")]

    assert (before, known) == (False, [True, False])


@pytest.fixture
def chat_ids() -> Iterator[int]:
    """A chat for each example: nothing is forgotten of those before."""
    return count(1)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40
)
@given(
    asked=st.lists(
        st.tuples(
            st.integers(1, 3), st.sampled_from([*REMEMBERED, TurnState.FAILED]), st.booleans()
        ),
        max_size=10,
    )
)
async def test_the_newest_answer_of_each_message_is_remembered(
    history: HistoryStore, chat_ids: Iterator[int], asked: list[tuple[int, TurnState, bool]]
) -> None:
    key = ConversationKey(chat_id=next(chat_ids))
    newest: dict[int, Turn] = {}
    expected: dict[int, str] = {}

    for number, (message_id, state, has_answer) in enumerate(asked):
        moment = FIRST_MOMENT + timedelta(seconds=number)
        newest[message_id] = await ended(
            history,
            replace(question(message_id, key), asked_at=moment),
            replaces=newest.get(message_id),
            state=state,
            answer=str(number) if has_answer else "",
        )
        if has_answer and state in REMEMBERED:
            expected[message_id] = str(number)

    assert await told(history, key) == sorted(expected.values(), key=int)
