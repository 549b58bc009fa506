"""Has our bot make pictures and videos, and watches."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.elumenta import Making
from bot.sandbox.telegram import Chat, Message, TelegramServer
from tests.bench.scenes import Town
from tests.bench.usage import Memory, memory_of
from tests.stage import Stage, open_stage

PEOPLE = 30
PATIENCE_SECONDS = 180
SHORTEST_SECONDS, LONGEST_SECONDS = 50, 70
"""Between which the videos take their time: about a minute."""

BIG_BYTES = 40_000_000
SETTINGS = {"confirm_above": "1000", "log_level": "INFO"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order: how long its person waited after it was made, and how often it was looked at."""

    late_seconds: float
    looks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """All that was ordered, and what it took."""

    videos: list[Order]
    pictures_seconds: float
    """From the first of the pictures ordered at once to the last delivered."""
    requests_per_order: float
    idle: Memory
    worked: Memory
    big: Memory
    """After a video that is almost as large as Telegram allows."""


async def perform_orders(folder: Path) -> Orders:
    """Order videos of about a minute, then pictures, all at once, then a large video."""
    # The clock of the chats is that of the service, so that their times can be compared.
    async with open_stage(folder, telegram=TelegramServer(clock=time.monotonic)) as stage:
        bot = await stage.start_bot(**SETTINGS)
        idle = memory_of(bot.pid)
        town = Town(stage)
        chats = town.private_chats(PEOPLE)

        videos = await asyncio.gather(*(_video(stage, *one) for one in enumerate(chats)))
        began = time.monotonic()
        await asyncio.gather(*(_result(chat, "/image a fox", "photo") for chat in chats))
        pictures_seconds = time.monotonic() - began
        worked = memory_of(bot.pid)

        stage.elumenta.script(
            Making(takes=1, eta_seconds=1, size_bytes=BIG_BYTES), contains="enormous"
        )
        await _result(chats[0], "/video an enormous whale", "video")
        return Orders(
            videos=list(videos),
            pictures_seconds=pictures_seconds,
            requests_per_order=len(stage.elumenta.requests) / (2 * PEOPLE + 1),
            idle=idle,
            worked=worked,
            big=memory_of(bot.pid),
        )


async def _video(stage: Stage, number: int, chat: Chat) -> Order:
    name = f"kite {number:03}"
    takes = SHORTEST_SECONDS + (LONGEST_SECONDS - SHORTEST_SECONDS) * number / (PEOPLE - 1)
    stage.elumenta.script(Making(takes=takes), contains=name)

    video = await _result(chat, f"/video a red {name}", "video")
    seen_at = next(shown.at for shown in chat.history if shown.message_id == video.id)
    made_at = stage.elumenta.made_at(name)
    return Order(late_seconds=seen_at - made_at, looks=len(stage.elumenta.polls(name)))


async def _result(chat: Chat, order: str, kind: str) -> Message:
    chat.send(chat.members[0], order)
    return await chat.wait(lambda chat: _newest(chat.messages, kind), timeout=PATIENCE_SECONDS)


def _newest(messages: Sequence[Message], kind: str) -> Message | None:
    """Find the medium that is the last word of the bot."""
    return messages[-1] if messages and messages[-1].kind == kind else None
