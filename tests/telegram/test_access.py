from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.model import Standing
from bot.sandbox.telegram import Chat, Message, Person, TelegramServer
from bot.sandbox.telegram.model import Button
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.telegram.access_keyboards import DenyPress
from tests.storage.orders import Clock
from tests.telegram.door import Door, open_door
from tests.telegram.failures import Failing, forbidden
from tests.telegram.seeing import by_bot, labels

WELCOME = "My owner has let you in"
WHOM = "Whom do you mean?"
UNKNOWN_COMMAND = "I do not know this command"


@pytest.fixture
def pavel(server: TelegramServer) -> Person:
    return server.person("Pavel")


@pytest.fixture
def study(server: TelegramServer, pavel: Person) -> Chat:
    return server.private_chat(pavel)


@pytest.fixture
async def door(
    bot: Bot, database: Database, clock: Clock, *, olga: Person, home: Chat, study: Chat
) -> AsyncIterator[Door]:
    """Two own the bot, and both have written to it."""
    pavel = study.members[0]
    async with open_door(bot, database, clock, admins={olga.id, pavel.id}) as door:
        await door.told(home, olga, "/help")
        await door.told(study, pavel, "/help")
        yield door


@pytest.fixture
def zoe(server: TelegramServer) -> Person:
    """A stranger who speaks Russian."""
    return server.person("Zoe", username="zoe", language_code="ru")


def request_in(chat: Chat, person: Person) -> Message:
    """The message that asks about somebody."""
    return next(one for one in by_bot(chat) if str(person.id) in one.text and labels(one))


async def is_served(door: Door, chat: Chat, person: Person) -> bool:
    return "/image" in await door.text(chat, person, "/help")


async def test_a_person_is_let_in_by_id_and_told_so(
    door: Door, home: Chat, olga: Person, porch: Chat, zoe: Person
) -> None:
    await door.told(porch, zoe, "hello")

    told = await door.text(home, olga, f"/allow {zoe.id}")

    assert told == f"✅ Zoe @zoe ({zoe.id}) may use me."
    assert WELCOME in by_bot(porch)[-1].text
    assert await is_served(door, porch, zoe)


async def test_whoever_may_already_is_not_told_again(
    door: Door, home: Chat, olga: Person, porch: Chat, zoe: Person
) -> None:
    await door.told(porch, zoe, "hello")

    for _ in range(2):
        await door.told(home, olga, f"/allow {zoe.id}")

    assert len([one for one in by_bot(porch) if WELCOME in one.text]) == 1


async def test_somebody_who_never_wrote_is_let_in_all_the_same(
    door: Door, home: Chat, olga: Person, porch: Chat, zoe: Person
) -> None:
    told = await door.text(home, olga, f"/allow {zoe.id}")

    assert f"{zoe.id} may use me" in told.replace("(", "").replace(")", "")
    assert by_bot(porch) == []
    assert await is_served(door, porch, zoe)


async def test_a_person_is_let_in_and_out_by_a_reply(
    door: Door, square: Chat, porch: Chat, zoe: Person, olga: Person
) -> None:
    words = square.send(zoe, "let me in")

    let_in = await door.text(square, olga, "/allow", reply_to=words)
    was_served = await is_served(door, porch, zoe)
    shut_out = await door.text(square, olga, "/deny", reply_to=words)

    assert let_in == f"✅ Zoe @zoe ({zoe.id}) may use me."
    assert was_served
    assert shut_out == f"🚫 Zoe @zoe ({zoe.id}) may not use me."
    assert await door.told(porch, zoe, "/help") == []


async def test_whoever_is_let_in_by_a_reply_is_told_in_their_language(
    door: Door, square: Chat, porch: Chat, zoe: Person, olga: Person
) -> None:
    await door.told(porch, zoe, "hello")

    await door.told(square, olga, "/allow", reply_to=square.send(zoe, "let me in"))

    assert "Мой владелец открыл вам доступ" in by_bot(porch)[-1].text


