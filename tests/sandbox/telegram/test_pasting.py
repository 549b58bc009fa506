"""Texts that are too long for one message, cut as people's apps cut them."""

import pytest
from aiogram import Bot
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram import Chat, Person
from bot.sandbox.telegram.entities import MAX_TEXT_UNITS, utf16_length
from bot.sandbox.telegram.errors import ImpossibleError
from bot.sandbox.telegram.pasting import pieces

WORDS = st.sampled_from(
    ["fox", "лиса", "🦊" * 30, "a" * 1500, " ", "\n", "\n\n", "\t", "x" * 4096]
)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("short", ["short"]),
        ("a" * 4096, ["a" * 4096]),
        ("a" * 4097, ["a" * 4096, "a"]),
        ("🦊" * 2049, ["🦊" * 2048, "🦊"]),
        ("a" + "🦊" * 2048, ["a" + "🦊" * 2047, "🦊"]),
        ("a" * 4096 + " b", ["a" * 4096, "b"]),
        ("a" * 3000 + " b\nc" + " d" * 600, ["a" * 3000 + " b", "c" + " d" * 600]),
        ("a" * 100 + "\n" + "b" * 4000, ["a" * 100 + "\n" + "b" * 3995, "b" * 5]),
        (" a" * 4096, [("a " * 2048).strip()] * 2),
        (" \n ", []),
    ],
)
def test_a_piece_ends_where_a_line_or_a_word_ends(text: str, cut: list[str]) -> None:
    assert pieces(text) == cut


@given(st.lists(WORDS, max_size=40).map("".join))
def test_nothing_but_whitespace_is_lost(text: str) -> None:
    cut = pieces(text)

    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(0 < utf16_length(piece) <= MAX_TEXT_UNITS for piece in cut)
    assert all(piece == piece.strip() for piece in cut)


async def test_the_pieces_arrive_one_after_the_other(bot: Bot, chat: Chat, ann: Person) -> None:
    said = chat.messages[0]

    sent = chat.paste(ann, "/chat " + "word " * 2000, reply_to=said)

    messages = [update.message for update in await bot.get_updates()][1:]
    assert [one.text for one in messages if one] == [piece.text for piece in sent]
    assert [one.reply_to_message is not None for one in messages if one] == [True, False, False]


def test_a_short_text_is_one_message(chat: Chat, ann: Person) -> None:
    (sent,) = chat.paste(ann, "hello")

    assert sent.text == "hello"


def test_the_pieces_go_to_one_topic(forum: Chat, ann: Person) -> None:
    place = forum.topic("Tea")
    target = forum.send(ann, "more?", thread_id=place)

    sent = forum.paste(ann, "word " * 2000, reply_to=target)

    assert [piece.thread_id for piece in sent] == [place] * 3


def test_a_message_itself_is_not_cut(chat: Chat, ann: Person) -> None:
    with pytest.raises(ImpossibleError, match="no app sends"):
        chat.send(ann, "word " * 2000)
