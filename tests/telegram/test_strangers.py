from collections.abc import AsyncIterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import aiogram
import pytest
from aiogram import Bot

from bot.i18n import Translator
from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.sandbox.telegram.model import Button
from bot.services.owner_day import OwnerDay
from bot.storage.engine import Database
from bot.storage.notices import NoticeStore
from bot.telegram.job_keyboards import DropPress
from bot.telegram.middlewares.access import Access
from bot.telegram.strangers import Strangers
from tests.storage.orders import Clock
from tests.telegram.door import Door, open_door
from tests.telegram.seeing import by_bot, labels

ASKED_OWNER = "I have asked its owner"
GIVE_OWNER = "give its owner this number"


@pytest.fixture
def pavel(server: TelegramServer) -> Person:
    """Another owner, who speaks Russian."""
    return server.person("Pavel", language_code="ru")


@pytest.fixture
async def door(
    bot: Bot, database: Database, clock: Clock, *, olga: Person, pavel: Person, home: Chat
) -> AsyncIterator[Door]:
    """Two own the bot, and one of them has written to it."""
    async with open_door(bot, database, clock, admins={olga.id, pavel.id}) as door:
        await door.told(home, olga, "/help")
        yield door


async def test_whoever_may_does_not_wait_for_the_look_whether_they_may(
    door: Door, database: Database, clock: Clock, olga: Person
) -> None:
    strangers = Strangers(
        door.access,
        NoticeStore(database),
        OwnerDay(ZoneInfo("UTC"), now=clock),
        Translator.bundled(),
    )
    chat = aiogram.types.Chat(id=olga.id, type="private")
    person = aiogram.types.User(id=olga.id, is_bot=False, first_name="Olga")
    message = aiogram.types.Message(message_id=1, date=clock(), chat=chat, from_user=person)
    heard: list[object] = []

    async def hear(event: object, _data: dict[str, object]) -> None:
        heard.append(event)

    hearing = Access(door.access, strangers)(hear, message, {"event_chat": chat})
    step = next(iter(hearing.__await__()), None)

    assert heard == [message]
    assert step is None


async def test_a_stranger_is_told_once_a_day_what_to_do(
    door: Door, clock: Clock, porch: Chat, zoe: Person
) -> None:
    told = []
    for hours in (0, 1, 2, 24, 25):
        clock.tick(timedelta(hours=hours))
        told.append(await door.text(porch, zoe, "/image a fox"))

    assert [str(zoe.id) in text for text in told] == [True, False, False, True, True]
    assert [bool(text) for text in told] == [True, False, False, True, True]


@pytest.mark.parametrize(
    "text", ["hello", "/start", "/help", "/dance", "/jobs", "/allow 1", "/start claim-me"]
)
async def test_whatever_a_stranger_writes_is_answered_the_same(
    door: Door, porch: Chat, zoe: Person, text: str
) -> None:
    (told,) = await door.told(porch, zoe, text)

    assert ASKED_OWNER in told.text
    assert str(zoe.id) in told.text


async def test_the_admins_are_asked_about_a_stranger_who_writes(
    door: Door, home: Chat, porch: Chat, zoe: Person
) -> None:
    await door.told(porch, zoe, "hello")
    await door.told(porch, zoe, "hello?")

    asked = by_bot(home)[-1]
    assert asked.text == f"Zoe @zoe ({zoe.id}) would like to use me: what do you say?"
    assert labels(asked) == ["✅ Allow", "🚫 Deny"]
    assert len([one for one in by_bot(home) if str(zoe.id) in one.text]) == 1


async def test_every_admin_is_asked_in_their_language(
    door: Door, server: TelegramServer, pavel: Person, porch: Chat, zoe: Person
) -> None:
    study = server.private_chat(pavel)
    await door.told(study, pavel, "/help")

    await door.told(porch, zoe, "hello")

    asked = by_bot(study)[-1]
    assert "хочет мной пользоваться" in asked.text
    assert labels(asked) == ["✅ Впустить", "🚫 Отказать"]


async def test_admins_who_said_nothing_are_asked_again_after_a_week(
    door: Door, clock: Clock, home: Chat, porch: Chat, zoe: Person
) -> None:
    counted = []
    for days in (0, 3, 3, 3):
        clock.tick(timedelta(days=days))
        told = await door.text(porch, zoe, "hello")
        asked = [one for one in by_bot(home) if str(zoe.id) in one.text]
        counted.append((ASKED_OWNER in told, len(asked)))

    assert counted == [(True, 1), (True, 1), (True, 1), (True, 2)]


