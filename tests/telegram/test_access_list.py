from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Translator
from bot.sandbox.telegram import Chat, Person
from bot.services.access import AccessService
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.telegram.access_texts import access_text, nameless
from bot.telegram.formatted import utf16_length
from bot.telegram.split import MAX_ENTITIES, MAX_MESSAGE_LENGTH, split
from tests.storage.orders import Clock
from tests.telegram.door import Door, open_door
from tests.telegram.failures import Failing, wrong

ADMIN, FRIEND, CLUB = 1, 2, -3


@pytest.fixture
async def door(bot: Bot, database: Database, clock: Clock, olga: Person) -> AsyncIterator[Door]:
    async with open_door(bot, database, clock, admins={olga.id}) as door:
        yield door


async def an_access(database: Database, *, is_open: bool = False) -> AccessService:
    """Knows an admin, a friend and a club, by the settings."""
    access = AccessService(
        AccessStore(database), open_to_all=is_open, admin_ids={ADMIN}, allowed_ids={FRIEND, CLUB}
    )
    await access.load()
    return access


def listed(access: AccessService, names: dict[int, str] | None = None) -> list[str]:
    """The list in English, one paragraph after the other."""
    t = Translator.bundled().for_locale("en")
    return access_text(access, names or {}, t).text.split("\n\n")


async def test_everybody_is_listed_by_what_holds_for_them(database: Database) -> None:
    access = await an_access(database)
    for person_id, name in ((10, "Zoe"), (11, "Bob"), (12, "Eve")):
        await access.ask(person_id, name=name)
    await access.allow(11)
    await access.deny(12)

    assert listed(access, {ADMIN: "Olga", CLUB: "Club"}) == [
        "Admins\nOlga 1",
        "Allowed\nBob 11\nClub -3 (ALLOWED_IDS)\n2 (ALLOWED_IDS)",
        "Would like to come in\nZoe 10",
        "Denied\nEve 12",
        "Change it with /allow ID or /deny ID.",
    ]


async def test_nobody_is_listed_twice(database: Database) -> None:
    access = await an_access(database)
    for person_id in (ADMIN, FRIEND):
        await access.ask(person_id, name="Somebody")
    await access.deny(CLUB, name="Club")

    assert listed(access)[:-1] == [
        "Admins\nSomebody 1",
        "Allowed\nSomebody 2 (ALLOWED_IDS)",
        "Denied\nClub -3 (ALLOWED_IDS)",
    ]


async def test_an_open_bot_says_so(database: Database) -> None:
    access = await an_access(database, is_open=True)

    assert listed(access)[0].startswith("ACCESS is open")


async def test_long_lists_say_how_many_more_there_are(database: Database) -> None:
    access = await an_access(database)
    for person_id in range(100, 150):
        await access.ask(person_id, name=f"Nobody-{person_id}")

    (asked,) = [part for part in listed(access) if part.startswith("Would like")]
    lines = asked.splitlines()
    assert len(lines) == 22
    assert (lines[1], lines[-1]) == ("Nobody-149 149", "and 30 more")


async def test_only_those_on_the_list_are_looked_up(database: Database) -> None:
    access = await an_access(database)
    for person_id in range(100, 150):
        await access.allow(person_id)
    await access.ask(10, name="Zoe")

    assert nameless(access) == [ADMIN, *range(149, 129, -1)]


@given(names=st.lists(st.text(max_size=300), min_size=20, max_size=20))
def test_the_list_fits_into_messages_whatever_the_names_are(names: list[str]) -> None:
    everybody = range(10**15, 10**15 + 20)
    unopened = Database("sqlite+aiosqlite:///never-opened.sqlite3")
    access = AccessService(
        AccessStore(unopened), open_to_all=True, admin_ids=set(), allowed_ids=set(everybody)
    )
    t = Translator.bundled().for_locale("ru")

    parts = split(access_text(access, dict(zip(everybody, names, strict=True)), t))

    written = " ".join(part.text for part in parts)
    assert all(str(one) in written for one in everybody)
    for part in parts:
        assert utf16_length(part.text) <= MAX_MESSAGE_LENGTH
        assert len(part.entities) <= MAX_ENTITIES


async def test_a_list_of_the_longest_names_arrives_whole(
    door: Door, home: Chat, olga: Person
) -> None:
    for number in range(100, 120):
        await door.access.ask(number, name="𝕏" * 60 + f" @{'x' * 32}")
        await door.access.allow(-number, name="_*[`" * 15)
        await door.access.deny(number + 100, name="https://example.com " * 3)

    told = await door.told(home, olga, "/access")

    assert len(told) > 1
    text = "\n".join(one.text for one in told)
    for number in range(100, 120):
        assert all(f" {one}" in text for one in (number, -number, number + 100))
    assert "𝕏" * 60 in text
    assert "_*[`" * 15 in text


async def test_names_of_those_whom_the_settings_name_are_looked_up(
    door: Door, home: Chat, olga: Person
) -> None:
    told = await door.text(home, olga, "/access")

    assert told.startswith(f"Admins\nOlga {olga.id}")


async def test_a_name_that_telegram_does_not_tell_is_left_out(
    bot: Bot, door: Door, home: Chat, olga: Person
) -> None:
    bot.session.middleware(Failing(wrong, method="getChat"))

    told = await door.text(home, olga, "/access")

    assert told.startswith(f"Admins\n{olga.id}")


async def test_the_list_is_for_no_group(door: Door, square: Chat, olga: Person) -> None:
    told = await door.text(square, olga, "/access")

    assert "in private" in told
    assert str(olga.id) not in told
