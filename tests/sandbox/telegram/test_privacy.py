"""What reaches a bot in a group."""

import pytest
from aiogram import Bot

from bot.sandbox.telegram import Chat, Person, TelegramServer


async def texts(bot: Bot) -> list[str | None]:
    return [update.message.text for update in await bot.get_updates() if update.message]


@pytest.mark.parametrize(
    "text",
    ["/weather", "/weather@elumenta_bot", "/Weather@ELUMENTA_BOT now", "so, @elumenta_bot, well?"],
)
async def test_what_is_meant_for_the_bot_arrives(
    bot: Bot, group: Chat, ann: Person, text: str
) -> None:
    group.send(ann, text)

    assert await texts(bot) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "what a day",
        "/weather@other_bot",
        "ask @elumenta_bot_2",
        "mail me at ann@elumenta_bot",
        "https://example.org/weather",
        "either/or",
    ],
)
async def test_what_is_meant_for_others_does_not(
    bot: Bot, group: Chat, ann: Person, text: str
) -> None:
    group.send(ann, text)

    assert await texts(bot) == []


async def test_a_reply_to_the_bot_arrives_and_a_reply_to_a_person_does_not(
    bot: Bot, group: Chat, ann: Person, bob: Person
) -> None:
    said = group.send(ann, "nobody listens")
    await bot.send_message(group.id, "I do")

    group.send(bob, "not to you", reply_to=said)
    group.send(ann, "good", reply_to=group.messages[1])

    assert await texts(bot) == ["good"]


async def test_media_without_a_word_for_the_bot_stay_private(
    bot: Bot, group: Chat, ann: Person
) -> None:
    group.send_media(ann, "sticker")
    group.send_media(ann, "photo", caption="holidays")
    group.send_media(ann, "photo", caption="/image like this")

    updates = await bot.get_updates()
    assert [update.message.caption for update in updates if update.message] == ["/image like this"]


async def test_a_person_mentioned_by_name_alone_can_be_the_bot(
    bot: Bot, server: TelegramServer, group: Chat, ann: Person
) -> None:
    user: dict[str, object] = {"id": server.bot_id, "is_bot": True, "first_name": "Elumenta"}
    group.send(
        ann,
        "Elumenta, look",
        entities=[{"type": "text_mention", "offset": 0, "length": 8, "user": user}],
    )

    assert await texts(bot) == ["Elumenta, look"]


async def test_without_privacy_mode_everything_arrives(
    bot: Bot, server: TelegramServer, group: Chat, ann: Person
) -> None:
    server.can_read_all_group_messages = True
    group.send(ann, "what a day")

    assert await texts(bot) == ["what a day"]
    assert (await bot.get_me()).can_read_all_group_messages


async def test_a_bot_that_was_kicked_hears_nothing_more(
    bot: Bot, group: Chat, ann: Person
) -> None:
    group.kick_bot()
    await bot.get_updates(offset=-1)
    group.send(ann, "/chat still there?")

    (note,) = [update.message for update in await bot.get_updates()]
    assert note is not None
    assert note.left_chat_member is not None


async def test_a_deletion_is_not_told(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.delete(chat.send(ann, "oops"))

    assert await texts(bot) == ["/start", "oops"]
    assert [message.text for message in chat.messages] == ["/start"]
