"""Takes orders of pictures and videos on, one step after the other, until nothing is left to do.

Every order is a row that says when it is due. Rows are taken under a lease, so that two programs
on one database never work on the same one, and what a dead program left is taken on.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import assert_never

import structlog

from bot.clock import utc_now
from bot.metrics import Metrics
from bot.model import JobState, MediaJob, Vital
from bot.services.courier import Courier, Outcome
from bot.services.looking import back_off
from bot.services.ordering import Ordering
from bot.services.pricing import OFFER_STANDS, Pricing
from bot.storage.jobs import JobStore
from bot.workers.delivering import Delivering
from bot.workers.looking import SHOW_SECONDS, Looking
from bot.workers.places import Places, create_places
from bot.workers.supervisor import contain, supervise

LEASE = timedelta(seconds=60)
RENEW_SECONDS = 20.0
LONGEST_REST_SECONDS = 30.0
"""Until rows are looked for that another program may have left."""
SHORTEST_REST_SECONDS = 0.05
UNWELL_AFTER = timedelta(seconds=4 * LONGEST_REST_SECONDS)

log = structlog.get_logger(__name__)


class MediaPoller:
    """The one worker that every order goes through."""

    def __init__(
        self,
        jobs: JobStore,
        pricing: Pricing,
        ordering: Ordering,
        looking: Looking,
        delivering: Delivering,
        *,
        metrics: Metrics,
        courier: Courier,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._jobs = jobs
        self._pricing = pricing
        self._ordering = ordering
        self._looking = looking
        self._delivering = delivering
        self._metrics = metrics
        self._courier = courier
        self._now = now
        self._news = asyncio.Event()
        self._is_stopped = False
        self._looked_at: datetime | None = None
        self._places = create_places()

    def wake(self) -> None:
        """Tell that a row may have become due."""
        self._news.set()

    async def vital(self) -> Vital:
        """Tell when due orders were last looked for."""
        at = self._looked_at
        is_well = at is not None and self._now() - at < UNWELL_AFTER
        return Vital(is_well=is_well, at=at)

    def stop(self) -> None:
        """Take nothing on any more; `run` ends when what is under way has ended."""
        self._is_stopped = True
        self.wake()

    async def run(self) -> None:
        """Work until stopped."""
        async with asyncio.TaskGroup() as tasks:
            await supervise("media_poller", partial(self._serve, tasks))

    async def step(self) -> int:
        """Take on what is due now, as far as it goes, and return how many jobs that were."""
        async with asyncio.TaskGroup() as tasks:
            return await self._take_on(tasks)

    async def _serve(self, tasks: asyncio.TaskGroup) -> None:
        while not self._is_stopped:
            self._news.clear()
            await self._take_on(tasks)
            await self._rest()

    async def _take_on(self, tasks: asyncio.TaskGroup) -> int:
        before = sum(places.taken for places in self._places)
        for places in self._places:
            if places.free == 0:
                continue
            claimed = await self._jobs.claim_due(
                states=places.states, limit=places.free, lease=LEASE
            )
            for job in claimed:
                places.taken += 1
                tasks.create_task(self._work(job, places))
        self._looked_at = self._now()
        return sum(places.taken for places in self._places) - before

    async def _rest(self) -> None:
        """Sleep until something is due that there is a place for, or somebody wakes the worker."""
        seconds = LONGEST_REST_SECONDS
        states = [state for places in self._places if places.free for state in places.states]
        if states and (due_at := await self._jobs.next_due(states)) is not None:
            left = (due_at - self._now()).total_seconds()
            seconds = min(seconds, max(left, SHORTEST_REST_SECONDS))
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    async def _work(self, job: MediaJob, places: Places) -> None:
        """Take a job on under its lease; after a crash it is due again when that runs out."""
        try:
            async with asyncio.TaskGroup() as tasks:
                renewing = tasks.create_task(supervise("lease", partial(self._hold, job)))
                await contain("job", self._go_on(job, places.states), job=job.id)
                renewing.cancel()
        finally:
            places.taken -= 1
            self.wake()

    async def _hold(self, job: MediaJob) -> None:
        is_held = True
        while is_held:
            await asyncio.sleep(RENEW_SECONDS)
            is_held = await self._jobs.renew(job, lease=LEASE)

    async def _go_on(self, job: MediaJob, states: frozenset[JobState]) -> None:
        """Take a job as far as it goes while it is in these states, and let go of it."""
        current: MediaJob | None = job
        while current is not None and current.lease is not None:
            if current.state not in states:
                current = await self._jobs.release(current)
                continue
            before, current = current, await self._advance(current)
            if current is not None:
                self._count(before=before, after=current)

    def _count(self, *, before: MediaJob, after: MediaJob) -> None:
        """Count what one step made of a job: something that was paid for, or an end."""
        if after.state is JobState.READY and before.state is not JobState.READY:
            spent = after.result.tokens_spent if after.result is not None else None
            self._metrics.tokens.labels(kind=after.kind).inc(spent or 0)
        if after.due_at is None:
            self._metrics.orders.labels(kind=after.kind, state=after.state).inc()

    async def _advance(self, job: MediaJob) -> MediaJob | None:
        match job.state:
            case JobState.OFFERED:
                return await self._offer(job)
            case JobState.CREATED:
                return await self._submit(job)
            case JobState.UNKNOWN | JobState.PENDING:
                return await self._looking.look(job)
            case JobState.READY:
                return await self._delivering.deliver(job)
            case JobState.DELIVERED | JobState.UNDELIVERABLE:
                await self._courier.clear(job)
                return await self._jobs.settle(job)
            case (
                JobState.REFUSED
                | JobState.FAILED
                | JobState.EXPIRED
                | JobState.DECLINED
                | JobState.LAPSED
                | JobState.DROPPED
            ):
                return await self._tell(job)
            case _:
                assert_never(job.state)

    async def _offer(self, job: MediaJob) -> MediaJob | None:
        """Show an offer, and take it back when nobody agreed to it."""
        ends_at = job.created_at + OFFER_STANDS
        if self._now() >= ends_at:
            return await self._jobs.end(job, JobState.LAPSED)
        if job.status_message_id is not None:
            return await self._jobs.postpone(job, due_at=ends_at)

        quoted = await self._pricing.quote(job)
        if quoted is None or quoted.state is not JobState.OFFERED:
            return quoted
        funds = await self._pricing.funds(quoted.question)
        delivery = await self._courier.show(
            quoted, balance=funds.balance, allowance=funds.allowance
        )
        match delivery.outcome:
            case Outcome.DONE | Outcome.UNSURE:
                return await self._jobs.postpone(quoted, due_at=ends_at)
            case Outcome.UNWANTED:
                return await self._jobs.end(quoted, JobState.LAPSED)
            case Outcome.DELAYED:
                return await self._try_later(quoted)
            case _:
                assert_never(delivery.outcome)

    async def _submit(self, job: MediaJob) -> MediaJob | None:
        """Say that an order was taken, and order it; a chat that is slow does not hold it up."""
        async with asyncio.TaskGroup() as tasks:
            showing = tasks.create_task(self._courier.show(job))
            await asyncio.wait({showing}, timeout=SHOW_SECONDS)
            if showing.done() and showing.result().outcome is Outcome.UNWANTED:
                return await self._jobs.end(job, JobState.LAPSED)
            says_wait = False

            async def say_wait(until: str) -> None:
                nonlocal says_wait
                says_wait = True
                await self._looking.show_wait(job, until)

            submitted = await self._ordering.submit(job, on_wait=say_wait)

        if submitted is not None and (says_wait or submitted.eta_seconds is not None):
            await self._looking.show_anew(submitted)
        return submitted

    async def _tell(self, job: MediaJob) -> MediaJob | None:
        delivery = await self._courier.show(job)
        if delivery.outcome is Outcome.DELAYED:
            return await self._try_later(job)
        return await self._jobs.settle(job)

    async def _try_later(self, job: MediaJob) -> MediaJob | None:
        due_at = self._now() + back_off(job.failures)
        return await self._jobs.postpone(job, due_at=due_at, failures=job.failures + 1)
