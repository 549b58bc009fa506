"""How orders of pictures and videos go on: claimed under a lease, and taken a step further."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from operator import attrgetter
from secrets import token_hex

from sqlalchemy import ColumnElement, Update, case, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.clock import utc_now
from bot.model import OPEN, Failure, JobState, MediaJob, MediaResult, PriceRange
from bot.storage.engine import Database
from bot.storage.job_reading import read_job
from bot.storage.tables import media_jobs

RELEASED = {"lease": None, "leased_until": None}


class JobSteps:
    """What the worker does; each method is one transaction.

    Only the holder of its lease takes a job further, and only from the state it knows. A method
    that does so returns the job as it is now, or None when somebody else has changed it.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = database.engine
        self._now = now

    async def claim_due(
        self, *, states: Collection[JobState], limit: int, lease: timedelta
    ) -> list[MediaJob]:
        """Take up to *limit* due jobs, oldest first, so that no other program touches them.

        A job whose lease ran out can be taken again: its taker is presumed dead.
        """
        now = self._now()
        due = (
            select(media_jobs.c.id)
            .where(
                media_jobs.c.due_at <= now,
                media_jobs.c.state.in_(states),
                media_jobs.c.leased_until.is_(None) | (media_jobs.c.leased_until <= now),
            )
            .order_by(media_jobs.c.due_at, media_jobs.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("due")
        )
        statement = (
            update(media_jobs)
            .where(media_jobs.c.id.in_(select(due.c.id)))
            .values(lease=token_hex(16), leased_until=now + lease)
            .returning(*media_jobs.c)
        )
        async with self._engine.begin() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return sorted(map(read_job, rows), key=attrgetter("due_at", "id"))

    async def renew(self, job: MediaJob, *, lease: timedelta) -> bool:
        """Let the lease last longer; False when the job is no longer held, whatever its state."""
        statement = (
            update(media_jobs).where(_is_held(job)).values(leased_until=self._now() + lease)
        )
        return await self._change(statement) is not None

    async def next_due(self, states: Collection[JobState]) -> datetime | None:
        """Tell when there will be something to claim, which may be in the past."""
        free_at = case(
            (media_jobs.c.leased_until > media_jobs.c.due_at, media_jobs.c.leased_until),
            else_=media_jobs.c.due_at,
        )
        statement = select(func.min(free_at)).where(
            media_jobs.c.due_at.is_not(None), media_jobs.c.state.in_(states)
        )
        async with self._engine.connect() as connection:
            found: datetime | None = await connection.scalar(statement)
        return found

    async def release_all(self) -> int:
        """End all leases, since nobody works on the jobs any more, and return how many."""
        # Only due jobs are leased; saying so lets the database use its short index.
        return await self._change_all(
            update(media_jobs)
            .where(media_jobs.c.due_at.is_not(None), media_jobs.c.lease.is_not(None))
            .values(RELEASED)
        )

    async def quote(self, job: MediaJob, price: PriceRange) -> MediaJob | None:
        """Note what an offered order really costs."""
        return await self._step(
            job,
            {JobState.OFFERED},
            min_tokens=price.min_tokens,
            max_tokens=price.max_tokens,
            failures=media_jobs.c.failures,  # the offer is still to be shown
        )

    async def approve(self, job: MediaJob) -> MediaJob | None:
        """Go ahead with an offer that needs nobody's consent after all."""
        return await self._step(job, {JobState.OFFERED}, state=JobState.CREATED)

    async def begin(self, job: MediaJob) -> MediaJob | None:
        """Note that the request of a job is about to be sent."""
        return await self._step(
            job,
            {JobState.CREATED},
            state=JobState.UNKNOWN,
            waiting_since=self._now(),
            looks=0,
        )

    async def accept(
        self, job: MediaJob, *, generation_id: str, eta_seconds: int | None, due_at: datetime
    ) -> MediaJob | None:
        """Note that the service took the order, and let go of it until it may be made.

        None also when the generation is another job's.
        """
        return await self._identify(
            job,
            {JobState.UNKNOWN},
            state=JobState.PENDING,
            generation_id=generation_id,
            eta_seconds=eta_seconds,
            looks=0,
            due_at=due_at,
            **RELEASED,
        )

    async def complete(
        self, job: MediaJob, *, generation_id: str, result: MediaResult
    ) -> MediaJob | None:
        """Note what was made; None also when it was made for another job."""
        now = self._now()
        return await self._identify(
            job,
            {JobState.UNKNOWN, JobState.PENDING},
            state=JobState.READY,
            generation_id=generation_id,
            result_url=result.url,
            tokens_spent=result.tokens_spent,
            seed=result.seed,
            width=result.width,
            height=result.height,
            duration_seconds=result.duration_seconds,
            processing_seconds=result.processing_seconds,
            finished_at=now,
            due_at=now,
        )

    async def end(
        self,
        job: MediaJob,
        state: JobState,
        failure: Failure | None = None,
        *,
        generation_id: str | None = None,
    ) -> MediaJob | None:
        """End an open job without a result; None also when the generation is another job's."""
        now = self._now()
        learned = {"generation_id": generation_id} if generation_id else {}
        return await self._identify(
            job,
            OPEN,
            **learned,
            state=state,
            failure_key=failure.key if failure else None,
            failure_arguments=failure.arguments if failure else None,
            finished_at=now,
            due_at=now,
        )

    async def deliver(self, job: MediaJob, *, message_id: int | None) -> MediaJob | None:
        """Note which message shows the result."""
        return await self._step(
            job,
            {JobState.READY},
            state=JobState.DELIVERED,
            result_message_id=message_id,
            due_at=self._now(),
        )

    async def keep(self, job: MediaJob) -> MediaJob | None:
        """Put a result aside until its chat wants the bot again."""
        return await self._step(
            job,
            {JobState.READY},
            state=JobState.UNDELIVERABLE,
            due_at=None,
            **RELEASED,
        )

    async def postpone(
        self, job: MediaJob, *, due_at: datetime, looked: bool = False, failures: int = 0
    ) -> MediaJob | None:
        """Let go of a job until later, and note what was tried."""
        return await self._step(
            job,
            {job.state},
            looks=media_jobs.c.looks + int(looked),
            failures=failures,
            due_at=due_at,
            **RELEASED,
        )

    async def release(self, job: MediaJob) -> MediaJob | None:
        """Let go of a job that is due, for somebody else to take on."""
        return await self._step(job, {job.state}, failures=job.failures, **RELEASED)

    async def settle(self, job: MediaJob) -> MediaJob | None:
        """Let go of a job for which nothing is left to do."""
        return await self._step(job, {job.state}, due_at=None, **RELEASED)

    async def _step(
        self, job: MediaJob, before: Collection[JobState], **values: object
    ) -> MediaJob | None:
        known = (media_jobs.c.state == job.state) & media_jobs.c.state.in_(before)
        return await self._change(
            update(media_jobs).where(_is_held(job), known).values({"failures": 0, **values})
        )

    async def _identify(
        self, job: MediaJob, before: Collection[JobState], **values: object
    ) -> MediaJob | None:
        """Take a step that learns the id of a generation, which only one job can have."""
        try:
            return await self._step(job, before, **values)
        except IntegrityError:
            return None

    async def _change(self, statement: Update) -> MediaJob | None:
        async with self._engine.begin() as connection:
            changed = await connection.execute(statement.returning(*media_jobs.c))
            row = changed.mappings().first()
        return None if row is None else read_job(row)

    async def _change_all(self, statement: Update) -> int:
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).rowcount


def _is_held(job: MediaJob) -> ColumnElement[bool]:
    # A job that was not claimed has no lease, and NULL is no proof.
    lease = media_jobs.c.lease
    return (media_jobs.c.id == job.id) & (lease == job.lease) & lease.is_not(None)
