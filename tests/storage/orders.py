"""An order, a clock, and how a job gets into each state."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.model import (
    Charge,
    ExpenseKind,
    Failure,
    JobState,
    MediaJob,
    MediaKind,
    MediaResult,
    NewJob,
    PriceRange,
)
from bot.storage.jobs import JobStore
from tests.storage.questions import FIRST_MOMENT, QUESTION

OWNER = QUESTION.person_id
LEASE = timedelta(seconds=30)
LATER = FIRST_MOMENT + timedelta(minutes=1)
LONG_AGO = FIRST_MOMENT - timedelta(minutes=15)

ORDER = NewJob(
    question=QUESTION,
    kind=MediaKind.IMAGE,
    model="flux-1.1-pro",
    params={"size": "1024x1024", "seed": 42},
)
CHARGE = Charge(
    kind=ExpenseKind.IMAGE, model=ORDER.model, tokens=4, day=FIRST_MOMENT.date(), limits={}
)
PRICE = PriceRange(min_tokens=26, max_tokens=94)
RESULT = MediaResult(
    url="https://cdn.example.com/1.png",
    tokens_spent=4,
    seed=4_294_967_295,
    width=1024,
    height=768,
    duration_seconds=5.5,
    processing_seconds=11.8,
)
FAILURE = Failure(key="order-failed", arguments={"reason": "нет", "tokens": 4})


class Clock:
    """Stands still until it is told to go on."""

    def __init__(self, moment: datetime = FIRST_MOMENT) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def tick(self, passed: timedelta) -> datetime:
        self.moment += passed
        return self.moment


async def ordered(jobs: JobStore, order: NewJob = ORDER) -> MediaJob:
    job = await jobs.add(order)
    assert job is not None
    return job


async def held(jobs: JobStore, job: MediaJob) -> MediaJob:
    """Claim a due job; one that is held already, or has nothing to do, is left alone."""
    if job.lease is not None or job.due_at is None:
        return job
    claimed = await jobs.claim_due(states=list(JobState), limit=1000, lease=LEASE)
    return next(taken for taken in claimed if taken.id == job.id)


async def job_in(jobs: JobStore, state: JobState, order: NewJob = ORDER) -> MediaJob:
    """Order something and bring it to *state*, held if there is something to do for it."""
    job = await _job_in(jobs, state, order)
    assert job is not None
    assert job.state is state
    return await held(jobs, job)


async def _job_in(jobs: JobStore, state: JobState, order: NewJob) -> MediaJob | None:  # noqa: C901 - a match
    match state:
        case JobState.OFFERED:
            return await jobs.add(replace(order, price=PRICE))
        case JobState.CREATED:
            return await jobs.add(order)
        case JobState.UNKNOWN:
            return await jobs.begin(await job_in(jobs, JobState.CREATED, order), CHARGE)
        case JobState.PENDING:
            unknown = await job_in(jobs, JobState.UNKNOWN, order)
            return await jobs.accept(
                unknown, generation_id=f"gen_{unknown.id}", eta_seconds=20, due_at=FIRST_MOMENT
            )
        case JobState.READY:
            unknown = await job_in(jobs, JobState.UNKNOWN, order)
            return await jobs.complete(unknown, generation_id=f"gen_{unknown.id}", result=RESULT)
        case JobState.DELIVERED:
            return await jobs.deliver(await job_in(jobs, JobState.READY, order), message_id=30)
        case JobState.UNDELIVERABLE:
            return await jobs.keep(await job_in(jobs, JobState.READY, order))
        case JobState.REFUSED | JobState.FAILED | JobState.EXPIRED:
            return await jobs.end(await job_in(jobs, JobState.UNKNOWN, order), state, FAILURE)
        case JobState.LAPSED:
            return await jobs.end(await job_in(jobs, JobState.OFFERED, order), state)
        case JobState.DECLINED:
            offered = await job_in(jobs, JobState.OFFERED, order)
            return await jobs.decline(offered.id, person_id=order.question.person_id)
        case JobState.DROPPED:
            unknown = await job_in(jobs, JobState.UNKNOWN, order)
            return await jobs.drop(unknown.id, person_id=order.question.person_id)
        case _:
            assert_never(state)
