"""Messages that ask people to reply."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import ForceReply

from bot.sandbox.telegram import Chat, Person, TelegramServer
from tests.sandbox.telegram.conftest import Api
from tests.sandbox.telegram.samples import PHOTO

ASK = ForceReply(force_reply=True, input_field_placeholder="a fox", selective=True)


async def test_people_are_asked_to_reply(bot: Bot, chat: Chat) -> None:
    asked = await bot.send_message(chat.id, "What should it show?", reply_markup=ASK)
    await bot.send_message(chat.id, "No hurry.")
    await bot.send_photo(chat.id, PHOTO, reply_markup=ASK)

    assert [message.force_reply for message in chat.messages[1:]] == [True, False, True]
    assert chat.messages[1].buttons == []
    assert asked.reply_markup is None


@pytest.mark.parametrize(
    ("markup", "description"),
    [
        ({"force_reply": False}, "wrong parameter reply_markup.ForceReply.force_reply"),
        ({"force_reply": True, "input_field_placeholder": ""}, "input_field_placeholder"),
        ({"force_reply": True, "input_field_placeholder": "a" * 65}, "input_field_placeholder"),
        ({"force_reply": True, "selective": "yes"}, "wrong parameter"),
        ({"force_reply": True, "inline_keyboard": []}, "unexpected parameter"),
        ({"keyboard": [["A"]]}, "reply_markup.InlineKeyboardMarkup.inline_keyboard is empty"),
        ("force", "wrong parameter reply_markup"),
    ],
)
async def test_a_markup_is_one_thing_or_the_other(
    api: Api, chat: Chat, markup: object, description: str
) -> None:
    answer = await api.call("sendMessage", chat_id=chat.id, text="?", reply_markup=markup)

    assert answer.status == 400
    assert description in str(answer.description)


async def test_a_placeholder_of_64_characters_fits(bot: Bot, chat: Chat) -> None:
    markup = ForceReply(force_reply=True, input_field_placeholder="ж" * 64)
    await bot.send_message(chat.id, "?", reply_markup=markup)

    assert chat.messages[-1].force_reply


async def test_who_was_asked_to_reply_keeps_the_question(bot: Bot, chat: Chat) -> None:
    asked = await bot.send_message(chat.id, "What should it show?", reply_markup=ASK)

    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("Never mind", chat_id=chat.id, message_id=asked.message_id)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_reply_markup(chat_id=chat.id, message_id=asked.message_id)
    await bot.delete_message(chat.id, asked.message_id)

    assert len(chat.messages) == 1


async def test_only_a_new_message_can_ask(api: Api, bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, "one")

    answer = await api.call(
        "editMessageText",
        chat_id=chat.id,
        message_id=sent.message_id,
        text="two",
        reply_markup={"force_reply": True},
    )

    assert answer.description == "Bad Request: inline keyboard expected"


async def test_nobody_can_be_asked_in_a_channel(
    bot: Bot, server: TelegramServer, ann: Person
) -> None:
    news = server.channel("News", members=[ann])

    with pytest.raises(TelegramBadRequest, match="inline keyboard expected"):
        await bot.send_message(news.id, "?", reply_markup=ASK)
