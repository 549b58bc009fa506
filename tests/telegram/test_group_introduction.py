from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.elumenta import ElumentaClient
from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.settings import GroupControl
from bot.storage.engine import Database
from tests.owning import create_owning
from tests.telegram.seeing import by_bot
from tests.telegram.talk import Talk, open_talk

PRIVACY = "/setprivacy"


@pytest.fixture
async def talk(bot: Bot, database: Database) -> AsyncIterator[Talk]:
    async with open_talk(bot, database) as talk:
        yield talk


def added(server: TelegramServer, person: Person) -> Chat:
    """Have somebody bring the bot to a new group of theirs."""
    return server.group("Friends", members=[person])


def arrival(group: Chat, server: TelegramServer, person: Person) -> dict[str, object]:
    """What Telegram may tell of a supergroup that has just been made of a group."""
    bot = {"id": server.bot.id, "is_bot": True, "first_name": server.bot.first_name}
    return {
        "chat": {"id": group.id, "type": "supergroup", "title": group.title},
        "from": {"id": person.id, "is_bot": False, "first_name": person.first_name},
        "date": 1_790_000_000,
        "old_chat_member": {"user": bot, "status": "left"},
        "new_chat_member": {"user": bot, "status": "member"},
    }


async def test_a_group_is_told_what_the_bot_answers_to(
    talk: Talk, server: TelegramServer, ann: Person
) -> None:
    group = added(server, ann)
    await talk.hear()

    (said,) = by_bot(group)
    for word in ("/chat", f"@{server.username}", "/help", "/settings", "admins", PRIVACY):
        assert word in said.text


async def test_whoever_brings_the_bot_is_spoken_to_in_their_language(
    talk: Talk, server: TelegramServer
) -> None:
    group = added(server, server.person("Анна", language_code="ru"))
    await talk.hear()

    (said,) = by_bot(group)
    assert "Здравствуйте" in said.text
    assert PRIVACY in said.text


async def test_where_everybody_may_decide_the_group_is_told_so(
    bot: Bot, database: Database, server: TelegramServer, ann: Person
) -> None:
    async with open_talk(bot, database, group_control=GroupControl.EVERYBODY) as talk:
        group = added(server, ann)
        await talk.hear()

    (said,) = by_bot(group)
    assert "Everybody here" in said.text


async def test_privacy_mode_that_was_switched_off_meanwhile_is_not_mentioned(
    talk: Talk, server: TelegramServer, ann: Person
) -> None:
    server.can_read_all_group_messages = True
    group = added(server, ann)
    await talk.hear()

    (said,) = by_bot(group)
    assert PRIVACY not in said.text


async def test_it_is_told_once_and_again_after_an_absence(
    talk: Talk, server: TelegramServer, ann: Person
) -> None:
    group = added(server, ann)
    await talk.hear()
    group.promote(server.bot)
    group.demote(server.bot)
    await talk.hear()
    told_by_then = len(by_bot(group))

    group.kick_bot()
    group.add_bot(ann)
    await talk.hear()

    assert told_by_then == 1
    assert len(by_bot(group)) == 2


async def test_a_group_that_became_a_supergroup_knows_the_bot(
    talk: Talk, server: TelegramServer, ann: Person
) -> None:
    group = added(server, ann)
    await talk.hear()
    supergroup = group.migrate()
    await talk.hear()

    supergroup.push({"my_chat_member": arrival(supergroup, server, ann)})
    await talk.hear()

    assert by_bot(supergroup) == []


async def test_a_group_that_may_not_use_the_bot_is_told_nothing(
    bot: Bot, database: Database, server: TelegramServer, zoe: Person
) -> None:
    client = ElumentaClient("nb_nobody", base_url="http://localhost")
    closed = create_owning(database, client, open_to_all=False)
    async with open_talk(bot, database, owning=closed) as talk:
        group = added(server, zoe)
        await talk.hear()

    assert by_bot(group) == []
