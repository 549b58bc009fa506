"""Messages that people change after they sent them."""

from datetime import timedelta

import pytest
from aiogram import Bot
from aiogram.types import Message

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError


async def edits(bot: Bot) -> list[Message]:
    return [update.edited_message for update in await bot.get_updates() if update.edited_message]


async def test_an_edit_tells_the_new_text_and_when(bot: Bot, chat: Chat, ann: Person) -> None:
    sent = chat.send(ann, "helo", reply_to=chat.messages[0])

    chat.edit(ann, sent, "hello /chat")

    (edited,) = await edits(bot)
    assert (edited.message_id, edited.text) == (sent.id, "hello /chat")
    assert [entity.type for entity in edited.entities or []] == ["bot_command"]
    assert edited.edit_date is not None
    assert edited.reply_to_message is not None


async def test_an_edit_stays_in_its_topic(bot: Bot, forum: Chat, ann: Person) -> None:
    thread_id = forum.topic("Tea")
    sent = forum.send(ann, "/chat helo", thread_id=thread_id)

    forum.edit(ann, sent, "/chat hello")

    (edited,) = await edits(bot)
    assert (edited.message_thread_id, edited.is_topic_message) == (thread_id, True)


async def test_a_caption_can_be_edited(bot: Bot, chat: Chat, ann: Person) -> None:
    sent = chat.send_document(ann, "fox.txt", b"a fox", caption="what?")

    chat.edit_caption(ann, sent, "what is it?")

    (edited,) = await edits(bot)
    assert (edited.caption, edited.text) == ("what is it?", None)
    assert edited.document is not None


async def test_in_a_group_an_edit_arrives_where_such_a_message_would(
    bot: Bot, group: Chat, ann: Person
) -> None:
    sent = group.send(ann, "hidden")
    group.edit(ann, sent, "/chat seen")
    group.edit(ann, sent, "hidden again")

    assert [message.text for message in await edits(bot)] == ["/chat seen"]


async def test_telegram_tells_of_changes_that_nobody_sees(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    sent = chat.send(ann, "see https://example.org")

    chat.touch(sent)

    (edited,) = await edits(bot)
    assert (edited.text, edited.edit_date is not None) == (sent.text, True)
    assert sent.edited == 0


async def test_an_author_who_hides_can_edit(bot: Bot, group: Chat, ann: Person) -> None:
    sent = group.send(ann, "/chat helo", anonymous=True)

    group.edit(ann, sent, "/chat hello")

    (edited,) = await edits(bot)
    assert edited.sender_chat is not None


async def test_an_author_whose_app_speaks_another_language_by_now_can_edit(
    bot: Bot, server: TelegramServer, chat: Chat, ann: Person
) -> None:
    sent = chat.send(ann, "helo")

    chat.edit(server.change_language(ann, "ru"), sent, "hello")

    assert [message.text for message in await edits(bot)] == ["hello"]


async def test_a_post_of_a_channel_is_edited_as_such(
    bot: Bot, server: TelegramServer, ann: Person
) -> None:
    news = server.channel("News", members=[ann])

    news.edit(ann, news.send(ann, "Rain"), "Sun")

    _, update = await bot.get_updates()
    assert update.edited_channel_post is not None
    assert update.edited_channel_post.text == "Sun"


def test_only_authors_edit(group: Chat, ann: Person, bob: Person) -> None:
    said = group.send(ann, "hello")
    repeated = group.forward(bob, said)

    for message in (said, repeated):
        with pytest.raises(ImpossibleError, match="is not by Bob"):
            group.edit(bob, message, "goodbye")


def test_after_two_days_nobody_edits(chat: Chat, ann: Person) -> None:
    sent = chat.send(ann, "helo")
    sent.date -= timedelta(hours=49)

    with pytest.raises(ImpossibleError, match="too old"):
        chat.edit(ann, sent, "hello")


def test_an_edit_changes_what_is_there(chat: Chat, ann: Person) -> None:
    text, photo = chat.send(ann, "hello"), chat.send_media(ann, "photo", caption="a fox")

    with pytest.raises(ImpossibleError, match="says so already"):
        chat.edit(ann, text, "hello")
    with pytest.raises(ImpossibleError, match="only a caption"):
        chat.edit(ann, photo, "a bear")
    with pytest.raises(ImpossibleError, match="has no caption"):
        chat.edit_caption(ann, text, "a bear")


def test_an_edit_fits_into_one_message(chat: Chat, ann: Person) -> None:
    text, photo = chat.send(ann, "hello"), chat.send_media(ann, "photo", caption="a fox")

    with pytest.raises(ImpossibleError, match="4097 UTF-16 units"):
        chat.edit(ann, text, "a" * 4097)
    with pytest.raises(ImpossibleError, match="1025 UTF-16 units"):
        chat.edit_caption(ann, photo, "a" * 1025)
