"""Which commands a person is offered."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeChatAdministrators,
    BotCommandScopeChatMember,
    BotCommandScopeUnion,
)

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError


def commands(name: str) -> list[BotCommand]:
    return [BotCommand(command=name, description="It does something")]


async def test_nobody_is_offered_anything_before_a_menu_is_set(chat: Chat, ann: Person) -> None:
    assert chat.menu(ann) == []


async def test_the_menu_of_a_private_chat_is_the_narrowest_one(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    scopes: list[BotCommandScopeUnion | None] = [
        None,
        BotCommandScopeAllPrivateChats(),
        BotCommandScopeChat(chat_id=chat.id),
    ]
    await bot.set_my_commands(commands("group"), scope=BotCommandScopeAllGroupChats())

    seen = []
    for number, scope in enumerate(scopes):
        await bot.set_my_commands(commands(f"all_{number}"), scope=scope)
        seen += chat.menu(ann)
        await bot.set_my_commands(commands(f"en_{number}"), scope=scope, language_code="en")
        seen += chat.menu(ann)

    assert seen == ["all_0", "en_0", "all_1", "en_1", "all_2", "en_2"]


async def test_the_menu_of_a_group_depends_on_who_looks(
    bot: Bot, group: Chat, ann: Person, bob: Person
) -> None:
    scopes: dict[str, BotCommandScopeUnion | None] = {
        "default": None,
        "groups": BotCommandScopeAllGroupChats(),
        "admins": BotCommandScopeAllChatAdministrators(),
        "here": BotCommandScopeChat(chat_id=group.id),
        "admins_here": BotCommandScopeChatAdministrators(chat_id=group.id),
        "bob_here": BotCommandScopeChatMember(chat_id=group.id, user_id=bob.id),
    }
    await bot.set_my_commands(commands("private"), scope=BotCommandScopeAllPrivateChats())

    seen = []
    for name, scope in scopes.items():
        await bot.set_my_commands(commands(name), scope=scope)
        seen.append(group.menu(ann) + group.menu(bob))

    assert seen == [
        ["default", "default"],
        ["groups", "groups"],
        ["admins", "groups"],
        ["here", "here"],
        ["admins_here", "here"],
        ["admins_here", "bob_here"],
    ]


async def test_a_narrow_menu_without_the_language_hides_a_wide_one_with_it(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    await bot.set_my_commands(commands("wide"), language_code="en")
    await bot.set_my_commands(commands("narrow"), scope=BotCommandScopeChat(chat_id=chat.id))
    narrow = chat.menu(ann)

    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=chat.id))

    assert (narrow, chat.menu(ann)) == (["narrow"], ["wide"])


@pytest.mark.parametrize(
    ("language", "offered"), [("pt-br", "pt"), ("pt", "pt"), ("ru", "all"), (None, "all")]
)
async def test_a_language_has_two_letters(
    bot: Bot, server: TelegramServer, language: str | None, offered: str
) -> None:
    eve = server.person("Eve", language_code=language)
    await bot.set_my_commands(commands("all"))
    await bot.set_my_commands(commands("pt"), language_code="pt")

    assert server.private_chat(eve).menu(eve) == [offered]


async def test_a_bot_that_is_gone_offers_nothing(
    bot: Bot, group: Chat, ann: Person, bob: Person
) -> None:
    await bot.set_my_commands(commands("start"))
    await bot.leave_chat(group.id)

    assert group.menu(bob) == []
    group.add_bot(ann)
    assert group.menu(bob) == ["start"]


async def test_only_members_look_at_the_menu(chat: Chat, bob: Person) -> None:
    with pytest.raises(ImpossibleError, match="no member"):
        chat.menu(bob)


async def test_a_person_has_a_menu_as_soon_as_the_bot_has_met_them(
    bot: Bot, server: TelegramServer, group: Chat, bob: Person
) -> None:
    scope = BotCommandScopeChat(chat_id=bob.id)
    for call in (
        bot.set_my_commands(commands("start"), scope=scope),
        bot.delete_my_commands(scope=scope),
    ):
        with pytest.raises(TelegramBadRequest, match="chat not found"):
            await call

    group.send(bob, "/chat I am Bob")
    await bot.set_my_commands(commands("start"), scope=scope)

    assert server.private_chat(bob).menu(bob) == ["start"]


async def test_who_blocked_the_bot_still_has_a_menu(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.block(ann)

    await bot.set_my_commands(commands("start"), scope=BotCommandScopeChat(chat_id=chat.id))

    assert chat.menu(ann) == ["start"]


async def test_a_chat_that_the_bot_does_not_belong_to_gets_no_menu_from_it(
    bot: Bot, server: TelegramServer, group: Chat, ann: Person
) -> None:
    abroad = server.group("Abroad", members=[ann], has_bot=False)
    group.kick_bot()

    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.set_my_commands(commands("x"), scope=BotCommandScopeChat(chat_id=abroad.id))
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the group chat"):
        await bot.set_my_commands(commands("x"), scope=BotCommandScopeChat(chat_id=group.id))


async def test_a_scope_has_to_fit_its_chat(
    bot: Bot, server: TelegramServer, chat: Chat, group: Chat, ann: Person
) -> None:
    news = server.channel("News", members=[ann])
    scopes: dict[str, BotCommandScopeUnion] = {
        "can't use specified scope in private": BotCommandScopeChatAdministrators(chat_id=chat.id),
        "can't change commands in channel": BotCommandScopeChat(chat_id=news.id),
        "user not found": BotCommandScopeChatMember(chat_id=group.id, user_id=1),
    }

    for problem, scope in scopes.items():
        with pytest.raises(TelegramBadRequest, match=problem):
            await bot.set_my_commands(commands("x"), scope=scope)
    assert server.commands == {}
