"""What people may know about the tokens: the owners everything, others what is theirs."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.sandbox.elumenta import Reply
from tests.e2e.house import House, open_house, say, tell, zone_of_noon
from tests.e2e.seeing import answer, balance_looks, result, spent
from tests.stage import Stage

BALANCE = 12_345
"""At the start; what is shown may be half a minute old."""


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house with an account on the plan VIP, where a person may spend 20 tokens a day."""
    async with open_house(
        tmp_path_factory.mktemp("balance"),
        access="open",
        user_daily_tokens="20",
        timezone=zone_of_noon(),
        prepare=open_account,
    ) as house:
        yield house


def open_account(stage: Stage) -> None:
    service = stage.elumenta
    service.plan, service.balance = "vip", BALANCE
    service.limits.hourly, service.limits.daily = 1_000, 5_000
    service.plan_expires_at = datetime(2029, 5, 17, tzinfo=UTC)


def line(text: str, words: str) -> str:
    """Find the line of a text that contains these words."""
    return next(found for found in text.splitlines() if words in found)


def numbers(text: str) -> list[int]:
    return [int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)]


async def test_an_owner_sees_the_account_and_what_was_spent(house: House) -> None:
    visitor = house.visitor("Josepha")
    await answer(visitor, after=say(visitor, "a confidential question"))
    await result(visitor, after=say(visitor, "/image a confidential picture"))

    shown = await tell(house.owner, "/balance")

    charged = spent(house.stage)
    (balance,) = numbers(line(shown, "The account has"))
    assert BALANCE - charged <= balance <= BALANCE
    assert "vip" in line(shown, "Plan").lower()
    assert "2029" in line(shown, "Plan")
    assert numbers(line(shown, "Spent today"))[0] == charged
    assert numbers(line(shown, "Spent this month"))[0] == charged
    assert {"answers", "pictures"} <= set(re.findall(r"\w+", line(shown, "Spent today")))
    left, limit, *_ = numbers(line(shown, "this hour"))
    assert limit == 1_000
    assert 0 < limit - left <= len(house.stage.elumenta.requests)


async def test_others_see_what_they_spent_and_what_is_left_to_them(house: House) -> None:
    visitor = house.visitor("Kunigunde")
    await answer(visitor, after=say(visitor, "a confidential question"))
    await result(visitor, after=say(visitor, "/image a confidential picture"))

    shown = await tell(visitor, "/balance")

    assert numbers(line(shown, "Spent today"))[0] == 6
    assert numbers(line(shown, "Left to you today"))[:2] == [14, 20]
    assert "00:00" in line(shown, "Left to you today")
    for secret in ("The account", "Plan", "hour", "12,"):
        assert secret not in shown


async def test_a_group_sees_nothing_of_the_account_even_if_an_owner_asks(house: House) -> None:
    owner, guest = house.owner.members[0], house.guest.members[0]
    group = house.stage.telegram.group("Tavern", members=[owner, guest])
    await result(group, after=group.send(guest, "/image a confidential jug"))

    shown = [(await group.reply_to(group.send(one, "/balance"))).text for one in (owner, guest)]

    for text in shown:
        assert numbers(line(text, "Spent in this group today"))[0] == 4
        for secret in ("The account", "Plan", "this hour", "Spent this month"):
            assert secret not in text


async def test_an_offer_tells_an_owner_the_balance_and_others_what_is_left_to_them(
    house: House,
) -> None:
    visitor = house.visitor("Mechthild")
    await tell(house.owner, f"/limit {visitor.id} 30")

    offers = [
        (await answer(chat, "26 tokens", after=say(chat, "/video a confidential moth"))).text
        for chat in (house.owner, visitor)
    ]

    assert "12," in line(offers[0], "are left")
    assert "30" in line(offers[1], "more tokens today")
    assert "are left" not in offers[1]


async def test_many_who_ask_at_once_are_one_look_at_the_account(house: House) -> None:
    before = balance_looks(house.stage)
    questions = [(chat, say(chat, "/balance")) for chat in (house.owner, house.deputy) * 3]

    shown = [(await chat.reply_to(question)).text for chat, question in questions]

    assert all("The account has" in text for text in shown)
    assert balance_looks(house.stage) <= before + 1


async def test_an_owner_reads_the_balance_in_russian(house: House) -> None:
    owner = house.owner.members[0]
    question = house.owner.send(owner, "/balance")
    house.stage.telegram.push(
        {
            "message": {
                "message_id": 900_000,
                "date": 1_790_000_000,
                "chat": {"id": owner.id, "type": "private", "first_name": owner.first_name},
                "from": {
                    "id": owner.id,
                    "is_bot": False,
                    "first_name": owner.first_name,
                    "language_code": "ru",
                },
                "text": "/balance",
                "entities": [{"type": "bot_command", "offset": 0, "length": 8}],
            }
        }
    )

    shown = await answer(house.owner, "На счёте", after=question)

    assert "Потрачено сегодня" in shown.text


async def test_statistics_come_as_a_chart_with_the_figures(house: House) -> None:
    visitor, service = house.visitor("Leopold"), house.stage.elumenta
    service.script(Reply(status=500, error="provider_error"), contains="a failing question")
    await answer(visitor, "nothing was charged", after=say(visitor, "a failing question"))
    await answer(visitor, after=say(visitor, "a confidential question"))

    chart = await result(house.owner, after=say(house.owner, "/stats"))

    assert chart.file is not None
    assert chart.file.path.read_bytes().startswith(b"\x89PNG")
    assert numbers(line(chart.text, "Tokens:"))[-1] == spent(house.stage)
    assert "gpt-5" in chart.text
    assert numbers(line(chart.text, "Requests:"))[1] >= 1
    people, chats = numbers(line(chart.text, "People:"))
    assert 1 <= people <= chats
    assert "Leopold" not in chart.text


async def test_statistics_are_shown_to_nobody_in_a_group(house: House) -> None:
    owner = house.owner.members[0]
    group = house.stage.telegram.group("Market", members=[owner, house.guest.members[0]])

    told = await group.reply_to(group.send(owner, "/stats"))

    assert told.kind == "text"
    assert not re.search(r"\d", told.text)
