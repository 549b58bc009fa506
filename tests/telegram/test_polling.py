"""Updates are fetched, and taken before Telegram may forget them, whatever goes wrong."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import pytest
from aiogram import Bot

from bot.metrics import Metrics
from bot.model import Arrival
from bot.sandbox.telegram import Chat, Fault, FaultKind, Person, TelegramServer
from bot.telegram.polling import Polling
from bot.telegram.session import connect


class Hands:
    """Takes updates, unless told not to."""

    def __init__(self) -> None:
        self.taken: list[Arrival] = []
        self.failures = 0
        self._news = asyncio.Event()

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        if arrivals and self.failures:
            self.failures -= 1
            raise RuntimeError
        self.taken.extend(arrivals)
        self._news.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.taken) < count:
                self._news.clear()
                await self._news.wait()


@pytest.fixture
def hands() -> Hands:
    return Hands()


@asynccontextmanager
async def running(server: TelegramServer, bot: Bot, hands: Hands) -> AsyncIterator[Polling]:
    polling = create(server, bot, hands)
    async with asyncio.TaskGroup() as tasks:
        fetching = tasks.create_task(polling.run())
        yield polling
        fetching.cancel()


def create(server: TelegramServer, bot: Bot, hands: Hands) -> Polling:
    connection = partial(connect, server.token, api_url=server.url)
    return Polling(bot, connection, hands.take, kinds=["message"], metrics=Metrics())


async def test_updates_come_in_order_and_once(
    server: TelegramServer, bot: Bot, chat: Chat, ann: Person, hands: Hands
) -> None:
    async with running(server, bot, hands):
        await hands.until(1)
        for text in "abc":
            chat.send(ann, text)
        await hands.until(4)

    ids = [arrival.update_id for arrival in hands.taken]
    assert ids == sorted(set(ids))
    assert {arrival.chat_id for arrival in hands.taken} == {ann.id}
    assert ['"a"' in arrival.body for arrival in hands.taken] == [False, True, False, False]


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.CUT, FaultKind.RETRY_AFTER])
async def test_what_goes_wrong_is_waited_out(
    server: TelegramServer, bot: Bot, chat: Chat, hands: Hands, kind: FaultKind
) -> None:
    server.fail(Fault(kind=kind, method="getUpdates", times=2))
    chat.send(chat.members[0], "Hello!")

    async with running(server, bot, hands) as polling:
        await hands.until(2)
        vital = await polling.vital()

    assert vital.is_well
    assert vital.note == ""


async def test_what_could_not_be_taken_comes_again(
    server: TelegramServer, bot: Bot, chat: Chat, ann: Person, hands: Hands
) -> None:
    chat.send(ann, "Hello!")
    hands.failures = 1
    polling = create(server, bot, hands)

    with pytest.raises(RuntimeError):
        await polling.run()
    async with asyncio.TaskGroup() as tasks:
        fetching = tasks.create_task(polling.run())
        await hands.until(2)
        fetching.cancel()

    assert len(hands.taken) == 2


async def test_another_program_that_fetches_is_told_of_and_waited_for(
    server: TelegramServer, bot: Bot, chat: Chat, ann: Person, hands: Hands
) -> None:
    await bot.set_webhook(f"{server.url}/elsewhere")

    async with running(server, bot, hands) as polling:
        await _until_note(polling, "another program takes the updates")
        is_well = (await polling.vital()).is_well
        await polling.open()
        chat.send(ann, "Hello!")
        await hands.until(2)

    assert not is_well


async def test_nothing_is_well_before_the_first_fetch(
    server: TelegramServer, bot: Bot, hands: Hands
) -> None:
    assert not (await create(server, bot, hands).vital()).is_well


async def _until_note(polling: Polling, note: str) -> None:
    async with asyncio.timeout(20):
        while (await polling.vital()).note != note:  # noqa: ASYNC110 - it tells of no change
            await asyncio.sleep(0.05)
