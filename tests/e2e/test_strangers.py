"""Whoever was not let in costs nothing, whatever they do."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message
from tests.e2e.house import House, open_house, say, tell
from tests.e2e.seeing import (
    AGAIN,
    AS_FILE,
    DROP_IT,
    GO_AHEAD,
    NOT_YOURS,
    RETRY,
    age_notices,
    answer,
    labels,
    press,
    result,
    said_by_bot,
)

EVERY_COMMAND = (
    "/start",
    "/start claim-confidential",
    "/help",
    "/chat confidential",
    "/image confidential",
    "/image",
    "/video confidential",
    "/jobs",
    "/new",
    "/stop",
    "/balance",
    "/stats",
    "/allow 1",
    "/deny 1",
    "/access",
    "/limit 1 1",
    "/dance",
)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A closed house, whose guest may come in by the settings."""
    async with open_house(tmp_path_factory.mktemp("strangers")) as house:
        yield house


async def keeps_silent(house: House, chat: Chat, *, after: Message) -> bool:
    """Say whether the bot says no more here, as seen when it has answered somebody else."""
    question = say(house.guest, "/help")
    await answer(house.guest, after=question)
    return said_by_bot(chat, after=after) == []


async def test_a_stranger_is_answered_with_their_id_and_then_with_silence(house: House) -> None:
    stranger = house.visitor("Evander")
    before = len(house.stage.elumenta.requests)

    told = await stranger.reply_to(say(stranger, "confidential hello"))
    for text in ("again, confidential", "/help"):
        say(stranger, text)

    assert str(stranger.id) in told.text
    assert await keeps_silent(house, stranger, after=told)
    assert len(house.stage.elumenta.requests) == before


async def test_a_stranger_is_answered_in_their_language(house: House) -> None:
    stranger = house.visitor("Евандр", language="ru")

    told = await tell(stranger, "привет, confidential")

    assert str(stranger.id) in told
    assert "владел" in told.lower()


async def test_nothing_that_a_stranger_writes_reaches_the_service(house: House) -> None:
    stranger, telegram = house.visitor("Casimir"), house.stage.telegram
    person = stranger.members[0]
    abroad = telegram.group("Abroad", members=[person], has_bot=False)
    before = len(house.stage.elumenta.requests)

    told = await stranger.reply_to(say(stranger, EVERY_COMMAND[0]))
    for text in EVERY_COMMAND[1:]:
        say(stranger, text)
    stranger.edit(person, say(stranger, "confidential"), "/image confidential")
    stranger.send_media(person, "photo", caption="/image confidential")
    stranger.send_media(person, "voice")
    stranger.send(person, "confidential", reply_to=told)
    stranger.send(person, "confidential", forwarded_from=house.owner.members[0])
    telegram.inline_query(person, "confidential")
    abroad.guest_query(person, f"@{telegram.username} confidential")

    assert await keeps_silent(house, stranger, after=told)
    assert said_by_bot(abroad) == []
    assert len(house.stage.elumenta.requests) == before


async def test_nothing_that_a_stranger_presses_does_anything(house: House) -> None:
    guest, stranger = house.guest.members[0], house.visitor("Leocadia").members[0]
    group = house.stage.telegram.group("Yard", members=[guest, stranger])
    service = house.stage.elumenta
    service.script(Reply(status=500, error="provider_error"), contains="confidential failure")
    failed = await group.reply_to(group.send(guest, "/chat confidential failure"))
    photo = await result(group, after=group.send(guest, "/image confidential cat"))
    offer = await answer(group, "26 tokens", after=group.send(guest, "/video confidential"))
    buttons = (
        (failed, RETRY),
        (photo, AGAIN),
        (photo, AS_FILE),
        (offer, GO_AHEAD),
        (offer, DROP_IT),
    )
    before = len(service.requests)

    told = [await press(group, stranger, message, label) for message, label in buttons]

    assert all(told)
    assert len(service.requests) == before
    assert labels(offer) == [GO_AHEAD, DROP_IT]
    assert await press(group, guest, offer, DROP_IT) != NOT_YOURS
    assert await press(group, guest, failed, RETRY) == "Asking again"


async def test_a_group_of_strangers_is_answered_once(house: House) -> None:
    guest, stranger = house.guest.members[0], house.visitor("Rufina").members[0]
    telegram = house.stage.telegram
    group = telegram.group("Square", members=[guest, stranger])
    asked = await group.reply_to(group.send(guest, "/image"))
    before = len(house.stage.elumenta.requests)

    told = await group.reply_to(group.send(stranger, f"@{telegram.username} confidential"))
    group.send(stranger, "/chat confidential")
    group.send(stranger, "confidential", reply_to=asked)
    group.send(stranger, "confidential", reply_to=told)
    group.send(stranger, "/balance")

    assert str(group.id) in told.text
    assert await keeps_silent(house, group, after=told)
    assert len(house.stage.elumenta.requests) == before


async def test_a_stranger_stops_nobodys_answer(house: House) -> None:
    guest, stranger = house.guest.members[0], house.visitor("Sidonia").members[0]
    group = house.stage.telegram.group("Alley", members=[guest, stranger])
    slow = Reply(chunks=("Slowly ", "done."), first_delay=1, gap=1)
    house.stage.elumenta.script(slow, contains="slow and confidential")

    question = group.send(guest, "/chat slow and confidential")
    group.send(stranger, "/stop")
    group.send(stranger, "/new")

    assert (await group.reply_to(question)).text == "Slowly done."


async def test_a_stranger_is_answered_once_a_day_however_often_the_bot_starts(
    house: House,
) -> None:
    stranger = house.visitor("Theophila")
    told = await stranger.reply_to(say(stranger, "confidential"))

    await house.bot.kill()
    await house.stage.restart(house.bot)
    say(stranger, "confidential, again")
    is_silent = await keeps_silent(house, stranger, after=told)
    age_notices(house.stage, hours=25)
    say(stranger, "a day later")

    assert is_silent
    assert str(stranger.id) in (await answer(stranger, after=told)).text
