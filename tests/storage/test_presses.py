from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import JobState, MediaJob, MediaKind
from bot.storage.jobs import FILE_SENT_WITHIN, JobStore
from tests.storage.orders import (
    FAILURE,
    LATER,
    LONG_AGO,
    ORDER,
    OWNER,
    Clock,
    job_in,
    ordered,
)
from tests.storage.questions import FIRST_MOMENT, QUESTION

Press = Callable[[JobStore, int, int | None], Awaitable[MediaJob | None]]

PRESSES: dict[str, tuple[Press, dict[JobState, JobState]]] = {
    "agree": (
        lambda jobs, job_id, person_id: jobs.agree(
            job_id, person_id=person_id, offered_after=LONG_AGO
        ),
        {JobState.OFFERED: JobState.CREATED},
    ),
    "decline": (
        lambda jobs, job_id, person_id: jobs.decline(job_id, person_id=person_id),
        {JobState.OFFERED: JobState.DECLINED},
    ),
    "drop": (
        lambda jobs, job_id, person_id: jobs.drop(job_id, person_id=person_id),
        {
            JobState.CREATED: JobState.DROPPED,
            JobState.UNKNOWN: JobState.DROPPED,
            JobState.PENDING: JobState.DROPPED,
        },
    ),
    "look again": (
        lambda jobs, job_id, person_id: jobs.look_again(job_id, person_id=person_id),
        {
            JobState.EXPIRED: JobState.UNKNOWN,
            JobState.DROPPED: JobState.UNKNOWN,
            JobState.FAILED: JobState.UNKNOWN,
            JobState.UNDELIVERABLE: JobState.READY,
        },
    ),
    "take file": (
        lambda jobs, job_id, person_id: jobs.take_file(job_id, person_id=person_id),
        {JobState.READY: JobState.READY, JobState.DELIVERED: JobState.DELIVERED},
    ),
}
PRESSABLE = [(name, state) for name, (_, changes) in PRESSES.items() for state in changes]


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("name", PRESSES)
async def test_a_button_works_in_the_states_that_allow_it(
    jobs: JobStore, name: str, state: JobState
) -> None:
    press, changes = PRESSES[name]
    job = await job_in(jobs, state)

    changed = await press(jobs, job.id, OWNER)

    assert await jobs.get(job.id) == (changed or job)
    assert (changed.state if changed else None) == changes.get(state)


@pytest.mark.parametrize(("name", "state"), PRESSABLE)
async def test_a_second_press_changes_nothing(jobs: JobStore, name: str, state: JobState) -> None:
    press, _ = PRESSES[name]
    job = await job_in(jobs, state)
    first = await press(jobs, job.id, OWNER)

    second = await press(jobs, job.id, OWNER)

    assert second is None
    assert await jobs.get(job.id) == first


@pytest.mark.parametrize("stranger", [5_000_000_002, None])
@pytest.mark.parametrize(("name", "state"), PRESSABLE)
async def test_the_press_of_a_stranger_changes_nothing(
    jobs: JobStore, name: str, state: JobState, stranger: int | None
) -> None:
    press, _ = PRESSES[name]
    job = await job_in(jobs, state)

    changed = await press(jobs, job.id, stranger)

    assert changed is None
    assert await jobs.get(job.id) == job


@pytest.mark.parametrize("author", [None, -1001234567890])
@pytest.mark.parametrize("anybody", [5_000_000_002, None])
@pytest.mark.parametrize(("name", "state"), PRESSABLE)
async def test_the_order_of_a_hidden_author_obeys_everybody(
    jobs: JobStore, name: str, state: JobState, author: int | None, anybody: int | None
) -> None:
    press, _ = PRESSES[name]
    order = replace(ORDER, question=replace(QUESTION, person_id=author))
    job = await job_in(jobs, state, order)

    changed = await press(jobs, job.id, anybody)

    assert changed is not None


