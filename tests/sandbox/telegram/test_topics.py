"""Topics: of forums, and of private chats."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError
from tests.sandbox.telegram.conftest import PATIENT, Clock

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Stop", callback_data="stop")]]
)


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[TelegramServer]:
    """A server where private chats with the bot have topics."""
    server = TelegramServer(limits=PATIENT, clock=clock, has_topics=True)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
def chat(server: TelegramServer, ann: Person) -> Chat:
    return server.private_chat(ann)


async def news(bot: Bot) -> list[Update]:
    updates = await bot.get_updates()
    await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


async def test_what_is_typed_outside_of_topics_begins_one(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    sent = chat.send(ann, "why is\nthe sky blue?")

    created, asked = [update.message for update in await news(bot)]
    assert created is not None
    assert created.forum_topic_created is not None
    assert created.forum_topic_created.name == "why is the sky blue?"
    assert created.forum_topic_created.is_name_implicit
    assert created.message_thread_id == created.message_id
    assert asked is not None
    assert (asked.message_thread_id, asked.is_topic_message) == (created.message_id, True)
    assert asked.text == sent.text
    assert chat.topics == {created.message_id: "why is the sky blue?"}


async def test_every_message_outside_begins_another(chat: Chat, ann: Person) -> None:
    first, second = chat.send(ann, "one"), chat.send_media(ann, "photo")
    third = chat.send_document(ann, "a.txt", b"a", caption="c" * 200)

    assert list(chat.topics.values()) == ["one", "New Chat", "c" * 128]
    assert len({first.thread_id, second.thread_id, third.thread_id}) == 3


async def test_what_is_written_in_a_topic_stays_there(bot: Bot, chat: Chat, ann: Person) -> None:
    first = chat.send(ann, "one")
    chat.send(ann, "two", thread_id=first.thread_id)
    edited = chat.send(ann, "three", reply_to=first)
    chat.edit(ann, edited, "four")

    messages = [update.message or update.edited_message for update in await news(bot)]
    assert {one.message_thread_id for one in messages if one} == {first.thread_id}
    assert len(messages) == 5


async def test_a_paste_begins_one_topic(chat: Chat, ann: Person) -> None:
    sent = chat.paste(ann, "word " * 2000)

    assert len(chat.topics) == 1
    assert {piece.thread_id for piece in sent} == set(chat.topics)


async def test_a_topic_that_somebody_names_has_no_implicit_name(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    thread_id = chat.topic("Cooking")
    chat.send(ann, "an egg?", thread_id=thread_id)

    created, _ = [update.message for update in await news(bot)]
    assert created is not None
    assert created.forum_topic_created is not None
    assert created.forum_topic_created.name == "Cooking"
    assert created.forum_topic_created.is_name_implicit is None


def test_an_owner_may_leave_topics_to_the_bot(ann: Person) -> None:
    server = TelegramServer(has_topics=True, allows_users_to_create_topics=False)
    chat = server.private_chat(ann)

    sent = chat.send(ann, "hello")

    assert (sent.thread_id, chat.topics) == (None, {})
    with pytest.raises(ImpossibleError, match="open no topics"):
        chat.topic("Cooking")


async def test_the_bot_knows_whether_there_are_topics(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.has_topics_enabled, me.allows_users_to_create_topics) == (True, True)


async def test_a_press_tells_its_topic(bot: Bot, chat: Chat, ann: Person) -> None:
    asked = chat.send(ann, "one")
    await bot.send_message(chat.id, "1", message_thread_id=asked.thread_id, reply_markup=KEYBOARD)
    await news(bot)

    chat.press(ann, chat.messages[-1])

    (update,) = await news(bot)
    assert update.callback_query is not None
    message = update.callback_query.message
    assert message is not None
    assert message.model_dump()["message_thread_id"] == asked.thread_id
    assert message.model_dump()["is_topic_message"] is True


async def test_there_is_no_general_topic(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send(ann, "one")
    chat.send(ann, "two")
    assert 1 in chat.topics
    chat.delete_topic(1)

    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(chat.id, "hello", message_thread_id=1)
    await bot.send_message(chat.id, "hello to all")


async def test_a_deleted_topic_is_gone_with_all_its_messages(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    doomed, kept = chat.send(ann, "one"), chat.send(ann, "two")
    said = await bot.send_message(chat.id, "1", message_thread_id=doomed.thread_id)
    await news(bot)

    chat.delete_topic(doomed.thread_id or 0)

    assert {message.thread_id for message in chat.messages} == {kept.thread_id}
    assert await bot.get_updates() == []
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(chat.id, "1", message_thread_id=doomed.thread_id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("2", chat_id=chat.id, message_id=said.message_id)


async def test_an_action_may_name_a_topic_that_is_gone(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send(ann, "one")

    assert await bot.send_chat_action(chat.id, "typing", message_thread_id=77)
    assert chat.actions[-1].thread_id == 77


async def test_the_bot_names_a_topic(bot: Bot, chat: Chat, ann: Person) -> None:
    asked = chat.send(ann, "one")
    assert asked.thread_id is not None
    await news(bot)

    await bot.edit_forum_topic(chat.id, asked.thread_id, name="Numbers")

    assert chat.topics == {asked.thread_id: "Numbers"}
    assert (chat.messages[-1].kind, chat.messages[-1].from_bot) == ("forum_topic_edited", False)


async def test_the_bot_hears_of_what_it_does_to_topics(
    bot: Bot, server: TelegramServer, chat: Chat, ann: Person
) -> None:
    chat.send(ann, "one")
    await news(bot)

    topic = await bot.create_forum_topic(chat.id, "Numbers")
    await bot.edit_forum_topic(chat.id, topic.message_thread_id, name="Digits")

    created, edited = [update.message for update in await news(bot)]
    assert created is not None
    assert created.forum_topic_created is not None
    assert created.forum_topic_created.is_name_implicit is None
    assert edited is not None
    assert edited.forum_topic_edited is not None
    assert edited.forum_topic_edited.name == "Digits"
    assert edited.message_thread_id == topic.message_thread_id
    authors = [one.from_user.id for one in (created, edited) if one.from_user is not None]
    assert authors == [server.bot_id, server.bot_id]


async def test_the_note_that_opened_a_topic_cannot_be_deleted(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    thread_id = chat.send(ann, "one").thread_id or 0

    with pytest.raises(TelegramBadRequest, match="message can't be deleted"):
        await bot.delete_message(chat.id, thread_id)


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("one", "TOPIC_NOT_MODIFIED"),
        (None, "TOPIC_NOT_MODIFIED"),
        ("a" * 129, "wrong parameter name"),
    ],
)
async def test_a_name_that_changes_nothing_or_is_too_long_is_refused(
    bot: Bot, chat: Chat, ann: Person, name: str | None, refusal: str
) -> None:
    thread_id = chat.send(ann, "one").thread_id or 0

    with pytest.raises(TelegramBadRequest, match=refusal):
        await bot.edit_forum_topic(chat.id, thread_id, name=name)


async def test_a_topic_that_is_not_there_has_no_name(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send(ann, "one")

    with pytest.raises(TelegramBadRequest, match="TOPIC_ID_INVALID"):
        await bot.edit_forum_topic(chat.id, 77, name="two")


async def test_the_bot_opens_a_topic(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send(ann, "one")

    topic = await bot.create_forum_topic(chat.id, "Numbers")

    await bot.send_message(chat.id, "1", message_thread_id=topic.message_thread_id)
    assert chat.topics[topic.message_thread_id] == "Numbers"
    assert chat.messages[-1].thread_id == topic.message_thread_id


async def test_in_a_forum_only_administrators_touch_topics(
    bot: Bot, server: TelegramServer, forum: Chat
) -> None:
    thread_id = forum.topic("Tea")
    for can_manage_topics in (None, False):
        if can_manage_topics is not None:
            forum.promote(server.bot, can_manage_topics=can_manage_topics)
        with pytest.raises(TelegramBadRequest, match="not enough rights to edit the topic"):
            await bot.edit_forum_topic(forum.id, thread_id, name="Coffee")

    forum.promote(server.bot)
    await bot.edit_forum_topic(forum.id, thread_id, name="Coffee")

    assert forum.topics[thread_id] == "Coffee"


async def test_where_there_are_no_topics_none_can_be_touched(
    bot: Bot, group: Chat, ann: Person
) -> None:
    with pytest.raises(TelegramBadRequest, match="the chat is not a forum"):
        await bot.create_forum_topic(group.id, "Tea")
    with pytest.raises(ImpossibleError, match="open no topics"):
        group.topic("Tea")
    assert group.send(ann, "hello").thread_id is None
