"""Command menus."""

import pytest
from aiogram import Bot
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.sandbox.telegram import Chat, TelegramServer
from tests.sandbox.telegram.conftest import Api

START = BotCommand(command="start", description="Begin")


async def test_menus_are_kept_by_audience_and_language(
    bot: Bot, server: TelegramServer, chat: Chat
) -> None:
    in_private, here = BotCommandScopeAllPrivateChats(), BotCommandScopeChat(chat_id=chat.id)
    await bot.set_my_commands([START])
    await bot.set_my_commands([START], scope=in_private, language_code="ru")
    await bot.set_my_commands([START], scope=here)

    assert list(server.commands) == [
        ("default", ""),
        ("all_private_chats", "ru"),
        (f"chat:{chat.id}", ""),
    ]
    assert server.commands["default", ""] == [{"command": "start", "description": "Begin"}]
    (command,) = await bot.get_my_commands(scope=in_private, language_code="ru")
    assert (command.command, command.description) == ("start", "Begin")


async def test_a_menu_can_be_removed(bot: Bot, server: TelegramServer) -> None:
    await bot.set_my_commands([START])
    await bot.delete_my_commands()

    assert server.commands == {}
    assert await bot.get_my_commands() == []


@pytest.mark.parametrize(
    "parameters",
    [
        {"commands": [{"command": "Start", "description": "x"}]},
        {"commands": [{"command": "/start", "description": "x"}]},
        {"commands": [{"command": "a" * 33, "description": "x"}]},
        {"commands": [{"command": "start", "description": ""}]},
        {"commands": [{"command": "start", "description": "x" * 257}]},
        {"commands": [{"command": "start", "description": "x"}] * 101},
        {"commands": []},
        {"scope": {"type": "everybody"}},
        {"scope": {"type": "chat"}},
        {"scope": {"type": "default", "chat_id": 1}},
        {"scope": {"type": "chat_member", "chat_id": 1}},
        {"language_code": "english"},
    ],
)
async def test_a_menu_that_telegram_cannot_show_is_refused(
    api: Api, server: TelegramServer, parameters: dict[str, object]
) -> None:
    fine = [{"command": "start", "description": "x"}]
    answer = await api.call("setMyCommands", **{"commands": fine, **parameters})

    assert answer.status == 400
    assert server.commands == {}
