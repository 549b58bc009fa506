"""Has a bot answer presses of buttons, which nothing paces, as fast as it can."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.telegram import Chat, FloodLimits, Message, TelegramServer
from tests.bench.performance import AS_INSTALLED
from tests.bench.usage import Watch
from tests.postgresql import running_cluster
from tests.stage import open_stage

CROWD = 40
"""So many people press, each again as soon as the last press was answered."""
PRESSES = 25
PATIENCE_SECONDS = 60
UNLIMITED = FloodLimits(group_burst=PRESSES + 1, overall_burst=CROWD * (PRESSES + 1))
WEBHOOK_URL = "{url}/telegram"
"""The bot's own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressing:
    """What it took to answer all presses."""

    presses: int
    seconds: float
    bot_cpu_seconds: float
    bench_share: float

    @property
    def per_second(self) -> float:
        return self.presses / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """The same work with each way to hear of it, and each database that there is."""

    polling: Pressing
    webhook: Pressing
    postgresql: Pressing | None
    """By polling as well; None where no PostgreSQL is installed."""


async def perform_presses(folder: Path) -> Throughput:
    return Throughput(
        polling=await _perform(folder, "polling"),
        webhook=await _perform(folder, "webhook", webhook_url=WEBHOOK_URL),
        postgresql=await _perform_on_postgresql(folder),
    )


async def _perform_on_postgresql(folder: Path) -> Pressing | None:
    try:
        with running_cluster() as cluster:
            await cluster.prepare()
            async with cluster.new_database() as url:
                return await _perform(folder, "postgresql", database_url=url)
    except pytest.skip.Exception:
        return None


async def _perform(folder: Path, name: str, **settings: str) -> Pressing:
    """Have others than those who ordered press the buttons of offers: each is looked up anew."""
    async with open_stage(folder, telegram=TelegramServer(limits=UNLIMITED)) as stage:
        bot = await stage.start_bot(name, **AS_INSTALLED, **settings)
        groups = [_group(stage.telegram, number) for number in range(CROWD)]
        offers = await asyncio.gather(*map(_offer, groups))

        watch, began = Watch(bot.pid), time.monotonic()
        await asyncio.gather(*map(_press_on, groups, offers))
        return Pressing(
            presses=CROWD * PRESSES,
            seconds=time.monotonic() - began,
            bot_cpu_seconds=watch.bot_cpu_seconds,
            bench_share=watch.own_share,
        )


def _group(telegram: TelegramServer, number: int) -> Chat:
    people = [telegram.person(f"{name} {number}") for name in ("Ann", "Bob")]
    return telegram.group("A group", members=people)


async def _offer(group: Chat) -> Message:
    """Find the offer: the bot also introduces itself in the group."""
    order = group.send(group.members[0], "/video a kite")
    return await group.reply_to(order, timeout=PATIENCE_SECONDS)


async def _press_on(group: Chat, offer: Message) -> None:
    other, label = group.members[1], offer.buttons[0][0].text
    for _ in range(PRESSES):
        await group.press(other, offer, label).answer(PATIENCE_SECONDS)