async def test_a_group_is_let_in_from_within(
    door: Door, square: Chat, porch: Chat, zoe: Person, olga: Person
) -> None:
    told = await door.text(square, olga, "/allow")

    assert told == f"✅ Square ({square.id}) may use me."
    assert await is_served(door, square, zoe)
    assert not await is_served(door, porch, zoe)


async def test_a_group_that_is_denied_from_within_hears_of_it_and_is_left(
    door: Door, square: Chat, olga: Person
) -> None:
    told = await door.text(square, olga, "/deny")

    assert told == f"🚫 Square ({square.id}) may not use me."
    assert square.standing == "left"


async def test_a_group_is_left_even_if_the_confirmation_fails(
    bot: Bot, door: Door, home: Chat, square: Chat, olga: Person
) -> None:
    bot.session.middleware(Failing(forbidden, method="sendMessage"))

    await door.told(home, olga, f"/deny {square.id}")

    assert square.standing == "left"


async def test_a_group_that_cannot_be_left_is_denied_all_the_same(
    bot: Bot, door: Door, *, home: Chat, square: Chat, zoe: Person, olga: Person
) -> None:
    bot.session.middleware(Failing(forbidden, method="leaveChat"))

    told = await door.text(home, olga, f"/deny {square.id}")

    assert "may not use me" in told
    assert await door.told(square, zoe, "/help") == []


async def test_a_denied_group_that_brings_the_bot_back_is_left(
    door: Door, home: Chat, square: Chat, zoe: Person, olga: Person
) -> None:
    await door.told(home, olga, f"/deny {square.id}")

    square.add_bot(zoe)
    await door.ears.hear()

    assert square.standing == "left"


async def test_admins_still_decide_in_a_denied_group(
    bot: Bot, door: Door, square: Chat, zoe: Person, olga: Person
) -> None:
    bot.session.middleware(Failing(forbidden, method="leaveChat"))
    await door.told(square, olga, "/deny")

    told = await door.text(square, olga, "/allow")

    assert "may use me" in told
    assert await is_served(door, square, zoe)


@pytest.mark.parametrize("args", ["", "Zoe", "@zoe", "0", "9" * 30, "1 2", "-", "5\n6", "\u0667"])
@pytest.mark.parametrize("command", ["/allow", "/deny"])
async def test_an_admin_who_names_nobody_is_told_how_to(
    door: Door, home: Chat, olga: Person, command: str, args: str
) -> None:
    told = await door.text(home, olga, f"{command} {args}")

    assert told.startswith(WHOM)
    assert command in told
    assert door.access.rules() == []


async def test_a_reply_to_the_bot_does_not_decide_about_the_group(
    door: Door, square: Chat, olga: Person
) -> None:
    (by_the_bot,) = await door.told(square, olga, "/help")

    told = await door.text(square, olga, "/deny", reply_to=by_the_bot)

    assert told.startswith(WHOM)
    assert square.standing == "member"


async def test_an_admin_cannot_be_shut_out(
    door: Door, home: Chat, study: Chat, olga: Person, pavel: Person
) -> None:
    told = await door.text(home, olga, f"/deny {pavel.id}")

    assert "ADMIN_IDS" in told
    assert await is_served(door, study, pavel)


async def test_a_group_is_not_told_the_name_behind_an_id(
    door: Door, square: Chat, porch: Chat, zoe: Person, olga: Person
) -> None:
    await door.told(porch, zoe, "hello")

    told = await door.text(square, olga, f"/allow {zoe.id}")

    assert told == f"✅ {zoe.id} may use me."


@pytest.mark.parametrize("command", ["/allow 5", "/deny 5", "/access", "/Allow"])
async def test_to_others_the_commands_of_admins_do_not_exist(
    door: Door, square: Chat, porch: Chat, zoe: Person, command: str
) -> None:
    await door.access.allow(zoe.id)
    await door.access.allow(square.id)

    unknown = await door.text(porch, zoe, "/dance")

    assert await door.text(porch, zoe, command) == unknown
    assert await door.told(square, zoe, command) == []


