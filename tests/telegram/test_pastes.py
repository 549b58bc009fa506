import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiogram.types import Chat, Message, MessageEntity, User
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram.pasting import pieces
from bot.telegram.filters import to_paste
from bot.telegram.pastes import MOST_PARTS, NEAR_LIMIT, Paste, Pastes

ANN, BOB = (User(id=number, is_bot=False, first_name="Ann") for number in (7, 8))
GROUP = Chat(id=-5, type="supergroup", title="Friends")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
LONG = "x" * 4_096
A_LINE = "A line of a text that somebody has pasted. "


def message(text: str = LONG, **fields: object) -> Message:
    plain = {"message_id": 3, "date": NOW, "chat": GROUP, "from_user": ANN, "text": text}
    return Message.model_validate({**plain, **fields})


def begun(pastes: Pastes, first: Message) -> Paste:
    paste = pastes.take(first)
    assert paste is not None
    return paste


async def joined(texts: list[str]) -> str:
    """Give what becomes of the messages with these texts that one person sends at once."""
    pastes = Pastes(seconds=0)
    paste = begun(pastes, message(texts[0]))
    for text in texts[1:]:
        assert pastes.expects(message(text))
        pastes.add(message(text))
    return await paste.complete(texts[0])


def test_an_ordinary_message_begins_no_paste() -> None:
    pastes = Pastes()

    assert pastes.take(message("x" * (NEAR_LIMIT - 1))) is None
    assert not pastes.expects(message("and more"))


async def test_a_length_is_counted_as_telegram_does() -> None:
    assert Pastes().take(message("🦊" * (NEAR_LIMIT // 2))) is not None


async def test_a_long_message_that_nothing_follows_is_a_whole() -> None:
    paste = begun(Pastes(seconds=0), message())

    assert await paste.complete("asked") == "asked"
    assert paste.is_whole


async def test_a_short_part_ends_a_paste_at_once() -> None:
    pastes = Pastes(seconds=3600)
    paste = begun(pastes, message())

    pastes.add(message("the end"))

    assert await paste.complete(LONG) == f"{LONG}the end"
    assert not pastes.expects(message("something else"))


async def test_a_part_that_comes_while_it_is_waited_for_is_taken() -> None:
    pastes = Pastes(seconds=3600)
    paste = begun(pastes, message())

    async with asyncio.TaskGroup() as tasks:
        whole = tasks.create_task(paste.complete(LONG))
        await asyncio.sleep(0)
        pastes.add(message())
        await asyncio.sleep(0)
        pastes.add(message("the end"))

    assert whole.result() == f"{LONG}{LONG}the end"


async def test_what_an_app_cut_between_lines_is_joined_by_a_line_break() -> None:
    line = "x" * 4_000

    assert await joined([line, line, "end"]) == f"{line}\n{line}\nend"


@pytest.mark.parametrize(
    "other",
    [
        message(from_user=BOB),
        message(chat=Chat(id=-6, type="supergroup", title="Foes")),
        message(message_thread_id=4, is_topic_message=True),
        message(sender_chat=GROUP),
        message(reply_to_message=message("something else")),
        message(date=NOW + timedelta(seconds=3)),
        message("", caption="a picture"),
    ],
)
async def test_what_somebody_else_says_or_says_elsewhere_is_no_part(other: Message) -> None:
    pastes = Pastes()
    begun(pastes, message())

    assert not pastes.expects(other)
    assert pastes.expects(message())


async def test_parts_that_all_reply_to_the_same_message_belong_together() -> None:
    pastes, replied = Pastes(), message("why?", message_id=1)
    begun(pastes, message(reply_to_message=replied))

    assert pastes.expects(message(reply_to_message=replied))
    assert pastes.expects(message())


async def test_a_command_is_no_part() -> None:
    pastes = Pastes()
    begun(pastes, message())
    command = MessageEntity(type="bot_command", offset=0, length=5)

    assert await to_paste(message("more"), pastes)
    assert not await to_paste(message("/stop", entities=[command]), pastes)


async def test_a_paste_without_end_ends() -> None:
    pastes = Pastes(seconds=3600)
    paste = begun(pastes, message())

    for _ in range(MOST_PARTS - 1):
        assert pastes.expects(message())
        pastes.add(message())

    assert await paste.complete(LONG) == LONG * MOST_PARTS
    assert not pastes.expects(message())


async def test_two_people_paste_at_the_same_time_and_place() -> None:
    pastes = Pastes()
    hers, his = begun(pastes, message()), begun(pastes, message(from_user=BOB))

    pastes.add(message("hers"))
    pastes.add(message("his", from_user=BOB))

    assert await hers.complete("") == "hers"
    assert await his.complete("") == "his"


@given(st.text(alphabet="abя🦊", min_size=1, max_size=20), st.integers(1, 3_000))
async def test_a_text_without_a_blank_is_put_together_as_it_was(word: str, times: int) -> None:
    text = word * times

    if (parts := pieces(text))[1:]:
        assert await joined(parts) == text


@given(
    st.lists(st.sampled_from([A_LINE, A_LINE * 3, "А строка по-русски. ", "\n"]), max_size=300),
    st.integers(0, 900),
)
async def test_no_word_of_a_paste_is_lost(lines: list[str], shift: int) -> None:
    text = "\n".join(["#" * shift, *lines, *[A_LINE * 3] * 50])

    whole = await joined(pieces(text))

    assert "".join(whole.split()) == "".join(text.split())
