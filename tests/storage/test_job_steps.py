from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.model import Failure, JobState, MediaJob, PriceRange
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.storage.tables import media_jobs
from tests.storage.orders import (
    CHARGE,
    FAILURE,
    LATER,
    LEASE,
    ORDER,
    OWNER,
    RESULT,
    Clock,
    held,
    job_in,
    ordered,
)

Step = Callable[[JobStore, MediaJob], Awaitable[MediaJob | None]]

EXACT = PriceRange(min_tokens=40, max_tokens=40)
OPEN = {
    JobState.OFFERED,
    JobState.CREATED,
    JobState.UNKNOWN,
    JobState.PENDING,
    JobState.READY,
}
STEPS: dict[str, tuple[Step, set[JobState], JobState]] = {
    "quote": (
        lambda jobs, job: jobs.quote(job, EXACT),
        {JobState.OFFERED},
        JobState.OFFERED,
    ),
    "approve": (
        lambda jobs, job: jobs.approve(job),
        {JobState.OFFERED},
        JobState.CREATED,
    ),
    "begin": (
        lambda jobs, job: jobs.begin(job, CHARGE),
        {JobState.CREATED},
        JobState.UNKNOWN,
    ),
    "take_back": (
        lambda jobs, job: jobs.take_back(job),
        {JobState.UNKNOWN},
        JobState.CREATED,
    ),
    "accept": (
        lambda jobs, job: jobs.accept(job, generation_id="gen", eta_seconds=9, due_at=LATER),
        {JobState.UNKNOWN},
        JobState.PENDING,
    ),
    "complete": (
        lambda jobs, job: jobs.complete(job, generation_id="gen", result=RESULT),
        {JobState.UNKNOWN, JobState.PENDING},
        JobState.READY,
    ),
    "refuse": (
        lambda jobs, job: jobs.end(job, JobState.REFUSED, FAILURE),
        OPEN,
        JobState.REFUSED,
    ),
    "fail": (
        lambda jobs, job: jobs.end(job, JobState.FAILED, FAILURE, generation_id="gen"),
        OPEN,
        JobState.FAILED,
    ),
    "expire": (
        lambda jobs, job: jobs.end(job, JobState.EXPIRED),
        OPEN,
        JobState.EXPIRED,
    ),
    "lapse": (
        lambda jobs, job: jobs.end(job, JobState.LAPSED),
        OPEN,
        JobState.LAPSED,
    ),
    "deliver": (
        lambda jobs, job: jobs.deliver(job, message_id=31),
        {JobState.READY},
        JobState.DELIVERED,
    ),
    "keep": (
        lambda jobs, job: jobs.keep(job),
        {JobState.READY},
        JobState.UNDELIVERABLE,
    ),
}
HOLDABLE = [state for state in JobState if state is not JobState.UNDELIVERABLE]
SAME_STATE: dict[str, Step] = {
    "postpone": lambda jobs, job: jobs.postpone(job, due_at=LATER, looked=True, failures=3),
    "release": lambda jobs, job: jobs.release(job),
    "settle": lambda jobs, job: jobs.settle(job),
}
ALL_STEPS = {name: step for name, (step, _, _) in STEPS.items()} | SAME_STATE


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("name", STEPS)
async def test_a_step_is_taken_from_the_states_that_allow_it(
    jobs: JobStore, name: str, state: JobState
) -> None:
    step, before, after = STEPS[name]
    job = await job_in(jobs, state)

    changed = await step(jobs, job)

    assert await jobs.get(job.id) == (changed or job)
    assert (changed.state if changed else None) == (after if state in before else None)