async def test_an_admin_who_hides_behind_the_group_is_nobody(
    door: Door, square: Chat, olga: Person
) -> None:
    square.promote(olga, is_anonymous=True)
    await door.access.allow(square.id)

    assert await door.told(square, olga, "/deny", anonymous=True) == []
    assert square.standing == "member"


async def test_only_admins_are_shown_their_commands(
    door: Door, *, home: Chat, square: Chat, porch: Chat, olga: Person, zoe: Person
) -> None:
    await door.access.allow(zoe.id)

    assert "/allow" in await door.text(home, olga, "/help")
    assert "/allow" not in await door.text(square, olga, "/help")
    assert "/allow" not in await door.text(porch, zoe, "/help")


@pytest.mark.parametrize(
    ("label", "told", "standing"),
    [("✅ Allow", "may use me", Standing.ALLOWED), ("🚫 Deny", "may not use me", Standing.DENIED)],
)
async def test_a_request_is_decided_by_a_button(
    door: Door,
    home: Chat,
    porch: Chat,
    olga: Person,
    zoe: Person,
    *,
    label: str,
    told: str,
    standing: Standing,
) -> None:
    await door.told(porch, zoe, "hello")
    request = request_in(home, zoe)

    press = home.press(olga, request, label)
    await door.ears.hear()

    assert (await press.answer()).text in {"Let in", "Shut out"}
    assert told in request.text
    assert f"Zoe @zoe ({zoe.id})" in request.text
    assert labels(request) == []
    assert door.access.standing_of(zoe.id) is standing


async def test_whoever_is_let_in_by_a_button_is_told_in_their_language(
    door: Door, home: Chat, porch: Chat, olga: Person, zoe: Person
) -> None:
    await door.told(porch, zoe, "hello")

    home.press(olga, request_in(home, zoe), "✅ Allow")
    await door.ears.hear()

    assert "Мой владелец открыл вам доступ" in by_bot(porch)[-1].text
    assert await is_served(door, porch, zoe)


async def test_the_second_of_two_admins_is_told_what_was_decided(
    door: Door, home: Chat, study: Chat, porch: Chat, zoe: Person
) -> None:
    await door.told(porch, zoe, "hello")
    requests = [request_in(chat, zoe) for chat in (home, study)]

    presses = [
        chat.press(chat.members[0], request, label)
        for chat, request, label in zip(
            (home, study), requests, ("✅ Allow", "🚫 Deny"), strict=True
        )
    ]
    await door.ears.hear()

    assert [(await press.answer()).text for press in presses] == [
        "Let in",
        "Another admin was faster and let them in.",
    ]
    assert len({request.text for request in requests}) == 1
    assert [labels(request) for request in requests] == [[], []]
    assert await is_served(door, porch, zoe)
    assert len([one for one in by_bot(porch) if "Мой владелец" in one.text]) == 1


async def test_a_press_of_somebody_else_decides_nothing(
    door: Door, home: Chat, porch: Chat, zoe: Person
) -> None:
    await door.told(porch, zoe, "hello")
    request = request_in(home, zoe)

    # Nobody else sees this chat; but who pressed counts, not where.
    home.members.append(zoe)
    presses = [home.press(zoe, request, label) for label in labels(request)]
    await door.ears.hear()

    told = [(await press.answer()).text for press in presses]
    assert all(told)
    assert door.access.standing_of(zoe.id) is Standing.ASKED
    assert len(labels(request)) == 2


async def test_somebody_who_became_an_admin_is_not_shut_out_by_an_old_button(
    door: Door, database: Database, home: Chat, olga: Person, pavel: Person
) -> None:
    await AccessStore(database).ask(pavel.id, name="Pavel")
    await door.access.load()
    (message,) = await door.told(home, olga, "/help")
    data = DenyPress(person_id=pavel.id, language="en").pack()
    message.buttons = [[Button(text="Deny", callback_data=data)]]

    press = home.press(olga, message)
    await door.ears.hear()

    assert "let them in" in (await press.answer()).text
    assert not door.access.is_denied(pavel.id)
