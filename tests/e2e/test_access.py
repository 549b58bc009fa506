"""How owners let people and groups in and out."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message
from tests.e2e.house import House, open_house, say, tell
from tests.e2e.seeing import GO_AHEAD, answer, asked, labels, press, said_by_bot

ALLOW, DENY = "✅ Allow", "🚫 Deny"
UNKNOWN_COMMAND = "I do not know this command"

COMMANDS_OF_ADMINS = ("/allow 1", "/deny 1", "/access", "/limit 1 1", "/stats")
MENU_OF_ADMINS = {"allow", "deny", "access", "limit", "stats"}


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A closed house, whose guest may come in by the settings."""
    async with open_house(tmp_path_factory.mktemp("access")) as house:
        yield house


async def request_for(chat: Chat, stranger: Chat) -> Message:
    """Wait until an admin is asked about a stranger."""
    return await answer(chat, str(stranger.id))


async def is_served(chat: Chat) -> None:
    """Ask something, and wait until the model's words come back."""
    await answer(chat, "is anybody there?", after=say(chat, "is anybody there?"))


async def is_turned_away(chat: Chat) -> None:
    """Ask something for the first time, and wait for the answer that strangers get."""
    await answer(chat, str(chat.id), after=say(chat, "confidential"))


async def is_ignored(house: House, chat: Chat) -> bool:
    """Ask something, and say whether there is silence until somebody else is answered."""
    question = say(chat, "confidential, is anybody there?")
    await answer(house.guest, after=say(house.guest, "/help"))
    return said_by_bot(chat, after=question) == []


async def test_an_admin_lets_a_stranger_in_and_out_by_id(house: House) -> None:
    visitor = house.visitor("Wilhelmina")
    await is_turned_away(visitor)

    await tell(house.owner, f"/allow {visitor.id}")
    await is_served(visitor)
    await tell(house.owner, f"/deny {visitor.id}")
    charged = len(house.stage.elumenta.charges)

    assert await is_ignored(house, visitor)
    assert len(house.stage.elumenta.charges) == charged


async def test_an_admin_lets_somebody_in_by_a_reply(house: House) -> None:
    owner, visitor = house.owner.members[0], house.visitor("Ottoline")
    group = house.stage.telegram.group("Terrace", members=[owner, visitor.members[0]])
    words = group.send(visitor.members[0], "/chat confidential")
    await group.reply_to(words)

    await group.reply_to(group.send(owner, "/allow", reply_to=words))

    await is_served(visitor)


async def test_everybody_may_talk_in_a_group_that_an_admin_let_in(house: House) -> None:
    owner, visitor = house.owner.members[0], house.visitor("Perpetua")
    group = house.stage.telegram.group("Salon", members=[owner, visitor.members[0]])

    await group.reply_to(group.send(owner, "/allow"))
    told = await group.reply_to(group.send(visitor.members[0], "/chat what is served here?"))

    assert "what is served here?" in told.text
    await is_turned_away(visitor)


async def test_somebody_who_was_denied_is_denied_in_groups_too(house: House) -> None:
    owner, visitor = house.owner.members[0], house.visitor("Barnabas")
    group = house.stage.telegram.group("Parlour", members=[owner, visitor.members[0]])
    await tell(house.owner, f"/allow {group.id}")
    await tell(house.deputy, f"/deny {visitor.id}")
    charged = len(house.stage.elumenta.charges)

    group.send(visitor.members[0], "/chat confidential")
    told = await group.reply_to(group.send(owner, "/chat is anybody here?"))

    assert "is anybody here?" in told.text
    assert len(house.stage.elumenta.charges) == charged + 1


async def test_a_question_that_waits_is_not_asked_once_its_person_is_denied(
    house: House,
) -> None:
    visitor, service = await house.admit("Valentin"), house.stage.elumenta
    service.script(Reply(text="Slow but sure.", first_delay=4), contains="a slow question")
    say(visitor, "a slow question")
    await house.stage.until(lambda: len(asked(house.stage, "a slow question")) == 1)
    say(visitor, "a confidential question")

    await tell(house.owner, f"/deny {visitor.id}")

    await answer(visitor, str(visitor.id), after=await answer(visitor, "Slow but sure."))
    assert asked(house.stage, "a confidential question") == []


async def test_an_offer_is_void_once_its_person_is_denied(house: House) -> None:
    visitor = await house.admit("Xaver")
    offer = await answer(visitor, "26 tokens", after=say(visitor, "/video confidential"))

    await tell(house.owner, f"/deny {visitor.id}")
    await press(visitor, visitor.members[0], offer, GO_AHEAD)

    assert await is_ignored(house, visitor)
    assert house.stage.elumenta.orders("confidential") == []


