"""One step of an order that the service has, or may have: find it again, look how far it is.

Whatever the service does becomes a transition of the job, so that nothing that was paid is lost
and nothing is paid twice. Each step gives the job as it is then, or None when somebody else
changed it meanwhile.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.clock import utc_now
from bot.elumenta import (
    Category,
    ElumentaClient,
    ElumentaError,
    Generation,
    GenerationStatus,
    MediaOrder,
    RateLimited,
)
from bot.errors import BotError, OrderLate, OrderLost
from bot.model import Failure, JobState, MediaJob, MediaResult, Question
from bot.services.failures import tell_failure
from bot.services.looking import LIMITS, back_off, expected_seconds, first_look, next_look
from bot.storage.jobs import JobStore

LEAST_SEARCHES = 5
SEARCHED_FOR = timedelta(minutes=5)
"""How often and for how long the history is searched before an order counts as never taken."""

MOST_MISSES = 5
"""Looks in a row that told nothing, after which a job that is overdue is given up."""

LOOK_SECONDS = 20.0
"""How long one look may take."""

CLOCK_SKEW = timedelta(minutes=2)
"""How far the service's clock may be behind."""

EARLIER_JOBS = timedelta(hours=1)
"""How much older than its generation a job can be: offers wait for their person."""

log = structlog.get_logger(__name__)


class Generating:
    """Takes jobs on with the service; *on_spent* hears for whom something was made."""

    def __init__(
        self,
        client: ElumentaClient,
        jobs: JobStore,
        *,
        on_spent: Callable[[Question], object],
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._jobs = jobs
        self._on_spent = on_spent
        self._now = now

    async def take(self, job: MediaJob, generation: Generation) -> MediaJob | None:
        """Note what the answer to the order says."""
        match generation.status:
            case GenerationStatus.COMPLETED if generation.url is not None:
                taken = await self._complete(job, generation)
            case GenerationStatus.FAILED:
                failure = tell_failure(generation.error)
                taken = await self.end(job, JobState.FAILED, failure, generation_id=generation.id)
            case _:
                expected = generation.eta_seconds or expected_seconds(job)
                due_at = self._now() + first_look(expected)
                taken = await self._accept(job, generation, due_at=due_at)

        # Two orders alike went out, and the other one took this generation for its own.
        return taken or await self.wonder(job)

    async def wonder(self, job: MediaJob) -> MediaJob | None:
        """Look up soon what became of an order that nobody answered."""
        return await self._postpone(job, back_off(0))

    async def end(
        self,
        job: MediaJob,
        state: JobState,
        error: BotError,
        *,
        generation_id: str | None = None,
    ) -> MediaJob | None:
        """End it without a result, for a reason that its person can be told."""
        log.info("job.ended", job=job.id, state=state.value, key=error.key)
        failure = Failure(key=error.key, arguments=error.arguments)
        return await self._jobs.end(job, state, failure, generation_id=generation_id)

    async def find(self, job: MediaJob) -> MediaJob | None:
        """Look in the history what became of an order that nobody answered.

        Raises RateLimited.
        """
        since = job.created_at - CLOCK_SKEW
        known = await self._jobs.generation_ids(since - EARLIER_JOBS)
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                found = await self._client.find_generation(order_of(job), since=since, known=known)
        except RateLimited:
            raise
        except (ElumentaError, TimeoutError) as error:
            return await self._miss(job, error)

        if found is not None:
            log.info("order.found", job=job.id)
            return await self._accept(job, found, due_at=self._now())
        if job.looks + 1 >= LEAST_SEARCHES and self._waited(job) >= SEARCHED_FOR:
            return await self.end(job, JobState.FAILED, OrderLost())
        return await self._postpone(job, back_off(job.looks), looked=True)

    async def look(self, job: MediaJob) -> MediaJob | None:
        """Ask how far it is; raises RateLimited."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                generation = await self._client.get_generation(
                    job.generation_id or "", repeats=False
                )
        except RateLimited:
            raise
        except (ElumentaError, TimeoutError) as error:
            return await self._miss(job, error)

        match generation.status:
            case GenerationStatus.COMPLETED if generation.url is not None:
                return await self._complete(job, generation)
            case GenerationStatus.FAILED:
                return await self.end(job, JobState.FAILED, tell_failure(generation.error))
            case _:
                return await self._wait_on(job)

    async def hold(self, job: MediaJob, *, until: datetime) -> MediaJob | None:
        """Leave a job alone while the service wants quiet, but not beyond its time limit."""
        ends_at = _waiting_since(job) + LIMITS[job.kind]
        if self._now() >= ends_at:
            return await self._give_up(job)
        return await self._jobs.postpone(job, due_at=min(until, ends_at), failures=job.failures)

    async def _accept(
        self, job: MediaJob, generation: Generation, *, due_at: datetime
    ) -> MediaJob | None:
        eta = generation.eta_seconds
        return await self._jobs.accept(
            job,
            generation_id=generation.id,
            eta_seconds=None if eta is None else round(eta),
            due_at=due_at,
        )

    async def _complete(self, job: MediaJob, generation: Generation) -> MediaJob | None:
        waited = self._now() - _waiting_since(job)
        result = MediaResult(
            url=generation.url or "",
            tokens_spent=generation.tokens_spent,
            seed=generation.seed,
            width=generation.width,
            height=generation.height,
            duration_seconds=generation.duration_seconds,
            processing_seconds=generation.processing_seconds or waited.total_seconds(),
        )
        log.info(
            "job.made", job=job.id, tokens=result.tokens_spent, seconds=result.processing_seconds
        )
        completed = await self._jobs.complete(job, generation_id=generation.id, result=result)
        self._on_spent(job.question)
        return completed

    async def _miss(self, job: MediaJob, error: Exception) -> MediaJob | None:
        """Go on after a look that told nothing: only the time limit ends a job."""
        log.warning("job.not_seen", job=job.id, failure=repr(error))
        pause = max(back_off(job.failures), next_look(self._waited(job), job.looks + 1))
        return await self._wait_on(job, pause=pause, failed=True)

    async def _wait_on(
        self, job: MediaJob, *, pause: timedelta | None = None, failed: bool = False
    ) -> MediaJob | None:
        """Look again later; too late is only what the service was asked about after the limit."""
        waited = self._waited(job)
        if waited >= LIMITS[job.kind] and (not failed or job.failures >= MOST_MISSES):
            return await self._give_up(job)

        # A search that failed shows nothing about an order that may be found by the next one.
        looked = not failed or job.state is JobState.PENDING
        pause = pause or next_look(waited, job.looks + 1)
        return await self._postpone(job, pause, looked=looked, failed=failed)

    async def _give_up(self, job: MediaJob) -> MediaJob | None:
        late = OrderLate(minutes=round(LIMITS[job.kind] / timedelta(minutes=1)))
        return await self.end(job, JobState.EXPIRED, late)

    async def _postpone(
        self, job: MediaJob, pause: timedelta, *, looked: bool = False, failed: bool = False
    ) -> MediaJob | None:
        due_at = self._now() + pause
        failures = job.failures + 1 if failed else 0
        return await self._jobs.postpone(job, due_at=due_at, looked=looked, failures=failures)

    def _waited(self, job: MediaJob) -> timedelta:
        return self._now() - _waiting_since(job)


def order_of(job: MediaJob) -> MediaOrder:
    """Say what the service is asked for."""
    return MediaOrder(
        category=Category(job.kind.value),
        model=job.model,
        prompt=job.question.prompt,
        params=job.params,
    )


def _waiting_since(job: MediaJob) -> datetime:
    return job.waiting_since or job.created_at
