"""Telegram is told where to post, and told again when somebody else changed that."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from aiogram import Bot

from bot.metrics import Metrics
from bot.model import Arrival, UpdateUnreadable
from bot.settings import SettingsInvalid
from bot.telegram.webhook import UNWELL_AFTER, Webhook
from tests.storage.orders import Clock

URL = "http://127.0.0.1:9/telegram"


class Hands:
    """Takes updates."""

    def __init__(self) -> None:
        self.taken: list[Arrival] = []

    async def __call__(self, arrivals: Sequence[Arrival]) -> None:
        self.taken.extend(arrivals)


def create(bot: Bot, clock: Clock, *, url: str = URL, hands: Hands | None = None) -> Webhook:
    return Webhook(
        bot,
        hands or Hands(),
        url=url,
        secret="s3cret",
        kinds=["message"],
        metrics=Metrics(),
        now=clock,
    )


async def test_telegram_learns_the_address_and_the_kinds_of_updates(
    bot: Bot, clock: Clock
) -> None:
    webhook = create(bot, clock)

    await webhook.open()

    known = await bot.get_webhook_info()
    assert (known.url, known.allowed_updates) == (URL, ["message"])
    assert (await webhook.vital()).is_well
    assert webhook.path == "/telegram"


async def test_an_address_that_telegram_refuses_is_a_wrong_setting(bot: Bot, clock: Clock) -> None:
    with pytest.raises(SettingsInvalid, match="WEBHOOK_URL"):
        await create(bot, clock, url="ftp://here").open()


async def test_a_webhook_that_somebody_changed_is_set_again(bot: Bot, clock: Clock) -> None:
    webhook = create(bot, clock)
    await webhook.open()
    await bot.delete_webhook()

    await webhook.check()

    assert (await bot.get_webhook_info()).url == URL


async def test_a_webhook_that_is_not_looked_at_any_more_is_not_well(
    bot: Bot, clock: Clock
) -> None:
    webhook = create(bot, clock)
    before = await webhook.vital()
    await webhook.open()

    clock.tick(UNWELL_AFTER + timedelta(seconds=1))

    assert not before.is_well
    assert not (await webhook.vital()).is_well


async def test_what_is_posted_is_taken_or_refused(bot: Bot, clock: Clock) -> None:
    hands = Hands()
    webhook = create(bot, clock, hands=hands)

    await webhook.receive(b'{"update_id": 5}')
    await webhook.receive(b'{"update_id": 6, "message": {}}')
    with pytest.raises(UpdateUnreadable):
        await webhook.receive(b"{}")

    assert [arrival.update_id for arrival in hands.taken] == [5]
