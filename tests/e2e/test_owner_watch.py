"""What owners hear without asking, each thing once."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sandbox.elumenta import Reply
from bot.sandbox.telegram import Chat, Message
from tests.e2e.house import House, open_house, say, tell
from tests.e2e.seeing import answer, balance_looks, noted, said_by_bot
from tests.stage import Stage

LOW = "balance is low"
ENDING = "ends soon"


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house whose account is refused now and then, and its balance never told."""
    async with open_house(tmp_path_factory.mktemp("refused"), prepare=hide_balance) as house:
        yield house


def hide_balance(stage: Stage) -> None:
    stage.elumenta.script_balances(Reply(status=401, error="not_authenticated"), times=1_000)


def poor(stage: Stage) -> None:
    """Leave little on the account, and not for long."""
    stage.elumenta.plan, stage.elumenta.balance = "vip", 42
    stage.elumenta.plan_expires_at = datetime.now(UTC) + timedelta(days=2)


def told(chat: Chat, words: str) -> list[Message]:
    return [message for message in said_by_bot(chat) if words in message.text]


async def start_again(house: House) -> None:
    """Start the bot anew, and wait until it has looked at the account."""
    looks = balance_looks(house.stage)
    await house.bot.kill()
    await house.stage.restart(house.bot)
    await house.stage.until(lambda: balance_looks(house.stage) > looks)
    await tell(house.guest, "/help")


async def test_owners_hear_of_a_low_balance_and_of_the_end_of_the_plan_once(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path, prepare=poor) as house:
        for chat in (house.owner, house.deputy):
            assert "42" in (await answer(chat, LOW)).text
            assert "vip" in (await answer(chat, ENDING)).text

        await start_again(house)
        counts = [
            len(told(chat, words))
            for chat in (house.owner, house.deputy)
            for words in (LOW, ENDING)
        ]
        house.stage.elumenta.balance = 500
        await start_again(house)
        await house.stage.until(lambda: "watch-low-balance" not in noted(house.stage))
        house.stage.elumenta.balance = 17
        await start_again(house)

        await house.owner.wait(lambda chat: len(told(chat, LOW)) == 2)
        assert "17" in told(house.owner, LOW)[-1].text
        assert counts == [1, 1, 1, 1]
        assert len(told(house.owner, ENDING)) == 1
        assert told(house.guest, LOW) == []


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, "not_authenticated"), (402, "insufficient_tokens"), (403, "insufficient_plan")],
)
async def test_owners_hear_why_the_service_refused_and_people_that_owners_must_act(
    house: House, status: int, error: str
) -> None:
    words = f"confidential {status}"
    house.stage.elumenta.script(Reply(status=status, error=error), contains=words, times=2)

    heard = [await tell(house.guest, words) for _ in range(2)]

    assert all("owner" in one for one in heard)
    for chat in (house.owner, house.deputy):
        await answer(chat, f"error {status}")
        await tell(chat, "/help")
        assert len(told(chat, f"error {status}")) == 1


async def test_a_balance_that_cannot_be_had_is_said_to_be_unknown(house: House) -> None:
    shown = await tell(house.owner, "/balance")
    offer = await answer(house.owner, "26 tokens", after=say(house.owner, "/video a moth"))

    assert "are left" not in offer.text
    assert "could not get the balance" in shown
    assert "Spent today" in shown
