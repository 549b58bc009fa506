"""Changes to messages."""

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message, MessageEntity

from bot.sandbox.telegram import Chat, Person

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Stop", callback_data="stop")]]
)


@pytest.fixture
async def sent(bot: Bot, chat: Chat) -> Message:
    return await bot.send_message(chat.id, "one", reply_markup=KEYBOARD)


async def edit(bot: Bot, sent: Message, text: str, *, keyboard: bool = True) -> None:
    await bot.edit_message_text(
        text,
        chat_id=sent.chat.id,
        message_id=sent.message_id,
        reply_markup=KEYBOARD if keyboard else None,
    )


async def test_every_version_of_a_message_is_remembered(
    bot: Bot, chat: Chat, sent: Message
) -> None:
    shown = chat.messages[-1]
    await edit(bot, sent, "one two")
    await edit(bot, sent, "one two three")

    versions = [
        (seen.message_id, seen.text) for seen in chat.history if seen.message_id == shown.id
    ]
    assert [text for _, text in versions] == ["one", "one two", "one two three"]
    assert (shown.text, shown.edited) == ("one two three", 2)
    assert chat.history == sorted(chat.history, key=lambda seen: seen.at)


async def test_an_edit_without_a_keyboard_takes_the_buttons_away(
    bot: Bot, chat: Chat, sent: Message
) -> None:
    await edit(bot, sent, "one", keyboard=False)

    assert chat.messages[-1].buttons == []


async def test_buttons_can_be_changed_alone(bot: Bot, chat: Chat, sent: Message) -> None:
    await bot.edit_message_reply_markup(chat_id=chat.id, message_id=sent.message_id)

    assert (chat.messages[-1].text, chat.messages[-1].buttons) == ("one", [])


@pytest.mark.parametrize("text", ["one", "  one\n"])
async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, sent: Message, text: str) -> None:
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message"):
        await edit(bot, sent, text)


async def test_formatting_alone_is_a_change(bot: Bot, chat: Chat, sent: Message) -> None:
    bold = [MessageEntity(type="bold", offset=0, length=3)]
    await bot.edit_message_text(
        "one", chat_id=chat.id, message_id=sent.message_id, entities=bold, reply_markup=KEYBOARD
    )

    assert chat.messages[-1].entities == [{"type": "bold", "offset": 0, "length": 3}]


async def test_only_own_messages_can_be_edited(bot: Bot, chat: Chat) -> None:
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("x", chat_id=chat.id, message_id=chat.messages[0].id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("x", chat_id=chat.id, message_id=9_999)


async def test_an_edit_is_checked_like_a_message(bot: Bot, sent: Message) -> None:
    with pytest.raises(TelegramBadRequest, match="message is too long"):
        await edit(bot, sent, "a" * 4097)


async def test_a_deleted_message_is_gone_for_good(bot: Bot, chat: Chat, sent: Message) -> None:
    await bot.delete_message(chat.id, sent.message_id)

    assert [message.text for message in chat.messages] == ["/start"]
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(chat.id, sent.message_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await edit(bot, sent, "two")


async def test_a_message_can_be_deleted_for_two_days(bot: Bot, chat: Chat, sent: Message) -> None:
    recent = await bot.send_message(chat.id, "two")
    old, young = chat.messages[-2:]
    old.date -= timedelta(hours=48)
    young.date -= timedelta(hours=47)

    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(chat.id, sent.message_id)
    await bot.delete_message(chat.id, recent.message_id)
    await edit(bot, sent, "still here")

    assert [message.text for message in chat.messages] == ["/start", "still here"]


async def test_in_a_group_a_bot_deletes_only_what_it_wrote(
    bot: Bot, chat: Chat, group: Chat, ann: Person
) -> None:
    theirs = group.send(ann, "/chat hello")

    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(group.id, theirs.id)
    await bot.delete_message(chat.id, chat.messages[0].id)

    assert chat.messages == []
