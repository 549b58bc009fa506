"""Pressed buttons and their answers."""

import aiogram.types
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)

from bot.sandbox.telegram import Chat, Message, Person
from bot.sandbox.telegram.errors import ImpossibleError
from tests.sandbox.telegram.conftest import Api, Clock

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Yes", callback_data="yes:1"),
            InlineKeyboardButton(text="No", callback_data="no:1"),
            InlineKeyboardButton(text="Terms", url="https://example.org"),
        ]
    ]
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def offer(bot: Bot, chat: Chat) -> Message:
    await bot.send_message(chat.id, "Really?", reply_markup=KEYBOARD)
    return chat.messages[-1]


async def query(bot: Bot) -> CallbackQuery:
    (update,) = await bot.get_updates(offset=-1)
    assert update.callback_query is not None
    return update.callback_query


async def test_a_press_reaches_the_bot_and_its_answer_the_person(
    bot: Bot, chat: Chat, ann: Person, offer: Message
) -> None:
    press = chat.press(ann, offer, "Yes")
    pressed = await query(bot)
    await bot.answer_callback_query(pressed.id, text="Done", show_alert=True)

    answer = await press.answer()
    assert (answer.text, answer.show_alert) == ("Done", True)
    assert (pressed.data, pressed.from_user.id) == ("yes:1", ann.id)
    assert pressed.message is not None
    assert pressed.message.message_id == offer.id


async def test_an_answer_may_say_nothing(
    bot: Bot, chat: Chat, ann: Person, offer: Message
) -> None:
    press = chat.press(ann, offer, "No")
    await bot.answer_callback_query((await query(bot)).id)

    assert (await press.answer()).text == ""


async def test_a_press_is_answered_once(bot: Bot, chat: Chat, ann: Person, offer: Message) -> None:
    chat.press(ann, offer, "Yes")
    pressed = await query(bot)
    await bot.answer_callback_query(pressed.id)

    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await bot.answer_callback_query(pressed.id)


async def test_an_answer_after_half_a_minute_is_too_late(
    bot: Bot, chat: Chat, ann: Person, offer: Message, clock: Clock
) -> None:
    chat.press(ann, offer, "Yes")
    pressed = await query(bot)
    clock.tick(31)

    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await bot.answer_callback_query(pressed.id)


async def test_an_unknown_press_cannot_be_answered(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match=TOO_OLD):
        await bot.answer_callback_query("1")


async def test_a_spinner_that_never_ends_fails_the_test(
    chat: Chat, ann: Person, offer: Message
) -> None:
    press = chat.press(ann, offer, "Yes")

    with pytest.raises(AssertionError, match="'yes:1' was not answered"):
        await press.answer(timeout=0.01)


@pytest.mark.parametrize("label", ["Maybe", "Terms", None])
async def test_only_a_button_that_is_there_can_be_pressed(
    chat: Chat, ann: Person, offer: Message, label: str | None
) -> None:
    with pytest.raises(ImpossibleError, match="Yes"):
        chat.press(ann, offer, label)


async def test_a_button_that_was_taken_away_can_still_be_pressed_by_who_was_slow(
    bot: Bot, chat: Chat, ann: Person, offer: Message
) -> None:
    button = offer.buttons[0][0]
    await bot.edit_message_reply_markup(chat_id=chat.id, message_id=offer.id)

    press = chat.press_old(ann, offer, button)

    pressed = await query(bot)
    assert (pressed.id, pressed.data) == (press.id, "yes:1")
    assert isinstance(pressed.message, aiogram.types.Message)
    assert pressed.message.reply_markup is None


async def test_of_a_message_that_is_gone_a_press_tells_only_where_it_was(
    bot: Bot, chat: Chat, ann: Person, offer: Message
) -> None:
    chat.delete(offer)

    chat.press(ann, offer, "Yes")

    pressed = await query(bot)
    assert isinstance(pressed.message, InaccessibleMessage)
    assert (pressed.message.chat.id, pressed.message.message_id) == (chat.id, offer.id)


def test_only_members_see_a_button(chat: Chat, bob: Person, offer: Message) -> None:
    with pytest.raises(ImpossibleError, match="Bob is no member"):
        chat.press(bob, offer, "Yes")


def test_a_button_that_opens_an_address_calls_nobody(
    chat: Chat, ann: Person, offer: Message
) -> None:
    with pytest.raises(ImpossibleError, match="calls nobody back"):
        chat.press_old(ann, offer, offer.buttons[0][2])


async def test_a_word_to_whoever_pressed_is_a_short_one(
    bot: Bot, chat: Chat, ann: Person, offer: Message
) -> None:
    press = chat.press(ann, offer, "Yes")

    with pytest.raises(TelegramBadRequest, match="MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(press.id, text="a" * 201)

    await bot.answer_callback_query(press.id, text="a" * 200)
    assert len((await press.answer()).text) == 200


async def test_an_address_is_no_answer_to_a_press(
    api: Api, chat: Chat, ann: Person, offer: Message
) -> None:
    press = chat.press(ann, offer, "Yes")

    answer = await api.call("answerCallbackQuery", callback_query_id=press.id, url="https://a.b")

    assert answer.description == "Bad Request: URL_INVALID"
