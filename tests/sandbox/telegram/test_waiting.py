"""How a test looks at a chat, and how it is told of its own mistakes."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.types import ReplyParameters

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError


async def test_a_reply_is_told_apart_from_other_messages(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    first = chat.send(ann, "first")
    second = chat.send(ann, "second")

    async with asyncio.TaskGroup() as tasks:
        answer = tasks.create_task(chat.reply_to(second))
        any_message = tasks.create_task(chat.next_from_bot(after=first))
        await bot.send_message(chat.id, "by the way")
        await bot.send_message(
            chat.id, "answer", reply_parameters=ReplyParameters(message_id=second.id)
        )

    assert answer.result().text == "answer"
    assert any_message.result().text == "by the way"


async def test_a_wait_returns_what_was_found(bot: Bot, chat: Chat) -> None:
    await bot.send_message(chat.id, "one")
    await bot.send_message(chat.id, "two")

    found = await chat.wait(lambda chat: [seen.text for seen in chat.messages if seen.from_bot])

    assert found == ["one", "two"]


async def test_a_wait_in_vain_shows_the_chat(chat: Chat, ann: Person) -> None:
    chat.send(ann, "is anybody there?", reply_to=chat.messages[0])

    with pytest.raises(AssertionError, match=r"Ann: re \d+ is anybody there\?"):
        await chat.wait(lambda chat: len(chat.messages) > 9, timeout=0.01)


async def test_a_bot_that_does_not_start_is_noticed(server: TelegramServer) -> None:
    with pytest.raises(AssertionError, match="did not ask for updates"):
        await server.polled(0.01)

    assert server.last_poll is None


async def test_a_poll_leaves_its_time(bot: Bot, server: TelegramServer) -> None:
    await bot.get_updates()

    assert server.last_poll is not None


async def test_people_can_do_only_what_their_app_lets_them(
    chat: Chat, group: Chat, ann: Person, bob: Person
) -> None:
    message = chat.messages[0]
    chat.send(ann, "x" * 100_000, force=True)

    for attempt in (
        lambda: chat.send(ann, "x" * 4097),
        lambda: chat.send(bob, "not my chat"),
        lambda: chat.send(ann, "x", reply_to=message, quote="not in there"),
        lambda: chat.send(ann, "x", thread_id=1),
        lambda: chat.send_media(ann, "hologram"),
        lambda: chat.topic("No forum"),
        chat.migrate,
        lambda: group.edit(bob, message, "not mine"),
    ):
        with pytest.raises(ImpossibleError):
            attempt()


async def test_nobody_writes_where_nobody_reads(chat: Chat, group: Chat, ann: Person) -> None:
    chat.block(ann)
    group.migrate()

    with pytest.raises(ImpossibleError, match="unblock"):
        chat.send(ann, "hello?")
    with pytest.raises(ImpossibleError, match="supergroup"):
        group.send(ann, "hello?")
