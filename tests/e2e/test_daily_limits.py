"""What may be spent on a day; a question costs 2 tokens, a picture 4, a cheap video 15."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.elumenta import Making, Reply
from bot.sandbox.telegram import Chat, Message
from tests.e2e.house import House, open_house, say, tell, zone_of_noon
from tests.e2e.seeing import (
    AGAIN,
    GO_AHEAD,
    RETRY,
    answer,
    asked,
    growing,
    pass_a_day,
    press,
    result,
    said_by_bot,
    spent,
)

CHEAP = "--model luma-ray2-flash"
QUICK = Making(takes=0.3, eta_seconds=1)
SLOW = Reply(chunks=tuple(f"word{n} " for n in range(300)), gap=0.2)
LIMIT_REACHED = "may cost"
OVERHEARD = "This may cost more tokens than you have left today"
"""What is said of a person's limit where others read it."""
NEARLY = "for today are left"


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house where a person, and a group, may spend 4 tokens a day."""
    async with open_house(
        tmp_path_factory.mktemp("limits"),
        access="open",
        user_daily_tokens="4",
        chat_daily_tokens="4",
        timezone=zone_of_noon(),
    ) as house:
        yield house


def refusals(chat: Chat) -> list[Message]:
    return [message for message in said_by_bot(chat) if LIMIT_REACHED in message.text]


async def refusal(chat: Chat, message: Message) -> str:
    """Wait until it is said that a message asks for more than is left today."""
    return (await answer(chat, LIMIT_REACHED, after=message)).text


async def test_twenty_questions_of_one_person_at_once_keep_to_their_limit(house: House) -> None:
    person, telegram = house.visitor("Quirin").members[0], house.stage.telegram
    groups = [telegram.group(f"Group {n}", members=[person]) for n in range(16)]
    forum = telegram.group("Forum", members=[person], supergroup=True, forum=True)
    topics = [forum.topic(f"Topic {n}") for n in range(4)]
    before = spent(house.stage)

    questions = [(group, group.send(person, "/chat confidential")) for group in groups]
    questions += [
        (forum, forum.send(person, "/chat confidential", thread_id=topic)) for topic in topics
    ]
    replies = [await chat.reply_to(question) for chat, question in questions]

    assert spent(house.stage) - before == 4
    refused = [reply.text for reply in replies if OVERHEARD in reply.text]
    assert len(refused) == 18
    assert all("a new day begins at 00:00" in text for text in refused)


async def test_a_group_of_many_people_keeps_to_its_limit(house: House) -> None:
    people = [house.visitor(f"Member {n}").members[0] for n in range(4)]
    forum = house.stage.telegram.group("Academy", members=people, supergroup=True, forum=True)
    before = spent(house.stage)

    questions = [
        forum.send(person, "/chat confidential", thread_id=forum.topic(f"Chair {n}"))
        for n, person in enumerate(people)
    ]
    replies = [await forum.reply_to(question, timeout=40) for question in questions]

    assert spent(house.stage) - before == 4
    assert sum(LIMIT_REACHED in reply.text for reply in replies) == 2


async def test_what_costs_more_than_is_left_is_not_ordered(house: House) -> None:
    visitor = house.visitor("Ursula")

    told = await refusal(visitor, say(visitor, f"/video {CHEAP} confidential dragon"))

    assert "4 are left, and this may cost 15" in told
    assert house.stage.elumenta.orders("confidential dragon") == []
    await result(visitor, after=say(visitor, "/image a smaller animal"))


async def test_a_failure_that_costs_nothing_gives_its_tokens_back(house: House) -> None:
    visitor, service = house.visitor("Balduin"), house.stage.elumenta
    service.script(Making(fails="It rained"), contains="soaked canvas")
    service.script(Reply(status=500, error="provider_error"), contains="soaked brain")

    await answer(visitor, "It rained", after=say(visitor, "/image soaked canvas"))
    await answer(visitor, "nothing was charged", after=say(visitor, "soaked brain"))
    await result(visitor, after=say(visitor, "/image a dry canvas"))

    await refusal(visitor, say(visitor, "one too many"))
    assert asked(house.stage, "one too many") == []


async def test_a_button_keeps_to_the_limit_as_well(house: House) -> None:
    visitor, service = house.visitor("Cordula"), house.stage.elumenta
    person = visitor.members[0]
    service.script(Reply(status=500, error="provider_error"), contains="hapless question")
    failed = await answer(visitor, "nothing was charged", after=say(visitor, "hapless question"))
    photo = await result(visitor, after=say(visitor, "/image confidential"))
    before = spent(house.stage)

    await press(visitor, person, photo, AGAIN)
    await press(visitor, person, failed, RETRY)

    await visitor.wait(lambda chat: len(refusals(chat)) == 2)
    assert spent(house.stage) == before


async def test_two_offers_that_the_limit_allows_for_only_once_are_made_once(
    house: House,
) -> None:
    visitor, service = house.visitor("Dorothea"), house.stage.elumenta
    person = visitor.members[0]
    service.script(QUICK, contains="twin comet", times=2)
    await tell(house.owner, f"/limit {visitor.id} 30")
    offers = []
    for n in range(2):
        say(visitor, f"/video twin comet {n}")
        offers.append(await answer(visitor, "26 tokens", after=visitor.messages[-1]))

    for press_ in [visitor.press(person, offer, GO_AHEAD) for offer in offers]:
        await press_.answer()

    await result(visitor, "video")
    await visitor.wait(refusals)
    assert len(service.orders("twin comet")) == 1


async def test_an_admin_changes_the_limit_of_somebody_at_once(house: House) -> None:
    visitor = house.visitor("Ehrenfried")

    await tell(house.owner, f"/limit {visitor.id} 1")
    await refusal(visitor, say(visitor, "confidential"))
    await tell(house.owner, f"/limit {visitor.id} 40")

    house.stage.elumenta.script(QUICK, contains="a film after all")
    await result(visitor, "video", after=say(visitor, f"/video {CHEAP} a film after all"))


async def test_a_limit_ends_with_the_day(house: House) -> None:
    visitor = house.visitor("Jolanthe")
    await result(visitor, after=say(visitor, "/image a candle"))
    told = await refusal(visitor, say(visitor, "a second candle"))

    pass_a_day(house.stage)
    await answer(visitor, "a third candle", after=say(visitor, "a third candle"))

    assert "a new day begins at 00:00" in told


async def test_a_hidden_author_is_limited_as_the_group(house: House) -> None:
    person = house.visitor("Kasimir").members[0]
    group = house.stage.telegram.group("Masks", members=[person], supergroup=True)
    await result(group, after=group.send(person, "/image a mask", anonymous=True))

    await refusal(group, group.send(person, "/chat about masks", anonymous=True))


async def test_a_limit_of_zero_is_none(house: House) -> None:
    visitor = house.visitor("Fridolin")

    await tell(house.owner, f"/limit {visitor.id} 0")

    await result(visitor, after=say(visitor, "/image of what nothing stops"))
    await answer(visitor, "nothing stops me", after=say(visitor, "nothing stops me"))


async def test_admins_have_no_limit_but_their_groups_have(house: House) -> None:
    owner = house.deputy.members[0]
    group = house.stage.telegram.group("Court", members=[owner])
    await result(house.deputy, after=say(house.deputy, "/image a throne"))
    await answer(house.deputy, "another throne", after=say(house.deputy, "another throne"))

    await result(group, after=group.send(owner, "/image a crown"))
    await refusal(group, group.send(owner, "/chat about a sceptre"))


async def test_a_limit_that_is_nearly_reached_is_told_once_without_a_sound(
    house: House,
) -> None:
    visitor = house.visitor("Gundula")
    await tell(house.owner, f"/limit {visitor.id} 10")
    for n in range(2):
        await result(visitor, after=say(visitor, f"/image a pebble {n}"))

    note = await answer(visitor, NEARLY)
    await answer(visitor, "pebbles", after=say(visitor, "what are pebbles?"))
    await refusal(visitor, say(visitor, "one too many"))

    assert note.is_silent
    assert "2 of your 10 tokens" in note.text
    assert [one for one in said_by_bot(visitor) if NEARLY in one.text] == [note]


async def test_a_limit_is_told_in_russian(house: House) -> None:
    visitor = house.visitor("Ольга", language="ru")

    say(visitor, f"/video {CHEAP} секрет confidential")

    await answer(visitor, "Ваш лимит на день – 4, осталось 4, а это может стоить 15")


async def test_the_limit_of_a_group_moves_with_it(house: House) -> None:
    people = [house.visitor(name).members[0] for name in ("Hildegard", "Wendelin")]
    group = house.stage.telegram.group("Wanderers", members=people)
    await result(group, after=group.send(people[0], "/image a tent"))

    supergroup = group.migrate()
    await refusal(supergroup, supergroup.send(people[1], "/chat about tents"))


async def test_twenty_people_at_once_keep_to_the_limit_of_all(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with open_house(
        tmp_path_factory.mktemp("all"),
        access="open",
        daily_tokens="14",
        timezone=zone_of_noon(),
    ) as house:
        visitors = [house.visitor(f"Visitor {n}") for n in range(20)]

        questions = [say(visitor, "confidential") for visitor in visitors]
        replies = [
            (await visitor.next_from_bot(after=question, timeout=40)).text
            for visitor, question in zip(visitors, questions, strict=True)
        ]

        assert spent(house.stage) == 14
        assert sum(LIMIT_REACHED in reply for reply in replies) == 13
        await refusal(house.owner, say(house.owner, "even the owner?"))


async def test_what_a_kill_cut_off_counts_against_the_limit(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with open_house(
        tmp_path_factory.mktemp("killed"),
        access="open",
        user_daily_tokens="20",
        streaming="edit",
        timezone=zone_of_noon(),
    ) as house:
        stage, visitor = house.stage, house.visitor("Ignatius")
        stage.elumenta.script(SLOW, contains="a long story")
        stage.elumenta.script(Making(takes=2, eta_seconds=3), contains="a long film")
        say(visitor, "a long story")
        await growing(visitor, "word3")
        say(visitor, f"/video {CHEAP} a long film")
        await stage.until(lambda: len(stage.elumenta.orders("a long film")) == 1)

        await house.bot.kill()
        await stage.restart(house.bot)

        await refusal(visitor, say(visitor, "/image one too many"))
        await result(visitor, "video")
        await answer(visitor, "small question", after=say(visitor, "a small question"))
        await refusal(visitor, say(visitor, "another"))
        assert spent(stage) == 19
