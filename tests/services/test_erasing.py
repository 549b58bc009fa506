import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.model import ConversationKey, Question, Turn, TurnState
from bot.services.erasing import ErasingService
from bot.services.owner_day import OwnerDay
from bot.services.turns import StopReason, TurnQueue
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from tests.storage.charges import begun
from tests.storage.orders import Clock
from tests.storage.questions import QUESTION, added

ANN, BOB = 5_000_000_001, 5_000_000_002
GROUP = ConversationKey(chat_id=-100)
IMPATIENT_SECONDS = 0.01


@pytest.fixture
def turns() -> TurnQueue:
    return TurnQueue()


@pytest.fixture
def history(database: Database, clock: Clock) -> HistoryStore:
    return HistoryStore(database, now=clock)


@pytest.fixture
def erasing(database: Database, clock: Clock, turns: TurnQueue) -> ErasingService:
    return forgetting(database, clock, turns)


def forgetting(
    database: Database,
    clock: Clock,
    turns: TurnQueue,
    *,
    wake: Callable[[], None] = lambda: None,
    settle_seconds: float = 10,
) -> ErasingService:
    store, day = ErasureStore(database, now=clock), OwnerDay(ZoneInfo("UTC"), now=clock)
    return ErasingService(store, turns, day, wake=wake, settle_seconds=settle_seconds)


def asked_by(person_id: int) -> Question:
    return replace(QUESTION, key=GROUP, message_id=None, person_id=person_id)


async def end(history: HistoryStore, turn: Turn) -> None:
    """End a turn as one that was stopped."""
    await history.finish(turn.id, TurnState.STOPPED, answer="Half an ans")
    await history.deliver(turn.id)


async def test_an_answer_under_way_is_stopped_and_goes_too(
    erasing: ErasingService, history: HistoryStore, turns: TurnQueue
) -> None:
    turn = await added(history, asked_by(ANN))
    async with asyncio.TaskGroup() as tasks:
        with turns.join(GROUP, person_id=ANN) as ticket:
            tasks.create_task(erasing.erase(ANN))
            async with ticket.until_stopped():
                await asyncio.Event().wait()
            await end(history, turn)

    assert ticket.stopped is StopReason.PERSON
    assert (await erasing.count(ANN)).turns == 0
    assert await history.get(turn.id) is None


async def test_other_people_go_on_and_keep_what_is_theirs(
    erasing: ErasingService, history: HistoryStore, turns: TurnQueue
) -> None:
    for person_id in (ANN, BOB):
        await end(history, await added(history, asked_by(person_id)))

    with turns.join(GROUP, person_id=BOB) as ticket:
        await erasing.erase(ANN)

        assert ticket.stopped is None
    assert (await erasing.count(ANN)).turns == 0
    assert (await erasing.count(BOB)).turns == 1


async def test_what_cannot_be_stopped_in_time_goes_when_it_has_ended(
    database: Database, clock: Clock, history: HistoryStore, turns: TurnQueue
) -> None:
    erasing = forgetting(database, clock, turns, settle_seconds=IMPATIENT_SECONDS)
    turn = await begun(history, question=asked_by(ANN))
    with turns.join(GROUP, person_id=ANN):
        await erasing.erase(ANN)
        left = await erasing.count(ANN)
    await end(history, turn)

    clock.tick(timedelta(hours=1))
    await erasing.finish()

    assert left.turns == 1
    assert (await erasing.count(ANN)).turns == 0


async def test_that_orders_were_taken_back_is_told_at_once(
    database: Database, clock: Clock, turns: TurnQueue
) -> None:
    is_woken = asyncio.Event()
    erasing = forgetting(database, clock, turns, wake=is_woken.set)

    await erasing.erase(ANN)

    assert is_woken.is_set()


async def test_who_comes_back_is_not_forgotten_again(
    erasing: ErasingService, history: HistoryStore, clock: Clock
) -> None:
    await erasing.erase(ANN)
    later = clock.tick(timedelta(minutes=1))
    await end(history, await added(history, replace(asked_by(ANN), asked_at=later)))

    for _ in range(2):
        clock.tick(timedelta(days=1))
        await erasing.finish()

    assert (await erasing.count(ANN)).turns == 1


async def test_to_forget_twice_does_no_harm(
    erasing: ErasingService, history: HistoryStore
) -> None:
    await end(history, await added(history, asked_by(ANN)))

    async with asyncio.TaskGroup() as tasks:
        for _ in range(2):
            tasks.create_task(erasing.erase(ANN))

    assert (await erasing.count(ANN)).turns == 0
