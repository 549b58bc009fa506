"""What an order costs, however it is answered."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Unpack

import httpx
import pytest

from bot.elumenta import Patience
from bot.errors import (
    AccessDenied,
    BotError,
    DailyLimitReached,
    LimitReached,
    LimitUntil,
    ModelMissing,
    OrderFailed,
    OrderForbidden,
    OrderRefused,
    OrderUnavailable,
    OutOfTokens,
    OwnerMustAct,
    ServiceUnreachable,
)
from bot.model import ExpenseKind, ExpenseOutcome, JobState, MediaJob, ModelKind, NewJob, Question
from bot.services.directory import ModelDirectory
from bot.services.gate import MOST_REFUSALS
from bot.services.generating import Generating
from bot.services.ordering import ORDER_TOKENS, STALE, Ordering
from bot.services.owning import Owning
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from tests.elumenta.service import FAILED, PENDING, ScriptedService, client_of, json_of
from tests.owning import Limits, create_owning, nobody_waits
from tests.storage.charges import ANN, BOB, GROUP, a_question, begun, entries
from tests.storage.orders import LEASE, ORDER, PRICE, Clock, held, job_in, ordered

RESERVED, SPENT = 4, 3
"""What the catalogue says that the picture costs at most, and what the service says it did."""
ONCE = Patience(attempts=1)
MADE = {
    "id": 18473,
    "status": "completed",
    "result_url": "https://cdn.example.com/1.png",
    "tokens_spent": SPENT,
}
UNTOLD = {name: value for name, value in MADE.items() if name != "tokens_spent"}
LIMITED = json_of({"error": "rate_limit_exceeded", "retry_after": 600}, status=429)
TAKEN = json_of(MADE)
OPEN = (ExpenseOutcome.OPEN, RESERVED)
FREE_OF_CHARGE = (ExpenseOutcome.FREE, 0)
NUMBERS = count(100)
BOTH = (ORDER.model, "photon")


@dataclass(frozen=True, kw_only=True)
class Studio:
    """Orders, a service that answers them, and the ledger of it."""

    ordering: Ordering
    jobs: JobStore
    directory: ModelDirectory
    owning: Owning
    database: Database
    clock: Clock
    waits_until: list[str] = field(default_factory=list)
    spent_on: list[Question] = field(default_factory=list)

    async def created(self, *, person_id: int = ANN, chat_id: int = GROUP) -> MediaJob:
        """Order something new, and hold it as the worker does."""
        question = replace(a_question(person_id, chat_id), message_id=next(NUMBERS))
        return await held(self.jobs, await ordered(self.jobs, replace(ORDER, question=question)))

    async def submit(
        self, job: MediaJob, *, on_wait: Callable[[], Awaitable[object]] | None = None
    ) -> MediaJob | None:
        """Send an order out; *on_wait* does something while it waits."""

        async def hear(until: str) -> None:
            self.waits_until.append(until)
            if on_wait is not None:
                await on_wait()

        return await self.ordering.submit(job, on_wait=hear)

    async def put_off(self) -> MediaJob:
        """Send an order out that the service refuses for the time being."""
        job = await self.submit(await self.created())
        assert job is not None
        assert job.state is JobState.CREATED
        return job

    async def let_time_pass(self) -> None:
        """Let the gate open, and notice it, as it does when anybody comes along."""
        self.clock.tick(timedelta(minutes=10))
        async with self.owning.gate.place(BOB, on_wait=nobody_waits):
            pass

    async def entries(self) -> list[tuple[ExpenseOutcome, int]]:
        return await entries(self.database)


@asynccontextmanager
async def studio_of(
    service: httpx.AsyncBaseTransport,
    database: Database,
    clock: Clock,
    **limits: Unpack[Limits],
) -> AsyncIterator[Studio]:
    async with client_of(service, patience=ONCE) as client:
        owning = create_owning(
            database, client, longest_wait=timedelta(hours=2), now=clock, **limits
        )
        jobs, spent_on = JobStore(database, now=clock), list[Question]()
        generating = Generating(client, jobs, on_spent=spent_on.append, now=clock)
        gate, spending, directory = owning.gate, owning.spending, ModelDirectory(client)
        yield Studio(
            ordering=Ordering(
                client, jobs, generating, gate, spending, directory=directory, now=clock
            ),
            jobs=jobs,
            directory=directory,
            owning=owning,
            database=database,
            clock=clock,
            spent_on=spent_on,
        )
        await directory.close()
        await owning.balance.close()


@pytest.mark.parametrize(
    ("answer", "state", "expense"),
    [
        (TAKEN, JobState.READY, (ExpenseOutcome.SPENT, SPENT)),
        (json_of(UNTOLD), JobState.READY, (ExpenseOutcome.SPENT, RESERVED)),
        (json_of(PENDING), JobState.PENDING, OPEN),
        (json_of({**MADE, "result_url": None}), JobState.PENDING, OPEN),
        (json_of(FAILED), JobState.FAILED, FREE_OF_CHARGE),
        (httpx.Response(500), JobState.UNKNOWN, OPEN),
        (httpx.Response(502), JobState.UNKNOWN, OPEN),
        (httpx.Response(504), JobState.UNKNOWN, OPEN),
        (httpx.Response(200, html="<html>Welcome"), JobState.UNKNOWN, OPEN),
        (httpx.ReadTimeout("nothing came"), JobState.UNKNOWN, OPEN),
        (httpx.ReadError("the line is dead"), JobState.UNKNOWN, OPEN),
    ],
)
async def test_an_order_costs_what_the_service_says_or_what_it_may(
    database: Database,
    clock: Clock,
    answer: httpx.Response | httpx.TransportError,
    state: JobState,
    expense: tuple[ExpenseOutcome, int],
) -> None:
    async with studio_of(ScriptedService(answer), database, clock) as studio:
        job = await studio.submit(await studio.created())

        assert job is not None
        assert job.state is state
        assert await studio.entries() == [expense]
        assert len(studio.spent_on) == (state is JobState.READY)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (json_of({"message": "no such size"}, status=400), OrderRefused),
        (json_of({"message": "Content policy violation"}, status=400), OrderForbidden),
        (httpx.Response(401), OwnerMustAct),
        (httpx.Response(402), OutOfTokens),
        (httpx.Response(403), OwnerMustAct),
        (httpx.Response(404), ModelMissing),
        (httpx.Response(422), OrderRefused),
        (json_of({"error": "provider_error"}, status=500), OrderFailed),
        (httpx.Response(503), OrderUnavailable),
        (httpx.ConnectError("nobody listens"), ServiceUnreachable),
    ],
)
async def test_an_order_that_is_refused_costs_nothing(
    database: Database,
    clock: Clock,
    answer: httpx.Response | httpx.TransportError,
    error: type[BotError],
) -> None:
    async with studio_of(ScriptedService(answer), database, clock) as studio:
        job = await studio.submit(await studio.created())

        assert why(job) == (JobState.REFUSED, error.key)
        assert await studio.entries() == [FREE_OF_CHARGE]


async def test_a_model_that_turns_out_to_be_missing_makes_its_list_doubtful(
    database: Database, clock: Clock
) -> None:
    listed, shrunk = ([{"slug": slug} for slug in slugs] for slugs in (BOTH, BOTH[1:]))
    service = ScriptedService(json_of(listed), httpx.Response(404), json_of(shrunk))
    async with studio_of(service, database, clock) as studio:
        was_gone = await studio.directory.is_gone(ModelKind.IMAGE, ORDER.model)

        await studio.submit(await studio.created())

        assert not was_gone
        assert await studio.directory.is_gone(ModelKind.IMAGE, ORDER.model)


def why(job: MediaJob | None) -> tuple[JobState, str]:
    """Say how an order ended, and for what reason."""
    assert job is not None
    assert job.failure is not None
    return job.state, job.failure.key


@pytest.mark.parametrize(
    ("order", "tokens"),
    [
        (ORDER, RESERVED),
        (replace(ORDER, price=PRICE), PRICE.max_tokens),
        (replace(ORDER, model="a model of last year"), ORDER_TOKENS),
    ],
    ids=["catalogue", "offer", "unknown model"],
)
async def test_the_most_that_an_order_may_cost_is_reserved(
    database: Database, clock: Clock, order: NewJob, tokens: int
) -> None:
    async with studio_of(ScriptedService(json_of(PENDING)), database, clock) as studio:
        job = await held(studio.jobs, await ordered(studio.jobs, order))
        if job.state is JobState.OFFERED:
            approved = await studio.jobs.approve(job)
            assert approved is not None
            job = approved

        await studio.submit(job)

        assert await studio.entries() == [(ExpenseOutcome.OPEN, tokens)]


async def test_an_order_that_the_service_puts_off_is_sent_again_and_charged_once(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(LIMITED, TAKEN)
    async with studio_of(service, database, clock) as studio:
        put_off = await studio.put_off()
        reserved = await studio.entries()

        job = await studio.submit(put_off, on_wait=studio.let_time_pass)

        assert job is not None
        assert job.state is JobState.READY
        assert len(service.requests) == 2
        assert studio.waits_until == ["09:10 UTC"]
        assert reserved == []
        assert await studio.entries() == [(ExpenseOutcome.SPENT, SPENT)]


async def test_an_order_is_put_off_three_times_only(database: Database, clock: Clock) -> None:
    service = ScriptedService(LIMITED)
    async with studio_of(service, database, clock) as studio:
        job = await studio.put_off()
        failures = [job.failures]
        for _ in range(MOST_REFUSALS):
            again = await studio.submit(job, on_wait=studio.let_time_pass)
            assert again is not None
            job = again
            failures.append(job.failures)

        assert failures == [1, 2, MOST_REFUSALS, 0]
        assert why(job) == (JobState.REFUSED, LimitReached.key)
        assert len(service.requests) == MOST_REFUSALS + 1
        assert await studio.entries() == [FREE_OF_CHARGE]


async def test_a_refusal_holds_up_the_orders_of_all(database: Database, clock: Clock) -> None:
    service = ScriptedService(LIMITED, TAKEN)
    async with studio_of(service, database, clock) as studio:
        await studio.put_off()
        other = await studio.created(person_id=BOB)

        async with asyncio.TaskGroup() as tasks:
            is_waiting = asyncio.Event()

            async def note() -> None:
                is_waiting.set()

            waiting = tasks.create_task(studio.submit(other, on_wait=note))
            await is_waiting.wait()
            waiting.cancel()

        assert len(service.requests) == 1
        assert await studio.entries() == []


async def test_an_answer_opens_the_gate_for_all_again(database: Database, clock: Clock) -> None:
    service = ScriptedService(LIMITED, json_of(PENDING))
    async with studio_of(service, database, clock) as studio:
        put_off = await studio.put_off()
        await studio.submit(put_off, on_wait=studio.let_time_pass)

        gate = studio.owning.gate
        async with gate.place(ANN, on_wait=nobody_waits), gate.place(BOB, on_wait=nobody_waits):
            job = await studio.jobs.get(put_off.id)

        assert job is not None
        assert job.state is JobState.PENDING


async def test_a_limit_refuses_before_anything_is_sent(database: Database, clock: Clock) -> None:
    service = ScriptedService(TAKEN)
    async with studio_of(service, database, clock, user_daily=RESERVED - 1) as studio:
        job = await studio.submit(await studio.created())

        assert why(job) == (JobState.REFUSED, DailyLimitReached.key)
        assert job is not None
        assert job.failure is not None
        assert job.failure.arguments["cost"] == RESERVED
        assert (service.requests, await studio.entries()) == ([], [])


async def test_a_limit_that_is_used_up_refuses_before_anybody_waits(
    database: Database, clock: Clock
) -> None:
    async with studio_of(ScriptedService(TAKEN), database, clock, daily=1) as studio:
        studio.owning.gate.close(600)

        order = await studio.created()
        job = await studio.ordering.submit(order, on_wait=nobody_waits)

        assert why(job) == (JobState.REFUSED, DailyLimitReached.key)


async def test_a_limit_holds_for_many_orders_at_once(database: Database, clock: Clock) -> None:
    service = ScriptedService(json_of(PENDING))
    async with studio_of(service, database, clock, user_daily=3 * RESERVED + 1) as studio:
        orders = [await studio.created() for _ in range(10)]

        await asyncio.gather(*(studio.submit(job) for job in orders))

        jobs = [await studio.jobs.get(job.id) for job in orders]
        refused = [job for job in jobs if job and job.state is JobState.REFUSED]
        assert len(service.requests) == 3
        assert len(refused) == 7
        assert await studio.entries() == [OPEN] * 3


async def test_what_is_spent_while_an_order_waits_counts_when_its_turn_comes(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(LIMITED, TAKEN)
    async with studio_of(service, database, clock, chat_daily=RESERVED) as studio:
        put_off = await studio.put_off()

        async def let_another_ask() -> None:
            other = a_question(BOB, GROUP)
            charge = studio.owning.spending.charge_for(
                other, ExpenseKind.ANSWER, model="gpt-5", tokens=2
            )
            await begun(HistoryStore(database, now=clock), charge, other)
            await studio.let_time_pass()

        job = await studio.submit(put_off, on_wait=let_another_ask)

        assert why(job) == (JobState.REFUSED, DailyLimitReached.key)
        assert len(service.requests) == 1
        assert await studio.entries() == [(ExpenseOutcome.OPEN, 2)]


async def test_an_order_that_waits_over_midnight_is_of_the_new_day(
    database: Database, clock: Clock
) -> None:
    clock.tick(timedelta(hours=14, minutes=55))
    service = ScriptedService(LIMITED, json_of(PENDING))
    async with studio_of(service, database, clock) as studio:
        put_off = await studio.put_off()
        yesterday = studio.owning.day.today()

        await studio.submit(put_off, on_wait=studio.let_time_pass)

        today = studio.owning.day.today()
        assert today > yesterday
        (spent,) = await studio.owning.spending.spent(since=today)
        assert spent.tokens == RESERVED


async def test_who_may_not_use_the_bot_any_more_gets_nothing_sent(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(TAKEN)
    async with studio_of(service, database, clock) as studio:
        order = await studio.created()
        await studio.owning.access.deny(ANN)

        job = await studio.submit(order)

        assert why(job) == (JobState.REFUSED, AccessDenied.key)
        assert (service.requests, await studio.entries()) == ([], [])


async def test_who_is_denied_while_an_order_waits_gets_nothing_sent(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(LIMITED, TAKEN)
    async with studio_of(service, database, clock) as studio:
        put_off = await studio.put_off()

        async def deny_and_wait() -> None:
            await studio.owning.access.deny(ANN)
            await studio.let_time_pass()

        job = await studio.submit(put_off, on_wait=deny_and_wait)

        assert why(job) == (JobState.REFUSED, AccessDenied.key)
        assert len(service.requests) == 1
        assert await studio.entries() == []


async def test_an_order_that_is_dropped_while_it_waits_is_not_sent(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(LIMITED, TAKEN)
    async with studio_of(service, database, clock) as studio:
        put_off = await studio.put_off()

        async def drop_and_wait() -> None:
            assert await studio.jobs.drop(put_off.id, person_id=ANN)
            await studio.let_time_pass()

        changed = await studio.submit(put_off, on_wait=drop_and_wait)

        job = await studio.jobs.get(put_off.id)
        assert changed is None
        assert job is not None
        assert job.state is JobState.DROPPED
        assert len(service.requests) == 1
        assert await studio.entries() == []


async def test_an_order_that_is_dropped_while_it_is_sent_may_be_charged(
    database: Database, clock: Clock
) -> None:
    jobs = JobStore(database, now=clock)

    async def drop(_: httpx.Request) -> httpx.Response:
        (job,) = await jobs.running()
        assert await jobs.drop(job.id, person_id=ANN)
        return TAKEN

    async with studio_of(httpx.MockTransport(drop), database, clock) as studio:
        changed = await studio.submit(await studio.created())

        assert changed is None
        assert await studio.entries() == [(ExpenseOutcome.UNCLEAR, RESERVED)]


async def test_an_order_that_waits_when_the_program_ends_can_be_sent_by_the_next_one(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(TAKEN)
    async with studio_of(service, database, clock) as studio:
        order = await studio.created()
        studio.owning.gate.close(600)
        async with asyncio.TaskGroup() as tasks:
            is_waiting = asyncio.Event()

            async def note() -> None:
                is_waiting.set()

            waiting = tasks.create_task(studio.submit(order, on_wait=note))
            await is_waiting.wait()
            waiting.cancel()

    async with studio_of(service, database, clock) as studio:
        before = await studio.entries()
        job = await studio.submit(order)

        assert before == []
        assert job is not None
        assert job.state is JobState.READY


async def test_an_order_that_nobody_could_send_for_long_is_not_sent_any_more(
    database: Database, clock: Clock
) -> None:
    service = ScriptedService(TAKEN)
    async with studio_of(service, database, clock) as studio:
        order = await studio.created()
        clock.tick(STALE + timedelta(seconds=1))

        job = await studio.submit(order)

        assert job is not None
        assert job.state is JobState.LAPSED
        assert (service.requests, await studio.entries()) == ([], [])


@pytest.mark.parametrize(
    ("away", "state"),
    [(timedelta(minutes=1), JobState.READY), (STALE + timedelta(minutes=1), JobState.LAPSED)],
)
async def test_how_long_nobody_worked_on_an_order_is_counted_from_when_somebody_did(
    database: Database, clock: Clock, away: timedelta, state: JobState
) -> None:
    async with studio_of(ScriptedService(TAKEN), database, clock) as studio:
        order = await studio.created()
        for _ in range(6):
            clock.tick(timedelta(minutes=10))
            assert await studio.jobs.renew(order, lease=LEASE)
        await studio.jobs.release_all()
        clock.tick(away)

        job = await studio.submit(await held(studio.jobs, replace(order, lease=None)))

        assert job is not None
        assert job.state is state


async def test_an_order_that_was_put_off_is_not_stale_for_that(
    database: Database, clock: Clock
) -> None:
    async with studio_of(ScriptedService(LIMITED, TAKEN), database, clock) as studio:
        order = await studio.created()
        clock.tick(STALE)
        put_off = await studio.submit(order)
        assert put_off is not None
        clock.tick(timedelta(minutes=10))

        job = await studio.submit(put_off)

        assert job is not None
        assert job.state is JobState.READY


async def test_no_order_waits_for_hours(database: Database, clock: Clock) -> None:
    service = ScriptedService(TAKEN)
    async with studio_of(service, database, clock) as studio:
        studio.owning.gate.close(3 * 3600)

        job = await studio.submit(await studio.created())

        assert why(job) == (JobState.REFUSED, LimitUntil.key)
        assert (service.requests, studio.waits_until, await studio.entries()) == ([], [], [])


async def test_what_is_not_held_is_not_sent(database: Database, clock: Clock) -> None:
    service = ScriptedService(TAKEN)
    async with studio_of(service, database, clock) as studio:
        job = await job_in(studio.jobs, JobState.CREATED)

        changed = await studio.submit(replace(job, lease="somebody else's"))

        assert changed is None
        assert (service.requests, await studio.entries()) == ([], [])
