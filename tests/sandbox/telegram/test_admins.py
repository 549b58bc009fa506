"""Administrators of groups, and what the bot sees as one of them."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import ChatMemberAdministrator, ChatMemberOwner

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError


async def ranks(bot: Bot, chat: Chat) -> dict[int, str]:
    return {one.user.id: one.status for one in await bot.get_chat_administrators(chat.id)}


async def test_the_first_member_owns_a_group(bot: Bot, group: Chat, ann: Person) -> None:
    assert await ranks(bot, group) == {ann.id: "creator"}


async def test_the_owner_makes_administrators_and_dismisses_them(
    bot: Bot, group: Chat, ann: Person, bob: Person
) -> None:
    group.promote(bob)
    promoted = await ranks(bot, group)
    member = await bot.get_chat_member(group.id, bob.id)
    group.demote(bob)

    assert promoted == {ann.id: "creator", bob.id: "administrator"}
    assert isinstance(member, ChatMemberAdministrator)
    assert await ranks(bot, group) == {ann.id: "creator"}


async def test_administrators_may_hide_behind_their_group(
    bot: Bot, group: Chat, ann: Person, bob: Person
) -> None:
    with pytest.raises(ImpossibleError, match="no administrator"):
        group.send(bob, "/chat who am I?", anonymous=True)
    for person in (ann, bob):
        group.promote(person, is_anonymous=True)

    owner, admin = await bot.get_chat_administrators(group.id)
    assert isinstance(owner, ChatMemberOwner)
    assert isinstance(admin, ChatMemberAdministrator)
    assert (owner.is_anonymous, admin.is_anonymous) == (True, True)
    assert group.send(bob, "/chat who am I?", anonymous=True).sender.id != bob.id


async def test_only_the_administrators_of_a_chat_it_is_in_are_told_to_the_bot(
    bot: Bot, chat: Chat, group: Chat
) -> None:
    group.kick_bot()

    with pytest.raises(TelegramBadRequest, match="no administrators in the private chat"):
        await bot.get_chat_administrators(chat.id)
    with pytest.raises(TelegramForbiddenError, match="kicked"):
        await bot.get_chat_administrators(group.id)


async def test_the_bot_hears_of_its_own_rank(
    bot: Bot, server: TelegramServer, group: Chat
) -> None:
    group.promote(server.bot)
    group.demote(server.bot)

    updates = [update.my_chat_member for update in await bot.get_updates()]
    changes = [(one.old_chat_member.status, one.new_chat_member.status) for one in updates if one]
    assert changes == [("member", "administrator"), ("administrator", "member")]


async def test_an_administrator_hears_of_the_rank_of_others_if_it_asks(
    bot: Bot, server: TelegramServer, group: Chat, bob: Person
) -> None:
    await bot.get_updates(allowed_updates=["chat_member"])
    group.promote(bob)
    group.promote(server.bot)
    group.demote(bob)

    (update,) = await bot.get_updates()
    assert update.chat_member is not None
    assert update.chat_member.new_chat_member.status == "member"


async def test_an_administrator_sees_everything_that_is_written(
    bot: Bot, server: TelegramServer, group: Chat, ann: Person
) -> None:
    group.send(ann, "hidden")
    group.promote(server.bot)
    group.send(ann, "seen")
    group.demote(server.bot)
    group.send(ann, "hidden again")

    messages = [update.message for update in await bot.get_updates()]
    assert [one.text for one in messages if one] == ["seen"]
    assert (await bot.get_me()).can_read_all_group_messages is False


async def test_a_bot_that_was_thrown_out_comes_back_as_one_of_many(
    bot: Bot, server: TelegramServer, group: Chat, ann: Person
) -> None:
    group.promote(server.bot)
    group.kick_bot()
    group.add_bot(ann)

    assert server.bot_id not in await ranks(bot, group)


async def test_ranks_survive_the_move_to_a_supergroup(
    bot: Bot, group: Chat, ann: Person, bob: Person
) -> None:
    group.promote(bob)

    moved = group.migrate()

    assert await ranks(bot, moved) == {ann.id: "creator", bob.id: "administrator"}


def test_ranks_are_for_members_of_groups(
    server: TelegramServer, chat: Chat, group: Chat, ann: Person, bob: Person
) -> None:
    for place, person in ((chat, ann), (group, server.person("Eve"))):
        with pytest.raises(ImpossibleError):
            place.promote(person)
    for person in (ann, bob):
        with pytest.raises(ImpossibleError, match="whom anybody could demote"):
            group.demote(person)
