import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from structlog.testing import capture_logs

from bot.clock import utc_now
from bot.model import Turn, TurnState
from bot.services.erasing import ErasingService
from bot.services.owner_day import OwnerDay
from bot.services.turns import TurnQueue
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.storage.inbox import InboxStore
from bot.storage.replicas import ReplicaStore
from bot.storage.retention import RetentionStore
from bot.workers.tidying import Tidying
from tests.storage.arrivals import BOT, arrivals
from tests.storage.questions import QUESTION, added

LONG_AGO = timedelta(days=100)


class Crash(Exception):
    """What may go wrong in a database."""


class BrokenInbox(InboxStore):
    async def forget_done(self, before: datetime) -> int:
        raise Crash(before)


class WatchedRetention(RetentionStore):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.is_done = asyncio.Event()

    async def delete_before(self, moment: datetime) -> int:
        deleted = await super().delete_before(moment)
        self.is_done.set()
        return deleted


@pytest.fixture
def erasing(database: Database) -> ErasingService:
    day = OwnerDay(ZoneInfo("UTC"))
    return ErasingService(ErasureStore(database), TurnQueue(), day, wake=lambda: None)


async def ended(database: Database, *, ago: timedelta) -> Turn:
    """Answer a question that somebody asked so long ago."""
    moment = utc_now() - ago
    history = HistoryStore(database, now=lambda: moment)
    turn = await added(history, replace(QUESTION, message_id=None, asked_at=moment))
    await history.finish(turn.id, TurnState.ANSWERED, answer="There.")
    await history.deliver(turn.id)
    return turn


async def is_kept(database: Database, turn: Turn) -> bool:
    return await HistoryStore(database).get(turn.id) is not None


@pytest.mark.parametrize(("days", "kept"), [(0, True), (99, False), (101, True)])
async def test_history_is_kept_for_as_long_as_the_owner_wants(
    database: Database, erasing: ErasingService, days: int, *, kept: bool
) -> None:
    turn = await ended(database, ago=LONG_AGO)

    tidying = Tidying(InboxStore(database), erasing, RetentionStore(database), retention_days=days)
    await tidying.tidy()

    assert await is_kept(database, turn) is kept


@pytest.mark.parametrize(("days", "news"), [(1, 0), (3, 1)])
async def test_an_update_is_known_for_as_long_as_telegram_may_repeat_it(
    database: Database, erasing: ErasingService, days: int, news: int
) -> None:
    moment = utc_now() - timedelta(days=days)
    inbox = InboxStore(database, now=lambda: moment)
    await inbox.add(BOT, arrivals(1))
    await ReplicaStore(database).enter("one", lease=None)
    [update] = (await inbox.claim("one", bot_id=BOT)).updates
    await inbox.finish(update.id)

    await Tidying(inbox, erasing, RetentionStore(database), retention_days=0).tidy()

    assert await inbox.add(BOT, arrivals(1)) == news


async def test_what_fails_keeps_nothing_else_from_being_done(
    database: Database, erasing: ErasingService
) -> None:
    turn = await ended(database, ago=LONG_AGO)
    inbox, retention = BrokenInbox(database), RetentionStore(database)

    with capture_logs() as lines:
        await Tidying(inbox, erasing, retention, retention_days=1).tidy()

    assert [line["work"] for line in lines if line["event"] == "work.crashed"] == [
        "forgetting_updates"
    ]
    assert not await is_kept(database, turn)


async def test_it_begins_at_once_and_goes_on_until_it_is_cancelled(
    database: Database, erasing: ErasingService
) -> None:
    turn, retention = await ended(database, ago=LONG_AGO), WatchedRetention(database)
    tidying = Tidying(InboxStore(database), erasing, retention, retention_days=1)

    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(tidying.run())
        await retention.is_done.wait()
        assert not running.done()
        running.cancel()

    assert not await is_kept(database, turn)
