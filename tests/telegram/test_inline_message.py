from dataclasses import replace
from datetime import UTC, datetime

import pytest
from aiogram import Bot
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Localizer, Translator
from bot.model import ConversationKey, Question
from bot.sandbox.telegram import Chat, Fault, FaultKind, Message, Person, TelegramServer
from bot.telegram.asides import placeholder
from bot.telegram.formatted import utf16_length
from bot.telegram.inline_message import InlineMessage, heading_of, in_one_message
from bot.telegram.render import render_parts
from bot.telegram.split import MAX_MESSAGE_LENGTH
from tests.telegram.entity_rules import violations
from tests.telegram.markdown_samples import UNHURRIED, wild_markdown

ASKED_AT = datetime(2026, 11, 21, tzinfo=UTC)
CUT = "too long for one message"


@pytest.fixture
def t(translator: Translator) -> Localizer:
    return translator.for_locale("en")


@pytest.fixture
def abroad(server: TelegramServer, ann: Person) -> Chat:
    return server.group("Abroad", members=[ann], has_bot=False)


@pytest.fixture
async def question(
    bot: Bot, server: TelegramServer, abroad: Chat, ann: Person, t: Localizer
) -> Question:
    """What Ann asked inline; its message is the last one of the chat."""
    query = abroad.guest_query(ann, f"@{server.username} why?")
    sent = await bot.answer_guest_query(query.id, placeholder(t, now=ASKED_AT))
    return Question(
        key=ConversationKey(chat_id=ann.id),
        message_id=None,
        person_id=ann.id,
        language="en",
        asked_at=ASKED_AT,
        prompt="why?",
        inline_message_id=sent.inline_message_id,
    )


@pytest.fixture
def message(bot: Bot, question: Question, t: Localizer) -> InlineMessage:
    return InlineMessage(bot, question, t)


async def show(message: InlineMessage, markdown: str) -> None:
    await message.show(render_parts(markdown), keyboard=None, is_enough=lambda: False)


def shown(chat: Chat) -> Message:
    return chat.messages[-1]


async def test_the_question_stands_above_the_answer(message: InlineMessage, abroad: Chat) -> None:
    await show(message, "Because it **is**.")

    assert shown(abroad).text == "❓ why?\n\nBecause it is."
    [bold] = shown(abroad).entities
    assert bold == {"type": "bold", "offset": 19, "length": 2}


async def test_the_answer_to_a_guest_replies_to_the_question(
    bot: Bot, question: Question, t: Localizer, abroad: Chat
) -> None:
    await show(InlineMessage(bot, replace(question, message_id=1), t), "Because.")

    assert shown(abroad).text == "Because."


async def test_a_long_answer_is_cut_and_says_so(message: InlineMessage, abroad: Chat) -> None:
    await show(message, "**lorem** ipsum " * 1_000)

    text = shown(abroad).text
    assert text.startswith("❓ why?\n\nlorem ipsum lorem")
    assert CUT in text
    assert 3_000 < utf16_length(text) <= 4_096


async def test_nothing_is_cut_of_what_just_fits(message: InlineMessage, abroad: Chat) -> None:
    room = 4_096 - len("❓ why?\n\n")

    await show(message, "x" * room)

    assert shown(abroad).text == "❓ why?\n\n" + "x" * room


async def test_what_was_dropped_is_not_left_waiting(message: InlineMessage, abroad: Chat) -> None:
    await message.show([], keyboard=None, is_enough=lambda: False)

    assert "dropped" in shown(abroad).text


async def test_the_same_answer_can_be_shown_twice(message: InlineMessage, abroad: Chat) -> None:
    for _ in range(2):
        await show(message, "Because.")

    assert shown(abroad).text.endswith("Because.")


async def test_what_nobody_can_see_any_more_is_let_be(
    bot: Bot, question: Question, t: Localizer, abroad: Chat
) -> None:
    gone = replace(question, inline_message_id="gone")

    await show(InlineMessage(bot, gone, t), "Because.")

    assert "Because." not in shown(abroad).text


@pytest.mark.usefixtures("impatience")
async def test_flood_control_delays_an_answer_and_does_not_lose_it(
    server: TelegramServer, message: InlineMessage, abroad: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.RETRY_AFTER, method="editMessageText", times=2))

    await show(message, "Because.")

    assert shown(abroad).text.endswith("Because.")


@UNHURRIED
@given(
    prompt=st.text("abc😀 ", min_size=1, max_size=256).map(lambda text: f"x{text}".strip()),
    markdown=wild_markdown(),
    times=st.integers(1, 60),
)
def test_whatever_is_answered_fits_into_one_message(
    prompt: str, markdown: str, times: int
) -> None:
    parts = [heading_of(prompt), *render_parts("\n\n".join([markdown] * times))]

    one = in_one_message(parts, note=CUT)

    assert violations(one, MAX_MESSAGE_LENGTH) == []
    assert one.text.startswith(f"❓ {prompt}")
    if not one.text.endswith(CUT):
        assert one.text == "\n\n".join(part.text for part in parts)