@pytest.mark.parametrize("state", HOLDABLE)
@pytest.mark.parametrize("name", SAME_STATE)
async def test_letting_go_is_possible_in_every_state(
    jobs: JobStore, name: str, state: JobState
) -> None:
    job = await job_in(jobs, state)

    changed = await SAME_STATE[name](jobs, job)

    assert changed is not None
    assert await jobs.get(job.id) == changed
    assert (changed.state, changed.lease) == (state, None)


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("name", ALL_STEPS)
async def test_only_the_holder_of_the_lease_takes_a_step(
    jobs: JobStore, name: str, state: JobState
) -> None:
    job = await job_in(jobs, state)

    changed = await ALL_STEPS[name](jobs, replace(job, lease="somebody else's"))

    assert changed is None
    assert await jobs.get(job.id) == job


@pytest.mark.parametrize("lease", [None, ""])
@pytest.mark.parametrize("name", ALL_STEPS)
async def test_no_lease_is_no_proof(jobs: JobStore, name: str, lease: str | None) -> None:
    held_by_nobody = await ordered(jobs)

    changed = await ALL_STEPS[name](jobs, replace(held_by_nobody, lease=lease))

    assert changed is None
    assert await jobs.get(held_by_nobody.id) == held_by_nobody


@pytest.mark.parametrize("name", ALL_STEPS)
async def test_a_step_is_not_taken_by_one_who_knows_an_earlier_state(
    jobs: JobStore, name: str
) -> None:
    created = await job_in(jobs, JobState.CREATED)
    unknown = await jobs.begin(created, CHARGE)

    changed = await ALL_STEPS[name](jobs, created)

    assert changed is None
    assert await jobs.get(created.id) == unknown


async def test_a_quoted_offer_is_still_to_be_shown(jobs: JobStore) -> None:
    offer = await _tried(jobs, await job_in(jobs, JobState.OFFERED))

    quoted = await jobs.quote(offer, EXACT)

    assert offer.failures == 1
    assert quoted == replace(offer, price=EXACT)


async def test_an_offer_that_needs_nobodys_consent_goes_on(jobs: JobStore) -> None:
    offer = await _tried(jobs, await job_in(jobs, JobState.OFFERED))

    approved = await jobs.approve(offer)

    assert approved == replace(offer, state=JobState.CREATED, failures=0)


async def test_a_begun_job_waits_from_now_on(jobs: JobStore, clock: Clock) -> None:
    job = await _tried(jobs, await job_in(jobs, JobState.CREATED))
    clock.moment = LATER

    begun = await jobs.begin(job, CHARGE)

    assert begun == replace(job, state=JobState.UNKNOWN, waiting_since=LATER, looks=0, failures=0)


async def test_an_accepted_job_is_free_and_due_when_it_shall_be_looked_at(jobs: JobStore) -> None:
    job = await _tried(jobs, await job_in(jobs, JobState.UNKNOWN))

    accepted = await jobs.accept(job, generation_id="gen_1", eta_seconds=12, due_at=LATER)

    assert accepted == replace(
        job,
        state=JobState.PENDING,
        generation_id="gen_1",
        eta_seconds=12,
        looks=0,
        failures=0,
        due_at=LATER,
        lease=None,
    )


@pytest.mark.parametrize("state", [JobState.UNKNOWN, JobState.PENDING])
async def test_a_completed_job_has_its_result_and_is_due_at_once(
    jobs: JobStore, clock: Clock, state: JobState
) -> None:
    job = await _tried(jobs, await job_in(jobs, state))
    clock.moment = LATER

    completed = await jobs.complete(job, generation_id="gen_1", result=RESULT)

    assert completed == replace(
        job,
        state=JobState.READY,
        generation_id="gen_1",
        result=RESULT,
        finished_at=LATER,
        failures=0,
        due_at=LATER,
    )


@pytest.mark.parametrize(
    ("failure", "told"), [(FAILURE, None), (Failure(key="order-lost", arguments={}), "gen_1")]
)
async def test_an_ended_job_says_why(
    jobs: JobStore, clock: Clock, failure: Failure, told: str | None
) -> None:
    job = await _tried(jobs, await job_in(jobs, JobState.PENDING))
    clock.moment = LATER

    ended = await jobs.end(job, JobState.FAILED, failure, generation_id=told)

    assert ended == replace(
        job,
        state=JobState.FAILED,
        failure=failure,
        generation_id=told or job.generation_id,
        finished_at=LATER,
        failures=0,
        due_at=LATER,
    )


