from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from structlog.testing import capture_logs

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.storage.engine import Database
from bot.telegram.introduction import introduce
from tests.storage.orders import Clock
from tests.telegram.door import Door, open_door
from tests.telegram.failures import Failing, broken, forbidden
from tests.telegram.modes import settings_with
from tests.telegram.seeing import by_bot

GIVE_OWNER = "give its owner this number"
OWNED = "I am yours now"

FOR_ADMINS = {"allow", "deny", "access", "limit", "stats"}
FOR_ALL = {
    *("chat", "image", "video", "jobs", "model", "settings", "system", "language"),
    *("new", "stop", "balance", "export", "forget_me", "help"),
}


@pytest.fixture
async def foundling(bot: Bot, database: Database, clock: Clock) -> AsyncIterator[Door]:
    """A bot that nobody owns."""
    async with open_door(bot, database, clock) as door:
        yield door


@pytest.fixture
async def owned(bot: Bot, database: Database, clock: Clock, olga: Person) -> AsyncIterator[Door]:
    """A bot whose settings name its owner."""
    async with open_door(bot, database, clock, admins={olga.id}) as door:
        yield door


async def test_the_log_of_the_start_shows_the_link_once(
    bot: Bot, foundling: Door, server: TelegramServer
) -> None:
    with capture_logs() as lines:
        await introduce(bot, foundling.access, settings_with())

    (line,) = [line for line in lines if line["event"] == "access.unclaimed"]
    code = foundling.access.claim_code
    assert line["link"] == f"https://t.me/{server.username}?start={code}"
    assert str(lines).count(f"{code}") == 1


async def test_the_log_of_a_bot_with_an_owner_shows_no_link(bot: Bot, owned: Door) -> None:
    with capture_logs() as lines:
        await introduce(bot, owned.access, settings_with())

    assert [line["event"] for line in lines] == ["bot.started"]


async def test_the_first_who_opens_the_link_owns_the_bot(
    foundling: Door, home: Chat, porch: Chat, olga: Person, zoe: Person
) -> None:
    start = f"/start {foundling.access.claim_code}"

    with capture_logs() as lines:
        told = [await foundling.text(home, olga, start), await foundling.text(porch, zoe, start)]

    assert OWNED in told[0]
    assert GIVE_OWNER in told[1] or "I have asked its owner" in told[1]
    assert foundling.access.admins == {olga.id}
    assert set(home.menu(olga)) >= FOR_ADMINS
    assert str(olga.id) not in str(lines)


async def test_the_owner_who_opens_the_link_again_is_greeted(
    foundling: Door, home: Chat, olga: Person
) -> None:
    start = f"/start {foundling.access.claim_code}"
    await foundling.told(home, olga, start)

    told = await foundling.text(home, olga, start)

    assert told.startswith("Hello, Olga!")


@pytest.mark.parametrize("code", ["claim-", "claim-wrong", "CLAIM-", ""])
async def test_a_wrong_code_is_answered_like_anything_that_a_stranger_writes(
    foundling: Door, porch: Chat, zoe: Person, code: str
) -> None:
    (told,) = await foundling.told(porch, zoe, f"/start {code}")
    again = await foundling.told(porch, zoe, f"/start {foundling.access.claim_code}x")

    assert told.text.endswith(f"{GIVE_OWNER}: {zoe.id}")
    assert again == []
    assert foundling.access.claim_code is not None


async def test_the_link_of_an_earlier_start_is_dead(
    bot: Bot, database: Database, clock: Clock, foundling: Door, *, home: Chat, olga: Person
) -> None:
    async with open_door(bot, database, clock) as restarted:
        await restarted.told(home, olga, f"/start {foundling.access.claim_code}")
        was_owned = bool(restarted.access.admins)
        await restarted.told(home, olga, f"/start {restarted.access.claim_code}")

        assert not was_owned
        assert restarted.access.admins == {olga.id}


