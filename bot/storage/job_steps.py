"""How orders of pictures and videos go on, one step after another, and what they cost."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from bot.model import (
    OPEN,
    Charge,
    ExpenseKind,
    ExpenseOutcome,
    Failure,
    JobState,
    MediaJob,
    MediaResult,
    PriceRange,
)
from bot.storage.async_engine import AsyncConnection
from bot.storage.expenses import release, reserve, settle
from bot.storage.job_leases import RELEASED, JobLeases, change, step
from bot.storage.tables import media_jobs

OUTCOMES = {
    JobState.REFUSED: ExpenseOutcome.FREE,
    JobState.FAILED: ExpenseOutcome.FREE,
    JobState.EXPIRED: ExpenseOutcome.UNCLEAR,
}
"""What became of the tokens of a job that ended; in other ends nothing was reserved."""


class JobSteps(JobLeases):
    """What the worker does; each method is one transaction, as in `JobLeases`."""

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

    async def begin(self, job: MediaJob, charge: Charge) -> MediaJob | None:
        """Note that the request of a job is about to be sent, and what it may cost.

        Raises LimitExceeded when that is too much; the job is as it was then.
        """
        now = self._now()
        begun = step(job, {JobState.CREATED}, state=JobState.UNKNOWN, waiting_since=now, looks=0)
        async with self._engine.begin() as connection:
            changed = await change(connection, begun)
            if changed is not None:
                await reserve(
                    connection,
                    charge,
                    item_id=job.id,
                    person_id=changed.question.person_id,
                    chat_id=changed.question.key.chat_id,
                    now=now,
                )
        return changed

    async def take_back(self, job: MediaJob, *, failures: int = 0) -> MediaJob | None:
        """Note that the service did not take the order now, so that it can be sent later.

        *failures* counts how often that happened.
        """
        taken_back = step(
            job,
            {JobState.UNKNOWN},
            state=JobState.CREATED,
            waiting_since=None,
            looks=0,
            failures=failures,
            due_at=self._now(),
        )
        async with self._engine.begin() as connection:
            changed = await change(connection, taken_back)
            if changed is not None:
                await release(connection, ExpenseKind(job.kind), job.id)
        return changed

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
            outcome=ExpenseOutcome.SPENT,
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
            outcome=OUTCOMES.get(state),
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

    async def _identify(
        self,
        job: MediaJob,
        before: Collection[JobState],
        *,
        outcome: ExpenseOutcome | None = None,
        **values: object,
    ) -> MediaJob | None:
        """Take a step that learns the id of a generation, which only one job can have."""
        try:
            async with self._engine.begin() as connection:
                changed = await change(connection, step(job, before, **values))
                if changed is not None and outcome is not None:
                    await self._settle_expense(connection, changed, outcome)
        except IntegrityError:
            return None
        return changed

    async def _settle_expense(
        self, connection: AsyncConnection, job: MediaJob, outcome: ExpenseOutcome
    ) -> None:
        await settle(
            connection,
            ExpenseKind(job.kind),
            job.id,
            outcome,
            tokens=job.result.tokens_spent if job.result else None,
            now=self._now(),
        )