@pytest.mark.parametrize("message_id", [31, None])
async def test_a_delivered_job_is_due_once_more(
    jobs: JobStore, database: Database, clock: Clock, message_id: int | None
) -> None:
    job = await _tried(jobs, await job_in(jobs, JobState.READY))
    clock.moment = LATER

    delivered = await jobs.deliver(job, message_id=message_id)

    async with database.engine.connect() as connection:
        shown = await connection.scalar(select(media_jobs.c.result_message_id))
    assert delivered == replace(job, state=JobState.DELIVERED, failures=0, due_at=LATER)
    assert shown == message_id


async def test_a_kept_result_has_nothing_to_do(jobs: JobStore) -> None:
    job = await _tried(jobs, await job_in(jobs, JobState.READY))

    kept = await jobs.keep(job)

    assert kept == replace(job, state=JobState.UNDELIVERABLE, failures=0, due_at=None, lease=None)


@pytest.mark.parametrize(
    ("looked", "failures", "looks"),
    [(True, 4, 2), (True, 1, 2), (True, 0, 2), (False, 4, 1), (False, 1, 1), (False, 0, 1)],
)
async def test_what_was_tried_is_noted(
    jobs: JobStore, *, looked: bool, failures: int, looks: int
) -> None:
    job = await _tried(jobs, await job_in(jobs, JobState.PENDING))

    later = await jobs.postpone(job, due_at=LATER, looked=looked, failures=failures)

    assert (job.looks, job.failures) == (1, 1)
    assert later == replace(job, looks=looks, failures=failures, due_at=LATER, lease=None)


async def test_a_job_put_off_for_no_failure_starts_counting_afresh(jobs: JobStore) -> None:
    job = await _tried(jobs, await job_in(jobs, JobState.PENDING))

    later = await jobs.postpone(job, due_at=LATER)

    assert (job.looks, job.failures) == (1, 1)
    assert later == replace(job, failures=0, due_at=LATER, lease=None)


async def test_a_released_job_is_as_it_was_but_for_its_lease(jobs: JobStore, clock: Clock) -> None:
    job = await _tried(jobs, await job_in(jobs, JobState.PENDING))
    clock.moment = LATER

    released = await jobs.release(job)

    assert (job.looks, job.failures) == (1, 1)
    assert released == replace(job, lease=None)


async def test_a_settled_job_is_not_due_any_more(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.DELIVERED)

    settled = await jobs.settle(job)

    assert settled == replace(job, due_at=None, lease=None)
    assert await jobs.claim_due(states=list(JobState), limit=10, lease=LEASE) == []


@pytest.mark.parametrize("name", ["accept", "complete", "fail"])
async def test_a_generation_belongs_to_one_job(jobs: JobStore, name: str) -> None:
    step = ALL_STEPS[name]
    first = await job_in(jobs, JobState.UNKNOWN)
    second = await job_in(jobs, JobState.UNKNOWN, replace(ORDER, again_of=first.id))

    taken = [await step(jobs, first), await step(jobs, second)]

    assert [job.generation_id if job else None for job in taken] == ["gen", None]
    assert await jobs.get(second.id) == second


async def test_a_result_that_answers_a_dropped_job_changes_nothing(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.UNKNOWN)
    dropped = await jobs.drop(job.id, person_id=OWNER)

    late = await jobs.complete(job, generation_id="gen_1", result=RESULT)

    assert late is None
    assert await jobs.get(job.id) == dropped


async def _tried(jobs: JobStore, job: MediaJob) -> MediaJob:
    """Let a step of the job fail once, and hold it again."""
    assert job.lease is not None
    postponed = await jobs.postpone(
        job, due_at=job.created_at - timedelta(seconds=1), looked=True, failures=1
    )
    assert postponed is not None
    return await held(jobs, postponed)