@pytest.mark.parametrize("name", PRESSES)
async def test_a_button_of_an_unknown_job_does_nothing(jobs: JobStore, name: str) -> None:
    press, _ = PRESSES[name]
    job = await job_in(jobs, JobState.OFFERED)

    changed = await press(jobs, job.id + 1, OWNER)

    assert changed is None
    assert await jobs.get(job.id) == job


async def test_an_offer_that_is_agreed_to_is_due_and_free(jobs: JobStore, clock: Clock) -> None:
    offer = await job_in(jobs, JobState.OFFERED)
    clock.moment = LATER

    agreed = await jobs.agree(offer.id, person_id=OWNER, offered_after=LONG_AGO)

    assert agreed == replace(offer, state=JobState.CREATED, due_at=LATER, lease=None)


async def test_an_old_offer_is_not_agreed_to(jobs: JobStore) -> None:
    offer = await job_in(jobs, JobState.OFFERED)

    moments = FIRST_MOMENT, FIRST_MOMENT - timedelta(microseconds=1)
    agreed = [
        await jobs.agree(offer.id, person_id=OWNER, offered_after=moment) for moment in moments
    ]

    assert [job.state if job else None for job in agreed] == [None, JobState.CREATED]


async def test_a_declined_offer_is_finished_and_due(jobs: JobStore, clock: Clock) -> None:
    offer = await job_in(jobs, JobState.OFFERED)
    clock.moment = LATER

    declined = await jobs.decline(offer.id, person_id=OWNER)

    assert declined == replace(
        offer, state=JobState.DECLINED, finished_at=LATER, due_at=LATER, lease=None
    )


async def test_a_dropped_job_is_taken_from_the_worker(jobs: JobStore, clock: Clock) -> None:
    job = await job_in(jobs, JobState.PENDING)
    clock.moment = LATER

    dropped = await jobs.drop(job.id, person_id=OWNER)

    assert dropped == replace(
        job, state=JobState.DROPPED, finished_at=LATER, due_at=LATER, lease=None
    )
    assert await jobs.settle(job) is None


@pytest.mark.parametrize("told", [None, "gen_1"])
async def test_an_expired_job_goes_on_where_it_was_left(
    jobs: JobStore, clock: Clock, told: str | None
) -> None:
    unknown = await job_in(jobs, JobState.UNKNOWN)
    expired = await jobs.end(unknown, JobState.EXPIRED, generation_id=told)
    clock.moment = LATER

    looking = await jobs.look_again(unknown.id, person_id=OWNER)

    assert expired is not None
    assert looking == replace(
        expired,
        state=JobState.PENDING if told else JobState.UNKNOWN,
        waiting_since=LATER,
        finished_at=None,
        due_at=LATER,
        lease=None,
    )


async def test_a_dropped_job_is_looked_at_afresh(jobs: JobStore, clock: Clock) -> None:
    job = await job_in(jobs, JobState.PENDING)
    tried = await jobs.postpone(job, due_at=LATER, looked=True, failures=3)
    dropped = await jobs.drop(job.id, person_id=OWNER)
    clock.moment = LATER

    looking = await jobs.look_again(job.id, person_id=OWNER)

    assert tried is not None
    assert dropped is not None
    assert (tried.looks, tried.failures) == (1, 3)
    assert looking == replace(
        dropped,
        state=JobState.PENDING,
        waiting_since=LATER,
        finished_at=None,
        looks=0,
        failures=0,
        due_at=LATER,
    )


async def test_an_order_that_left_no_trace_is_looked_for_again(
    jobs: JobStore, clock: Clock
) -> None:
    failed = await job_in(jobs, JobState.FAILED)
    clock.moment = LATER

    looking = await jobs.look_again(failed.id, person_id=OWNER)

    assert failed.generation_id is None
    assert looking == replace(
        failed,
        state=JobState.UNKNOWN,
        failure=None,
        waiting_since=LATER,
        finished_at=None,
        due_at=LATER,
        lease=None,
    )


