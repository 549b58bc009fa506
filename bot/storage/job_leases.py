"""Who works on orders of pictures and videos: claimed under a lease, and let go of."""

from collections.abc import Collection
from datetime import datetime, timedelta
from operator import attrgetter
from secrets import token_hex

from sqlalchemy import ColumnElement, Update, select, update

from bot.model import JobState, MediaJob
from bot.storage.async_engine import AsyncConnection
from bot.storage.job_queries import JobQueries
from bot.storage.job_reading import read_job
from bot.storage.tables import media_jobs

RELEASED = {"lease": None, "leased_until": None}


class JobLeases(JobQueries):
    """How workers share the jobs; each method is one transaction.

    Only the holder of its lease changes a job, and only from the state it knows. A method that
    does so returns the job as it is now, or None when somebody else has changed it.
    """

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
                self._is_not_for_others(),
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
        """Let the lease last longer; False when the job is no longer held, whatever its state.

        The job is due from now on: since when nobody worked on it is seen after a crash.
        """
        now = self._now()
        renewed = (
            update(media_jobs).where(_is_held(job)).values(leased_until=now + lease, due_at=now)
        )
        return await self._change(renewed) is not None

    async def release_all(self) -> int:
        """End all leases, since nobody works on the jobs any more, and return how many."""
        # Only due jobs are leased; saying so lets the database use its short index.
        return await self._change_all(
            update(media_jobs)
            .where(media_jobs.c.due_at.is_not(None), media_jobs.c.lease.is_not(None))
            .values(RELEASED)
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
        return await self._change(step(job, before, **values))

    async def _change(self, statement: Update) -> MediaJob | None:
        async with self._engine.begin() as connection:
            return await change(connection, statement)

    async def _change_all(self, statement: Update) -> int:
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).rowcount


def step(job: MediaJob, before: Collection[JobState], **values: object) -> Update:
    """Build the change of a job that is held, from the state that is known of it."""
    known = (media_jobs.c.state == job.state) & media_jobs.c.state.in_(before)
    return update(media_jobs).where(_is_held(job), known).values({"failures": 0, **values})


async def change(connection: AsyncConnection, statement: Update) -> MediaJob | None:
    """Change at most one job, and return it as it is now."""
    changed = await connection.execute(statement.returning(*media_jobs.c))
    row = changed.mappings().first()
    return None if row is None else read_job(row)


def _is_held(job: MediaJob) -> ColumnElement[bool]:
    # A job that was not claimed has no lease, and NULL is no proof.
    lease = media_jobs.c.lease
    return (media_jobs.c.id == job.id) & (lease == job.lease) & lease.is_not(None)
