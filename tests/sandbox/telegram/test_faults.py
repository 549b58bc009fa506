"""Misfortune by script."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError

from bot.sandbox.telegram import Chat, Fault, FaultKind, Person, TelegramServer
from tests.sandbox.telegram.conftest import Api


async def test_a_lost_answer_leaves_the_message(
    bot: Bot, server: TelegramServer, chat: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.LOST_ANSWER, method="sendMessage"))

    with pytest.raises(TelegramNetworkError):
        await bot.send_message(chat.id, "did you get this?")

    assert chat.messages[-1].text == "did you get this?"
    assert (server.calls[-1].ok, server.calls[-1].error_code) == (False, None)


async def test_a_cut_connection_leaves_nothing(
    bot: Bot, server: TelegramServer, chat: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.CUT, chat_id=chat.id))

    with pytest.raises(TelegramNetworkError):
        await bot.send_message(chat.id, "did you get this?")

    assert [message.text for message in chat.messages] == ["/start"]


async def test_a_broken_server_answers_with_a_page(server: TelegramServer, api: Api) -> None:
    server.fail(Fault(kind=FaultKind.SERVER_ERROR, status=500))

    async with api.session.get(f"{api.root}/getMe") as response:
        page = await response.text()

    assert (response.status, response.content_type) == (500, "text/html")
    assert "500 Internal Server Error" in page


async def test_a_delay_is_only_a_delay(bot: Bot, server: TelegramServer, chat: Chat) -> None:
    server.fail(Fault(kind=FaultKind.DELAY, seconds=0.05))

    await bot.send_message(chat.id, "late")

    assert chat.messages[-1].text == "late"


async def test_what_is_answered_late_is_there_at_once(
    bot: Bot, server: TelegramServer, chat: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.LATE_ANSWER, method="sendMessage", seconds=60))

    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(bot.send_message(chat.id, "early"))
        await chat.wait(lambda chat: chat.messages[-1].text == "early")
        is_answered = sending.done()
        sending.cancel()

    assert not is_answered


async def test_a_fault_strikes_as_often_as_written_and_only_where_it_should(
    bot: Bot, server: TelegramServer, chat: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.CUT, method="getMe", times=2))

    await bot.get_updates()
    await bot.send_message(chat.id, "not me")
    for _ in range(2):
        with pytest.raises(TelegramNetworkError):
            await bot.get_me()

    assert (await bot.get_me()).id == server.bot_id


async def test_a_fault_for_all_methods_spares_polling(bot: Bot, server: TelegramServer) -> None:
    server.fail(Fault(kind=FaultKind.CUT))

    assert await bot.get_updates() == []
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()


async def test_while_telegram_is_gone_nobody_is_answered(
    bot: Bot, server: TelegramServer, chat: Chat, ann: Person
) -> None:
    (first,) = await bot.get_updates()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(poll_in_vain(bot, first.update_id + 1))
        await server.polled(10)
        server.down = True
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()
    chat.send(ann, "anybody?")
    server.down = False

    assert server.refused_connections == 1
    assert [update.message.text for update in await bot.get_updates() if update.message] == [
        "anybody?"
    ]


async def poll_in_vain(bot: Bot, offset: int) -> None:
    with pytest.raises(TelegramNetworkError):
        await bot.get_updates(offset=offset, timeout=50)


async def test_the_world_outlives_the_server(bot: Bot, server: TelegramServer, chat: Chat) -> None:
    port = int(server.url.rpartition(":")[2])
    await server.close()
    with pytest.raises(TelegramNetworkError):
        await bot.get_me()

    await server.start(port=port)

    await bot.send_message(chat.id, "back again")
    assert chat.messages[-1].text == "back again"


async def test_closing_ends_long_polls(bot: Bot, server: TelegramServer) -> None:
    async with asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(bot.get_updates(timeout=50))
        await server.polled(10)
        await server.close()

    assert poll.result() == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
async def test_a_body_that_is_no_json_object_is_refused(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with api.session.post(f"{api.root}/getMe", data=body, headers=headers) as response:
        answer = await response.json()

    assert (response.status, answer["description"]) == (
        400,
        "Bad Request: can't parse JSON object",
    )