async def test_a_group_that_reads_the_code_does_not_own_the_bot(
    foundling: Door, square: Chat, zoe: Person
) -> None:
    told = await foundling.text(square, zoe, f"/start {foundling.access.claim_code}")

    assert GIVE_OWNER in told
    assert foundling.access.admins == frozenset()


async def test_strangers_who_came_before_the_owner_are_on_the_list(
    foundling: Door, home: Chat, porch: Chat, olga: Person, zoe: Person
) -> None:
    await foundling.told(porch, zoe, "hello")

    await foundling.told(home, olga, f"/start {foundling.access.claim_code}")
    listed = await foundling.text(home, olga, "/access")

    assert f"Zoe @zoe {zoe.id}" in listed


async def test_everybody_has_a_menu_and_admins_have_more(
    owned: Door, server: TelegramServer, *, home: Chat, porch: Chat, olga: Person, zoe: Person
) -> None:
    await owned.told(home, olga, "/help")

    await owned.publish_commands()

    assert set(porch.menu(zoe)) == FOR_ALL
    assert set(home.menu(olga)) == FOR_ALL | FOR_ADMINS
    texts = {line["description"] for menu in server.commands.values() for line in menu}
    assert {"Who may use me, and who may not", "Сколько потрачено и сколько осталось"} <= texts


async def test_an_admin_who_never_wrote_gets_the_menu_with_the_first_start(
    owned: Door, home: Chat, olga: Person
) -> None:
    await owned.publish_commands()
    before = home.menu(olga)

    await owned.told(home, olga, "/start")

    assert set(before) == FOR_ALL
    assert set(home.menu(olga)) == FOR_ALL | FOR_ADMINS


async def test_whoever_is_an_admin_no_more_loses_the_menu_at_the_next_start(
    bot: Bot, database: Database, clock: Clock, owned: Door, *, home: Chat, olga: Person
) -> None:
    await owned.told(home, olga, "/start")

    async with open_door(bot, database, clock, admins={1}) as others:
        await others.publish_commands()

        assert set(home.menu(olga)) == FOR_ALL
        assert others.access.menu_owners == frozenset()


async def test_a_menu_that_cannot_be_taken_away_is_remembered(
    bot: Bot, database: Database, clock: Clock, owned: Door, *, home: Chat, olga: Person
) -> None:
    await owned.told(home, olga, "/start")
    home.block(olga)
    bot.session.middleware(Failing(forbidden, method="deleteMyCommands"))

    async with open_door(bot, database, clock, admins={1}) as others:
        await others.publish_commands()

        assert others.access.menu_owners == {olga.id}


@pytest.mark.usefixtures("impatience")
async def test_a_bot_without_a_menu_works_all_the_same(
    bot: Bot, owned: Door, home: Chat, olga: Person
) -> None:
    bot.session.middleware(Failing(broken, method="setMyCommands"))

    await owned.publish_commands()
    told = await owned.text(home, olga, "/start")

    assert told.startswith("Hello, Olga!")
    assert home.menu(olga) == []


async def test_the_language_of_admins_is_learnt_from_what_they_write(
    owned: Door, server: TelegramServer, olga: Person
) -> None:
    group = server.group("Team", members=[olga], announce=False)

    await owned.told(group, olga, f"/help@{server.username}")

    assert owned.access.language_of(olga.id) == "en"


async def test_what_holds_for_a_group_holds_for_the_supergroup_it_becomes(
    owned: Door, square: Chat, zoe: Person
) -> None:
    await owned.access.allow(square.id)

    supergroup = square.migrate()
    told = await owned.told(supergroup, zoe, "/help")
    await owned.access.load()

    assert told != []
    assert owned.access.allows(person_id=zoe.id, chat_id=supergroup.id)
    assert not owned.access.allows(person_id=zoe.id, chat_id=square.id)
    assert by_bot(square) == []


async def test_a_denied_group_stays_denied_as_a_supergroup(
    owned: Door, square: Chat, zoe: Person
) -> None:
    await owned.access.deny(square.id)

    supergroup = square.migrate()
    await owned.ears.hear()

    assert await owned.told(supergroup, zoe, "/help") == []
