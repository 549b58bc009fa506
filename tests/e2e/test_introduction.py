"""What a group is told when the bot has just been added to it."""

import pytest

from bot.sandbox.telegram import Chat, Message
from tests.e2e.house import open_house
from tests.e2e.seeing import PATIENCE_SECONDS, said_by_bot
from tests.e2e.talking import in_every_language, texts
from tests.stage import Stage

PRIVACY = "/setprivacy"


async def introduction(group: Chat) -> Message:
    """Wait for the first thing that the bot says in a group."""
    (first, *_) = await group.wait(said_by_bot, timeout=PATIENCE_SECONDS)
    return first


@in_every_language
async def test_a_group_is_told_once_what_the_bot_answers_to_and_what_it_does_not_see(
    town: Stage, language: str
) -> None:
    ann = town.telegram.person("Ann", language_code=language)

    group = town.telegram.group("Newcomers", members=[ann])

    first = await introduction(group)
    await group.reply_to(group.send(ann, "/help"))
    assert "/chat" in first.text
    assert "/settings" in first.text
    assert PRIVACY in first.text
    assert f"@{town.telegram.username}" in first.text
    assert len(said_by_bot(group)) == 2
    others = [one for one in ("en", "ru") if one != language]
    assert first.text != texts(others[0])("group-introduction")


async def test_nothing_is_said_of_privacy_where_the_bot_sees_everything(stage: Stage) -> None:
    stage.telegram.can_read_all_group_messages = True
    await stage.start_bot()
    for language in ("en", "ru"):
        ann = stage.telegram.person("Ann", language_code=language)

        group = stage.telegram.group("Open", members=[ann])

        assert PRIVACY not in (await introduction(group)).text


async def test_a_group_is_told_again_only_after_the_bot_was_away(stage: Stage) -> None:
    bot = await stage.start_bot()
    ann = stage.telegram.person("Ann")
    group = stage.telegram.group("Returners", members=[ann])
    first = await introduction(group)

    await bot.kill()
    await stage.restart(bot)
    answered = await group.reply_to(group.send(ann, "/help"))
    told_by_then = said_by_bot(group)
    group.kick_bot()
    group.add_bot(ann)

    await group.wait(lambda chat: len(said_by_bot(chat)) == 3)
    assert told_by_then == [first, answered]


@in_every_language
async def test_a_group_that_moves_is_not_told_again(town: Stage, language: str) -> None:
    ann = town.telegram.person("Ann", language_code=language)
    group = town.telegram.group("Movers", members=[ann])
    await introduction(group)

    supergroup = group.migrate()
    answered = await supergroup.reply_to(supergroup.send(ann, "/help"))

    assert said_by_bot(supergroup) == [answered]


async def test_a_group_that_may_not_use_the_bot_is_not_introduced_to_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with open_house(tmp_path_factory.mktemp("introduction")) as house:
        stranger = house.visitor("Rufina").members[0]

        group = house.stage.telegram.group("Square", members=[stranger])
        group.send(stranger, "/help")

        first = await introduction(group)
        assert "/settings" not in first.text
