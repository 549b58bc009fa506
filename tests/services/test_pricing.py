"""What an offer tells, and what asking for its price costs the others."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Unpack

import httpx
import pytest

from bot.elumenta import Patience
from bot.model import ExpenseKind, JobState, MediaJob
from bot.services.generating import Generating
from bot.services.owning import Owning
from bot.services.pricing import Funds, Pricing
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from tests.elumenta.service import COMPLETED, ScriptedService, client_of, json_of, listen
from tests.owning import Limits, create_owning
from tests.storage.charges import ANN, BOB, GROUP, a_question, begun
from tests.storage.orders import ORDER, PRICE, Clock, job_in

EXACT = 50
PRICED = json_of({"token_cost": EXACT, "pricing_type": "fixed"})
LIMITED = json_of({"error": "rate_limit_exceeded", "retry_after": 600}, status=429)


@dataclass(frozen=True, kw_only=True)
class Shop:
    """Offers, and the gate on the way to their prices."""

    pricing: Pricing
    jobs: JobStore
    owning: Owning
    history: HistoryStore

    async def offer(self) -> MediaJob:
        return await job_in(self.jobs, JobState.OFFERED, replace(ORDER, price=PRICE))

    async def spend(self, tokens: int, *, person_id: int, chat_id: int) -> None:
        question = a_question(person_id, chat_id)
        charge = self.owning.spending.charge_for(
            question, ExpenseKind.ANSWER, model="gpt-5", tokens=tokens
        )
        await begun(self.history, charge, question)


@asynccontextmanager
async def shop_of(
    service: httpx.AsyncBaseTransport,
    database: Database,
    clock: Clock,
    *,
    left: int | None = None,
    **limits: Unpack[Limits],
) -> AsyncIterator[Shop]:
    """Open it when the service has told how many requests are left of the hour."""
    first = json_of(COMPLETED)
    if left is not None:
        first.headers.update(
            {"X-RateLimit-Limit-Hour": "100", "X-RateLimit-Remaining-Hour": f"{left}"}
        )
    async with client_of(Preceded(first, service), patience=Patience(attempts=1)) as client:
        await listen(client)
        owning = create_owning(database, client, now=clock, **limits)
        jobs = JobStore(database, now=clock)
        generating = Generating(client, jobs, on_spent=lambda _: None, now=clock)
        pricing = Pricing(
            client,
            jobs,
            generating,
            gate=owning.gate,
            spending=owning.spending,
            balance=owning.balance,
            access=owning.access,
            confirm_above=20,
        )
        history = HistoryStore(database, now=clock)
        yield Shop(pricing=pricing, jobs=jobs, owning=owning, history=history)
        await owning.balance.close()


class Preceded(httpx.AsyncBaseTransport):
    """A service after an answer that somebody else got."""

    def __init__(self, first: httpx.Response, service: httpx.AsyncBaseTransport) -> None:
        self._first: httpx.Response | None = first
        self._service = service

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        first, self._first = self._first, None
        return first or await self._service.handle_async_request(request)


async def nobody_waits(until: str) -> None:
    raise AssertionError(until)


@pytest.mark.parametrize("left", [None, 100])
async def test_an_offer_tells_its_exact_price(
    database: Database, clock: Clock, left: int | None
) -> None:
    async with shop_of(ScriptedService(PRICED), database, clock, left=left) as shop:
        job = await shop.pricing.quote(await shop.offer())

    assert job is not None
    assert job.price is not None
    assert (job.price.min_tokens, job.price.max_tokens) == (EXACT, EXACT)


async def test_no_price_is_asked_for_where_requests_are_scarce(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(PRICED)
    async with shop_of(service, database, clock, left=20) as shop:
        job = await shop.pricing.quote(await shop.offer())

    assert job is not None
    assert job.price == PRICE
    assert service.requests == []


async def test_no_price_is_asked_for_before_anybody_knows_what_is_left(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(PRICED)
    async with shop_of(service, database, clock, left=100) as shop:
        shop.owning.gate.close(0)

        await shop.pricing.quote(await shop.offer())

    assert service.requests == []


class SlowService(httpx.AsyncBaseTransport):
    """Tells prices once so many of them are asked for."""

    def __init__(self, *, together: int) -> None:
        self.requests = 0
        self._together = together
        self._are_enough = asyncio.Event()

    async def handle_async_request(self, _: httpx.Request) -> httpx.Response:
        self.requests += 1
        if self.requests >= self._together:
            await asyncio.sleep(0)  # everybody else asks as well before anybody hears
            self._are_enough.set()
        await self._are_enough.wait()
        return httpx.Response(200, content=PRICED.content)


async def test_prices_leave_enough_to_the_others_however_many_are_asked_for_at_once(
    database: Database, clock: Clock
) -> None:
    service = SlowService(together=5)
    async with shop_of(service, database, clock, left=25) as shop:
        offers = [
            await job_in(shop.jobs, JobState.OFFERED, replace(ORDER, price=PRICE, question=one))
            for one in (replace(a_question(ANN), message_id=number) for number in range(20))
        ]

        await asyncio.gather(*(shop.pricing.quote(offer) for offer in offers))

    assert service.requests == 5


async def test_who_asked_for_many_prices_had_them(database: Database, clock: Clock) -> None:
    service = ScriptedService(PRICED)
    async with shop_of(service, database, clock, left=35) as shop:
        for _ in range(30):
            await shop.pricing.quote(await fresh_offer(shop))

    assert len(service.requests) == 25


NUMBERS = iter(range(100, 1000))


async def fresh_offer(shop: Shop) -> MediaJob:
    question = replace(a_question(ANN), message_id=next(NUMBERS))
    order = replace(ORDER, price=PRICE, question=question)
    return await job_in(shop.jobs, JobState.OFFERED, order)


async def test_a_price_that_the_service_puts_off_holds_up_the_others(
    database: Database, clock: Clock
) -> None:
    async with shop_of(ScriptedService(LIMITED), database, clock) as shop:
        job = await shop.pricing.quote(await shop.offer())

        left = shop.owning.gate.limits
        with shop.owning.gate.spare_place(BOB) as place:
            is_open = place is not None

    assert job is not None
    assert job.price == PRICE
    assert left.remaining_hour is None
    assert not is_open


@pytest.mark.parametrize(
    ("chat_id", "allowance"), [(GROUP, 43), (ANN, 13)], ids=["group", "private"]
)
async def test_a_group_reads_what_is_left_to_it_and_a_person_what_is_left_to_them(
    database: Database, clock: Clock, chat_id: int, allowance: int
) -> None:
    async with shop_of(
        ScriptedService(PRICED), database, clock, user_daily=20, chat_daily=50, daily=100
    ) as shop:
        await shop.spend(7, person_id=ANN, chat_id=GROUP)

        funds = await shop.pricing.funds(a_question(ANN, chat_id))

    assert funds == Funds(balance=None, allowance=allowance)


async def test_a_group_without_a_limit_reads_nothing_of_its_people(
    database: Database, clock: Clock
) -> None:
    async with shop_of(ScriptedService(PRICED), database, clock, user_daily=20, daily=9) as shop:
        funds = await shop.pricing.funds(a_question(ANN, GROUP))

    assert funds == Funds(balance=None, allowance=None)
