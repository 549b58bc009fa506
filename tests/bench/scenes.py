"""What people do with the bot while it is measured."""

import asyncio
from collections.abc import Sequence

from bot.sandbox.telegram import Chat
from tests.bench.asking import Answer, Asker
from tests.stage import Stage

STREAM_CHUNKS = 81
STREAM_GAP_SECONDS = 0.05
"""A stream of four seconds."""

THINKING_SECONDS = (0.1, 0.5, 1.0, 2.0, 3.5)
"""How long models may take to say their first word."""


class Town:
    """Private chats and groups, each of somebody who has none yet."""

    def __init__(self, stage: Stage) -> None:
        self.asker = Asker(stage)
        self._telegram = stage.telegram

    def private_chats(self, count: int) -> list[Chat]:
        people = [self._telegram.person(f"Person {number}") for number in range(count)]
        return [self._telegram.private_chat(person) for person in people]

    def groups(self, count: int) -> list[Chat]:
        people = [self._telegram.person(f"Member {number}") for number in range(count)]
        return [self._telegram.group("A group", members=[person]) for person in people]


async def stream_in_turn(town: Town, chats: Sequence[Chat]) -> list[Answer]:
    """Have one question in each chat, begun one after another, so that few run at once."""

    async def ask(chat: Chat, number: int) -> Answer:
        await asyncio.sleep(number * 0.6)
        thinking = THINKING_SECONDS[number % len(THINKING_SECONDS)]
        return await _stream(town, chat, thinking=thinking)

    return await asyncio.gather(*(ask(chat, number) for number, chat in enumerate(chats)))


async def stream_at_once(town: Town, chats: Sequence[Chat]) -> list[Answer]:
    return await asyncio.gather(*(_stream(town, chat) for chat in chats))


async def answer_at_once(town: Town, chats: Sequence[Chat]) -> list[Answer]:
    """Have one question with a short answer in each chat, all at the same moment."""
    return await asyncio.gather(*(town.asker.ask(chat, chunks=1) for chat in chats))


async def chat_every_second(town: Town, chats: Sequence[Chat], *, count: int) -> list[Answer]:
    """Have one question a second in each chat, whether or not the last one is answered."""

    async def ask(chat: Chat, number: int) -> Answer:
        await asyncio.sleep(number)
        return await town.asker.ask(chat, chunks=1)

    return await asyncio.gather(*(ask(chat, number) for chat in chats for number in range(count)))


async def _stream(town: Town, chat: Chat, *, thinking: float = 0) -> Answer:
    return await town.asker.ask(chat, chunks=STREAM_CHUNKS, gap=STREAM_GAP_SECONDS, delay=thinking)