@pytest.mark.parametrize(
    ("state", "told"), [(JobState.UNKNOWN, "gen_1"), (JobState.PENDING, None)]
)
async def test_a_job_that_failed_for_good_is_not_looked_for(
    jobs: JobStore, state: JobState, told: str | None
) -> None:
    job = await job_in(jobs, state)
    failed = await jobs.end(job, JobState.FAILED, FAILURE, generation_id=told)

    looking = await jobs.look_again(job.id, person_id=OWNER)

    assert looking is None
    assert failed is not None
    assert failed.generation_id is not None
    assert await jobs.get(job.id) == failed


@pytest.mark.parametrize("state", [JobState.EXPIRED, JobState.FAILED])
async def test_the_failure_of_a_job_is_forgotten_when_it_is_looked_at_again(
    jobs: JobStore, state: JobState
) -> None:
    given_up = await job_in(jobs, state)

    looking = await jobs.look_again(given_up.id, person_id=OWNER)

    assert given_up.failure is not None
    assert looking is not None
    assert looking.failure is None


async def test_a_job_that_was_never_sent_is_not_looked_for(jobs: JobStore) -> None:
    created = await job_in(jobs, JobState.CREATED)
    dropped = await jobs.drop(created.id, person_id=OWNER)

    looking = await jobs.look_again(created.id, person_id=OWNER)

    assert looking is None
    assert await jobs.get(created.id) == dropped


@pytest.mark.parametrize("end", [JobState.EXPIRED, JobState.FAILED])
@pytest.mark.parametrize("before", [JobState.OFFERED, JobState.CREATED])
async def test_a_job_that_ended_before_it_was_sent_is_not_looked_for(
    jobs: JobStore, before: JobState, end: JobState
) -> None:
    job = await job_in(jobs, before)
    ended = await jobs.end(job, end, FAILURE)

    looking = await jobs.look_again(job.id, person_id=OWNER)

    assert looking is None
    assert ended is not None
    assert await jobs.get(job.id) == ended


async def test_a_kept_result_is_ready_again(jobs: JobStore, clock: Clock) -> None:
    kept = await job_in(jobs, JobState.UNDELIVERABLE)
    clock.moment = LATER

    ready = await jobs.look_again(kept.id, person_id=OWNER)

    assert (kept.waiting_since, kept.finished_at) == (FIRST_MOMENT, FIRST_MOMENT)
    assert ready == replace(kept, state=JobState.READY, due_at=LATER)


async def test_a_file_that_was_given_back_can_be_taken_again(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.DELIVERED)
    other = await job_in(jobs, JobState.DELIVERED, replace(ORDER, again_of=job.id))
    await jobs.take_file(job.id, person_id=OWNER)
    await jobs.take_file(other.id, person_id=OWNER)

    await jobs.give_file_back(job.id)

    assert await jobs.take_file(job.id, person_id=OWNER) == job
    assert await jobs.take_file(other.id, person_id=OWNER) is None


async def test_a_file_that_did_not_come_can_be_taken_again(jobs: JobStore, clock: Clock) -> None:
    job = await job_in(jobs, JobState.DELIVERED)
    await jobs.take_file(job.id, person_id=OWNER)

    clock.tick(FILE_SENT_WITHIN)
    before = await jobs.take_file(job.id, person_id=OWNER)
    clock.tick(timedelta(microseconds=1))
    after = [await jobs.take_file(job.id, person_id=OWNER) for _ in range(2)]

    assert before is None
    assert after == [job, None]


async def test_a_video_is_a_file_already(jobs: JobStore) -> None:
    video = await job_in(jobs, JobState.DELIVERED, replace(ORDER, kind=MediaKind.VIDEO))

    taken = await jobs.take_file(video.id, person_id=OWNER)

    assert taken is None


async def test_taking_a_file_leaves_the_worker_its_job(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.DELIVERED)

    await jobs.take_file(job.id, person_id=OWNER)

    assert await jobs.settle(job) is not None


async def test_a_free_job_obeys_as_well(jobs: JobStore) -> None:
    job = await ordered(jobs)

    dropped = await jobs.drop(job.id, person_id=OWNER)

    assert dropped == replace(job, state=JobState.DROPPED, finished_at=FIRST_MOMENT)
