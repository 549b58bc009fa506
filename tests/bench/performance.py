"""Has our bot, and a bare one beside it, do their work, and watches."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

from bot.sandbox.telegram import Chat, FloodLimits, TelegramServer
from tests.bench.asking import Answer
from tests.bench.scenes import (
    Town,
    answer_at_once,
    chat_every_second,
    stream_at_once,
    stream_in_turn,
)
from tests.bench.usage import Memory, Watch, memory_of
from tests.stage import BotProcess, Stage, open_stage

FOLDER = Path(__file__).parent
BARE_BOT = ("-P", str(FOLDER / "bare.py"))
AS_INSTALLED = {"pythonpath": str(FOLDER / "installed"), "log_level": "INFO"}
"""Settings with which a bot starts like one outside of this checkout."""

CROWD = 300
PATIENCE_SECONDS = 60
SETTLING_SECONDS = 1
STARTS = 5

Play = Callable[[Town, Sequence[Chat]], Awaitable[list[Answer]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What one scene brought, and what it took."""

    answers: list[Answer]
    calls: Counter[str]
    """How often each method was called in the chats of the scene."""
    flood_refusals: int
    bot_cpu_seconds: float
    bench_share: float

    @property
    def seconds(self) -> float:
        """From the last question to the last whole answer."""
        asked_at = max(answer.asked_at for answer in self.answers)
        return max(answer.whole_at for answer in self.answers) - asked_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """How long a program took to start, and its memory before and after its work."""

    start_seconds: float
    idle: Memory
    worked: Memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """All that our bot was seen to do."""

    private: Scene
    groups: Scene
    every_second: Scene
    streams: Scene
    crowd: Scene
    questions: int
    flood_refusals: int
    first_start_seconds: float
    footprint: Footprint


async def perform(folder: Path) -> Performance:
    """Play all scenes with our bot, which has been started once before, as it usually has."""
    # The clock of the chats is that of the service, so that their times can be compared.
    async with open_stage(folder, telegram=TelegramServer(clock=time.time)) as stage:
        first_bot, first_start_seconds = await _start(stage)
        await first_bot.terminate()
        bot, start_seconds = await _start_often(stage)
        idle = await _settled(bot)

        town = Town(stage)
        play = partial(_play, stage, bot, town)
        return Performance(
            private=await play(stream_in_turn, town.private_chats(20)),
            groups=await play(stream_in_turn, town.groups(6)),
            every_second=await play(partial(chat_every_second, count=20), town.private_chats(5)),
            streams=await play(stream_at_once, town.private_chats(60)),
            crowd=await play(answer_at_once, town.private_chats(CROWD)),
            questions=town.asker.count,
            flood_refusals=stage.telegram.flood_refusals,
            first_start_seconds=first_start_seconds,
            footprint=Footprint(
                start_seconds=start_seconds, idle=idle, worked=await _settled(bot)
            ),
        )


async def perform_bare(folder: Path, *, questions: int) -> Footprint:
    """Have a bare bot answer so many messages, never more at once than ours had to."""
    # It keeps no pace, and how it would fare without one is not what is measured.
    limits = FloodLimits(private_burst=questions, overall_burst=questions)
    telegram = TelegramServer(limits=limits)
    async with open_stage(folder, telegram=telegram, program=BARE_BOT) as stage:
        bot, start_seconds = await _start_often(stage)
        idle = await _settled(bot)

        chats = Town(stage).private_chats(questions)
        for first in range(0, questions, CROWD):
            await asyncio.gather(*map(_greet, chats[first : first + CROWD]))
        return Footprint(start_seconds=start_seconds, idle=idle, worked=await _settled(bot))


async def _start_often(stage: Stage) -> tuple[BotProcess, float]:
    """Start a bot again and again, as one start tells little; gives what is usual."""
    bot, seconds = await _start(stage)
    starts = [seconds]
    while len(starts) < STARTS:
        await bot.terminate()
        bot, seconds = await _start(stage)
        starts.append(seconds)
    return bot, median(starts)


async def _start(stage: Stage) -> tuple[BotProcess, float]:
    """Start a bot; gives the seconds until it asks for updates."""
    began = time.monotonic()
    bot = await stage.start_bot(**AS_INSTALLED)
    assert stage.telegram.last_poll is not None
    return bot, stage.telegram.last_poll - began


async def _settled(bot: BotProcess) -> Memory:
    """Look at the memory once the last work is done."""
    await asyncio.sleep(SETTLING_SECONDS)
    return memory_of(bot.pid)


async def _play(
    stage: Stage, bot: BotProcess, town: Town, scene: Play, chats: Sequence[Chat]
) -> Scene:
    watch = Watch(bot.pid)
    refusals = stage.telegram.flood_refusals
    answers = await scene(town, chats)

    ids = {chat.id for chat in chats}
    return Scene(
        answers=answers,
        calls=Counter(call.method for call in stage.telegram.calls if call.chat_id in ids),
        flood_refusals=stage.telegram.flood_refusals - refusals,
        bot_cpu_seconds=watch.bot_cpu_seconds,
        bench_share=watch.own_share,
    )


async def _greet(chat: Chat) -> None:
    greeting = chat.send(chat.members[0], "hello")
    await chat.next_from_bot(after=greeting, timeout=PATIENCE_SECONDS)
