from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count, repeat
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.elumenta import RateLimits
from bot.metrics import Metrics
from bot.model import Arrival, ConversationKey, MediaKind, Question
from bot.services.courier import Outcome
from bot.services.gate import Gate
from bot.services.owner_day import OwnerDay
from bot.storage.engine import Database
from bot.storage.inbox import InboxStore
from bot.workers.gauges import Gauges
from tests.counts import counted
from tests.storage.orders import Clock
from tests.workers.pretend import COST, Fate, Post, Service
from tests.workers.program import Program, running

ANN = 5_000_000_001
NUMBERS = count(1)


@pytest.fixture
def fates() -> list[Fate]:
    return [Fate.PENDING]


@pytest.fixture
def post(clock: Clock, fates: list[Fate]) -> Post:
    return Post(service=Service(clock=clock, fates=iter(fates), seconds=repeat(60)))


@pytest.fixture
async def program(tmp_path: Path, post: Post) -> AsyncIterator[Program]:
    async with running(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3", post) as program:
        yield program


async def order(program: Program, clock: Clock) -> None:
    """Order a picture that nobody ordered before."""
    number = next(NUMBERS)
    question = Question(
        key=ConversationKey(chat_id=ANN),
        message_id=number,
        person_id=ANN,
        language="en",
        asked_at=clock(),
        prompt=f"fox {number}",
    )
    await program.media.order(question, MediaKind.IMAGE, {})


async def go_on(program: Program, clock: Clock, *, minutes: int = 3) -> None:
    """Let the time pass, and work on what is due in each second."""
    for _ in range(minutes * 60):
        await program.poller.step()
        clock.tick(timedelta(seconds=1))


@pytest.mark.parametrize("fates", [[Fate.PENDING], [Fate.MADE], [Fate.LOST_ANSWER]])
async def test_a_picture_is_counted_once_however_it_came(program: Program, clock: Clock) -> None:
    await order(program, clock)
    await go_on(program, clock)

    assert counted(program.metrics.orders) == {("image", "delivered"): 1}
    assert counted(program.metrics.tokens) == {("image",): COST}
    assert counted(program.metrics.deliveries) == {("done",): 1}


@pytest.mark.parametrize("fates", [[Fate.FAILED]])
async def test_an_order_that_fails_is_counted_and_costs_nothing(
    program: Program, clock: Clock
) -> None:
    await order(program, clock)
    await go_on(program, clock)

    assert counted(program.metrics.orders) == {("image", "failed"): 1}
    assert counted(program.metrics.tokens) == {}
    assert counted(program.metrics.deliveries) == {}


async def test_a_result_that_nobody_wants_is_an_end_too(
    program: Program, post: Post, clock: Clock
) -> None:
    await order(program, clock)
    await program.poller.step()
    post.outcome = Outcome.UNWANTED
    await go_on(program, clock)

    assert counted(program.metrics.orders) == {("image", "undeliverable"): 1}
    assert counted(program.metrics.tokens) == {("image",): COST}
    assert counted(program.metrics.deliveries) == {("unwanted",): 1}


@pytest.mark.parametrize("fates", [[Fate.MADE]])
async def test_each_attempt_to_show_a_result_is_counted(
    program: Program, post: Post, clock: Clock
) -> None:
    post.outcome = Outcome.DELAYED
    await order(program, clock)
    await go_on(program, clock, minutes=1)
    attempts = counted(program.metrics.deliveries)
    ends = counted(program.metrics.orders)

    post.outcome = Outcome.DONE
    await go_on(program, clock, minutes=1)

    assert attempts["delayed",] > 1
    assert ends == {}
    assert counted(program.metrics.deliveries) == {**attempts, ("done",): 1}
    assert counted(program.metrics.orders) == {("image", "delivered"): 1}


@pytest.mark.parametrize("fates", [[Fate.MADE]])
async def test_a_result_that_cannot_be_had_is_an_attempt_too(
    program: Program, post: Post, clock: Clock
) -> None:
    post.service.trouble = True
    await order(program, clock)
    for _ in range(2):
        await program.poller.step()

    assert counted(program.metrics.deliveries) == {("not_downloaded",): 1}


async def test_what_waits_and_what_is_left_is_read_off(database: Database) -> None:
    limits = RateLimits(limit_hour=100, remaining_hour=40, limit_day=1000, remaining_day=900)
    gate = Gate(lambda: limits, day=OwnerDay(ZoneInfo("UTC")))
    metrics, inbox = Metrics(), InboxStore(database)
    await inbox.add(1, [Arrival(update_id=7, chat_id=ANN, body="{}")])

    await Gauges(metrics, inbox, gate).read()

    assert counted(metrics.updates_waiting) == {(): 1}
    assert counted(metrics.people_waiting) == {(): 0}
    assert counted(metrics.requests_left) == {("hour",): 40, ("day",): 900}


async def test_what_nobody_tells_any_more_is_not_shown(database: Database) -> None:
    metrics, gate = Metrics(), Gate(lambda: None, day=OwnerDay(ZoneInfo("UTC")))
    metrics.requests_left.labels(window="hour").set(40)

    await Gauges(metrics, InboxStore(database), gate).read()

    assert counted(metrics.requests_left) == {}
