from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import ConversationKey, Exchange, Question, TurnState
from bot.storage.history import HistoryStore
from bot.storage.remembering import MOST_EXCHANGES
from tests.storage.questions import FIRST_MOMENT, added

CHAT = ConversationKey(chat_id=42)
QUESTION = Question(
    key=CHAT,
    message_id=None,
    person_id=42,
    language="en",
    asked_at=FIRST_MOMENT,
    prompt="",
)


async def converse(
    history: HistoryStore,
    *exchanges: tuple[str, str],
    key: ConversationKey = CHAT,
    state: TurnState = TurnState.ANSWERED,
) -> None:
    for prompt, answer in exchanges:
        turn = await history.add(replace(QUESTION, key=key, prompt=prompt))
        assert turn is not None
        await history.finish(turn.id, state, answer=answer)


async def prompts(history: HistoryStore, *, key: ConversationKey = CHAT, characters: int) -> str:
    exchanges = await history.window(key, characters=characters)
    return " ".join(exchange.prompt for exchange in exchanges)


async def test_a_new_conversation_has_no_past(history: HistoryStore) -> None:
    assert await history.window(CHAT, characters=1000) == []


async def test_the_past_is_told_oldest_first(history: HistoryStore) -> None:
    await converse(history, ("Hello", "Hi!"), ("How are you?", "Well."))

    past = await history.window(CHAT, characters=1000)

    assert past == [
        Exchange(prompt="Hello", answer="Hi!"),
        Exchange(prompt="How are you?", answer="Well."),
    ]


async def test_whole_turns_that_fit_exactly_are_kept(history: HistoryStore) -> None:
    await converse(history, ("a", "11"), ("b", "22"), ("c", "33"))

    kept = {size: await prompts(history, characters=size) for size in (3, 5, 6, 8, 9)}

    assert kept == {3: "c", 5: "c", 6: "b c", 8: "b c", 9: "a b c"}


@pytest.mark.parametrize(
    ("characters", "told"),
    [
        (0, []),
        (1, []),
        (2, [("q", "a")]),
        (9, [("quest", "answ")]),
        (13, [("questio", "answer")]),
        (100, [("question", "answer")]),
    ],
)
async def test_a_newest_turn_that_does_not_fit_is_cut(
    history: HistoryStore, characters: int, told: list[tuple[str, str]]
) -> None:
    await converse(history, ("earlier", "x" * 100), ("question", "answer"))

    past = await history.window(CHAT, characters=characters)

    assert [(exchange.prompt, exchange.answer) for exchange in past] == told


async def test_what_a_message_was_answered_can_be_left_out(history: HistoryStore) -> None:
    for message_id in (1, 2, None):
        turn = await added(
            history, replace(QUESTION, prompt=str(message_id), message_id=message_id)
        )
        await history.finish(turn.id, TurnState.ANSWERED, answer="1")

    past = await history.window(CHAT, characters=1000, without_message=2)

    assert [exchange.prompt for exchange in past] == ["1", "None"]


async def test_nothing_older_than_what_does_not_fit_is_told(history: HistoryStore) -> None:
    await converse(history, ("a", "1"), ("b", "2" * 100), ("c", "3"))

    assert await prompts(history, characters=50) == "c"


async def test_turns_come_in_the_order_they_ended(history: HistoryStore) -> None:
    early = await history.add(replace(QUESTION, prompt="early"))
    await converse(history, ("late", "answered first"))
    assert early is not None
    await history.finish(early.id, TurnState.ANSWERED, answer="answered last")

    assert await prompts(history, characters=1000) == "late early"


async def test_a_reopened_turn_is_not_past_until_it_ends_again(history: HistoryStore) -> None:
    turn = await history.add(replace(QUESTION, prompt="again"))
    assert turn is not None
    await history.finish(turn.id, TurnState.BROKEN, answer="part")
    await history.reopen(turn.id, person_id=42)

    before = await prompts(history, characters=1000)
    await history.finish(turn.id, TurnState.ANSWERED, answer="whole")

    assert before == ""
    assert await prompts(history, characters=1000) == "again"


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (TurnState.ANSWERED, "a"),
        (TurnState.STOPPED, "a"),
        (TurnState.BROKEN, "a"),
        (TurnState.INTERRUPTED, "a"),
        (TurnState.FAILED, ""),
        (TurnState.DROPPED, ""),
        (TurnState.FORGOTTEN, ""),
    ],
)
async def test_only_what_came_is_told(history: HistoryStore, state: TurnState, told: str) -> None:
    await converse(history, ("a", "1"), ("b", ""), state=state)

    assert await prompts(history, characters=1000) == told


async def test_each_chat_and_topic_has_a_past_of_its_own(history: HistoryStore) -> None:
    topic = ConversationKey(chat_id=42, thread_id=7)
    await converse(history, ("chat", "1"))
    await converse(history, ("topic", "2"), key=topic)
    await converse(history, ("other", "3"), key=ConversationKey(chat_id=43, thread_id=7))

    told = [await prompts(history, key=key, characters=1000) for key in (CHAT, topic)]

    assert told == ["chat", "topic"]


async def test_a_forgotten_past_is_not_told(history: HistoryStore) -> None:
    await converse(history, ("before", "1"))
    await history.forget(CHAT)
    await converse(history, ("after", "2"))

    assert await prompts(history, characters=1000) == "after"


async def test_a_moved_group_keeps_its_past(history: HistoryStore) -> None:
    await converse(history, ("before", "1"))
    await history.move(42, -1009)
    supergroup = ConversationKey(chat_id=-1009)
    await converse(history, ("after", "2"), key=supergroup)

    assert await prompts(history, key=supergroup, characters=1000) == "before after"


async def test_a_past_of_tiny_turns_has_an_end(history: HistoryStore) -> None:
    await converse(history, *(("a", "1") for _ in range(MOST_EXCHANGES + 1)))

    past = await history.window(CHAT, characters=24_000)

    assert len(past) == MOST_EXCHANGES


def cut(exchanges: list[tuple[str, str]], characters: int) -> list[tuple[str, str]]:
    """Cut the newest exchange; one without any answer left is none."""
    if not exchanges or characters < 2:
        return []
    prompt, answer = exchanges[-1]
    answer = answer[: characters // 2]
    return [(prompt[: characters - len(answer)], answer)]


words = st.characters(codec="utf-8", exclude_characters="\0")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)
@given(
    exchanges=st.lists(
        st.tuples(st.text(words, max_size=6), st.text(words, min_size=1, max_size=6)), max_size=6
    ),
    characters=st.integers(0, 60),
)
async def test_the_window_is_the_longest_end_of_the_past_that_fits(
    history: HistoryStore, exchanges: list[tuple[str, str]], characters: int
) -> None:
    await history.forget(CHAT)
    await converse(history, *exchanges)

    past = await history.window(CHAT, characters=characters)

    fitting = [
        exchanges[start:]
        for start in range(len(exchanges) + 1)
        if sum(len(prompt) + len(answer) for prompt, answer in exchanges[start:]) <= characters
    ]
    told = [(exchange.prompt, exchange.answer) for exchange in past]
    assert told == (fitting[0] or cut(exchanges, characters))