async def test_a_denied_group_is_left_whenever_the_bot_is_brought_back(house: House) -> None:
    visitor = house.visitor("Zenobia").members[0]
    group = house.stage.telegram.group("Den", members=[visitor])
    await answer(group, str(group.id), after=group.send(visitor, "/chat confidential"))

    await tell(house.owner, f"/deny {group.id}")
    await group.wait(lambda group: group.standing == "left")
    group.add_bot(visitor)

    await group.wait(lambda group: group.standing == "left")
    assert [call.method for call in house.stage.telegram.calls].count("leaveChat") >= 2


async def test_an_admin_cannot_be_shut_out(house: House) -> None:
    await tell(house.owner, f"/deny {house.deputy.id}")

    await is_served(house.deputy)


async def test_those_who_may_and_may_not_are_listed_with_their_names(house: House) -> None:
    friend, foe = await house.admit("Florestan"), house.visitor("Gaspard")
    await tell(foe, "confidential")
    await tell(house.owner, f"/deny {foe.id}")

    listed = await tell(house.owner, "/access")

    for words in (str(friend.id), "Gaspard", str(foe.id), str(house.guest.id)):
        assert words in listed


@pytest.mark.parametrize("command", COMMANDS_OF_ADMINS)
async def test_commands_of_admins_are_unknown_to_others(house: House, command: str) -> None:
    assert UNKNOWN_COMMAND in await tell(house.guest, command)


async def test_commands_of_admins_are_ignored_in_groups_if_others_give_them(
    house: House,
) -> None:
    owner, guest = house.owner.members[0], house.guest.members[0]
    group = house.stage.telegram.group("Lobby", members=[owner, guest])
    await tell(house.owner, f"/allow {group.id}")

    for command in COMMANDS_OF_ADMINS:
        group.send(guest, command)
    told = await group.reply_to(group.send(owner, "/chat anything?"))

    assert [one.reply_to_id for one in said_by_bot(group)] == [None, told.reply_to_id]


async def test_a_bot_that_has_owners_prints_no_link_for_others(house: House) -> None:
    await tell(house.owner, "/access")

    assert "claim-" not in house.bot.output


async def test_only_admins_find_their_commands_in_the_menu(house: House) -> None:
    admins, guest = (house.owner, house.deputy), house.guest.members[0]
    group = house.stage.telegram.group("Hall", members=[guest, house.owner.members[0]])
    await house.stage.until(lambda: all(set(menu(chat)) > MENU_OF_ADMINS for chat in admins))

    everybodys = set(menu(house.guest))

    assert "balance" in everybodys
    assert everybodys.isdisjoint(MENU_OF_ADMINS)
    for chat in admins:
        assert set(menu(chat)) == everybodys | MENU_OF_ADMINS
    for member in group.members:
        assert MENU_OF_ADMINS.isdisjoint(group.menu(member))


async def test_two_admins_who_press_at_once_decide_once(house: House) -> None:
    stranger, admins = house.visitor("Isolde"), (house.owner, house.deputy)
    refusal = await stranger.reply_to(say(stranger, "let me in, confidential"))
    requests = [await request_for(chat, stranger) for chat in admins]

    presses = [
        chat.press(chat.members[0], request, ALLOW)
        for chat, request in zip(admins, requests, strict=True)
    ]
    told = [(await one.answer()).text for one in presses]

    assert all("Isolde" in request.text for request in requests)
    assert len(set(told)) == 2
    welcome = await answer(stranger, after=refusal)
    await is_served(stranger)
    assert said_by_bot(stranger)[:-1] == [refusal, welcome]
    await house.stage.until(lambda: not any(labels(request) for request in requests))


async def test_what_an_admin_decided_is_not_undone_by_an_old_button(house: House) -> None:
    stranger = house.visitor("Hyacinth")
    await tell(stranger, "let me in, confidential")
    requests = [await request_for(chat, stranger) for chat in (house.owner, house.deputy)]
    late = replace(requests[1])

    first = await press(house.owner, house.owner.members[0], requests[0], ALLOW)
    second = await press(house.deputy, house.deputy.members[0], late, DENY)

    assert first != second
    await is_served(stranger)


async def test_a_stranger_cannot_let_themselves_in(house: House) -> None:
    stranger = house.visitor("Melchior")
    told = await answer(stranger, after=say(stranger, "let me in, confidential"))
    request = await request_for(house.owner, stranger)

    for button in itertools.chain(*request.buttons):
        await stranger.press_old(stranger.members[0], told, button).answer()

    assert await is_ignored(house, stranger)
    assert labels(request) == [ALLOW, DENY]


async def test_who_may_is_remembered_over_a_restart(house: House) -> None:
    friend, foe = await house.admit("Clementine"), await house.admit("Desiderius")
    await tell(house.owner, f"/deny {foe.id}")

    await house.bot.kill()
    await house.stage.restart(house.bot)

    await is_served(friend)
    assert await is_ignored(house, foe)


def menu(chat: Chat) -> list[str]:
    """List the commands that somebody finds in their private chat."""
    return chat.menu(chat.members[0])