async def test_a_stranger_is_not_told_that_the_owner_was_asked_when_nobody_was(
    door: Door, clock: Clock, home: Chat, porch: Chat, zoe: Person
) -> None:
    home.block(home.members[0])

    refused = await door.text(porch, zoe, "hello")
    home.unblock(home.members[0])
    clock.tick(timedelta(days=1))
    asked = await door.text(porch, zoe, "hello")

    assert GIVE_OWNER in refused
    assert ASKED_OWNER in asked


async def test_a_crowd_of_strangers_does_not_flood_the_admins(
    door: Door, server: TelegramServer, home: Chat, olga: Person
) -> None:
    told = []
    for number in range(12):
        stranger = server.person(f"Nobody-{number}")
        told.append(await door.text(server.private_chat(stranger), stranger, "hello"))

    assert [ASKED_OWNER in text for text in told] == [True] * 10 + [False] * 2
    assert [GIVE_OWNER in text for text in told] == [False] * 10 + [True] * 2
    listed = await door.text(home, olga, "/access")
    assert all(f"Nobody-{number} " in listed for number in range(12))


async def test_a_group_of_strangers_is_told_once(
    door: Door, server: TelegramServer, clock: Clock, *, home: Chat, square: Chat, zoe: Person
) -> None:
    told = []
    for text in ("not for you", f"@{server.username} hello", "/help", "/chat hello", "/dance"):
        told.append(await door.text(square, zoe, text))
        clock.tick(timedelta(days=30))

    assert [bool(text) for text in told] == [False, True, False, False, False]
    assert f"{GIVE_OWNER}: {square.id}" in told[1]
    assert not any(str(zoe.id) in one.text for one in by_bot(home))


async def test_a_group_that_brings_the_bot_back_is_told_again(
    door: Door, square: Chat, zoe: Person
) -> None:
    first = await door.text(square, zoe, "/help")

    square.kick_bot()
    square.add_bot(zoe)
    second = await door.text(square, zoe, "/help")

    assert first == second
    assert GIVE_OWNER in second


async def test_whoever_blocks_the_bot_does_not_hear_more_of_it(
    door: Door, porch: Chat, zoe: Person
) -> None:
    await door.told(porch, zoe, "hello")

    porch.block(zoe)
    porch.unblock(zoe)

    assert await door.told(porch, zoe, "hello") == []


async def test_whoever_was_denied_hears_nothing(
    door: Door, home: Chat, porch: Chat, square: Chat, zoe: Person
) -> None:
    await door.access.deny(zoe.id)

    for chat in (porch, square):
        for text in ("/help", "/chat hello", "/dance"):
            assert await door.told(chat, zoe, text) == []

    assert not any(str(zoe.id) in one.text for one in by_bot(home))


async def test_nobody_hears_anything_in_a_denied_group(
    door: Door, square: Chat, zoe: Person, olga: Person
) -> None:
    await door.access.deny(square.id)

    assert await door.told(square, zoe, "/help") == []
    assert await door.told(square, olga, "/help") == []


async def test_somebody_denied_is_silent_in_a_group_that_is_let_in(
    door: Door, square: Chat, zoe: Person, olga: Person
) -> None:
    await door.access.allow(square.id)
    await door.access.deny(zoe.id)

    assert await door.told(square, zoe, "/help") == []
    assert await door.told(square, olga, "/help") != []


async def test_a_channel_that_was_denied_is_denied_wherever_it_writes(
    door: Door, server: TelegramServer, square: Chat, zoe: Person
) -> None:
    news = server.channel("News", members=[zoe])
    await door.access.allow(square.id)
    heard = await door.told(square, zoe, "/help", sender_chat=news)

    await door.access.deny(news.id)

    assert heard
    assert await door.told(square, zoe, "/help", sender_chat=news) == []


@pytest.mark.parametrize(("is_denied", "words"), [(False, GIVE_OWNER), (True, "somebody else")])
async def test_a_press_is_answered_whoever_presses(
    door: Door, square: Chat, zoe: Person, olga: Person, *, is_denied: bool, words: str
) -> None:
    (listed,) = await door.told(square, olga, "/jobs")
    listed.buttons = [[Button(text="Drop", callback_data=DropPress(job_id=1).pack())]]
    if is_denied:
        await door.access.deny(zoe.id)

    press = square.press(zoe, listed)
    await door.ears.hear()

    assert words in (await press.answer()).text
