from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.model import JobState, MediaJob
from bot.storage.engine import Database
from bot.storage.inbox import InboxStore
from bot.storage.jobs import JobStore
from bot.storage.replicas import ReplicaStore
from tests.storage.arrivals import BOT, arrivals
from tests.storage.orders import CHARGE, LATER, LEASE, ORDER, OWNER, RESULT, Clock, job_in, ordered
from tests.storage.questions import FIRST_MOMENT

SECOND = timedelta(seconds=1)


async def claimed(
    jobs: JobStore, *states: JobState, limit: int = 10, lease: timedelta = LEASE
) -> list[MediaJob]:
    return await jobs.claim_due(states=states or tuple(JobState), limit=limit, lease=lease)


async def postponed(jobs: JobStore, *moments: timedelta) -> list[int]:
    """Order one job for each moment, at which it is due."""
    ids: list[int] = []
    for moment in moments:
        job = await ordered(jobs, replace(ORDER, again_of=ids[-1] if ids else None))
        held = next(taken for taken in await claimed(jobs) if taken.id == job.id)
        assert await jobs.postpone(held, due_at=FIRST_MOMENT + moment)
        ids.append(job.id)
    return ids


async def test_a_claimed_job_is_as_it_was_but_for_its_lease(jobs: JobStore) -> None:
    job = await ordered(jobs)

    (taken,) = await claimed(jobs)

    assert taken == replace(job, lease=taken.lease)
    assert taken.lease
    assert await jobs.get(job.id) == taken


async def test_the_oldest_due_jobs_are_claimed_first(jobs: JobStore, clock: Clock) -> None:
    third, first, never, second = await postponed(
        jobs, 3 * SECOND, 1 * SECOND, 99 * SECOND, 2 * SECOND
    )
    clock.tick(10 * SECOND)

    batches = [await claimed(jobs, limit=2), await claimed(jobs, limit=2), await claimed(jobs)]

    assert [[job.id for job in batch] for batch in batches] == [[first, second], [third], []]
    assert await jobs.get(never) is not None


async def test_a_job_is_due_from_its_very_moment(jobs: JobStore, clock: Clock) -> None:
    (job_id,) = await postponed(jobs, SECOND)

    clock.tick(SECOND - timedelta(microseconds=1))
    before = await claimed(jobs)
    clock.tick(timedelta(microseconds=1))
    after = await claimed(jobs)

    assert before == []
    assert [job.id for job in after] == [job_id]


@pytest.mark.parametrize("state", JobState)
async def test_only_jobs_in_the_wanted_states_are_claimed(
    jobs: JobStore, clock: Clock, state: JobState
) -> None:
    job = await job_in(jobs, state)
    clock.moment = LATER
    has_work = job.due_at is not None

    others = await claimed(jobs, *(set(JobState) - {state}))
    wanted = await claimed(jobs, state)

    assert others == []
    assert [taken.id for taken in wanted] == [job.id] * has_work


async def test_no_state_at_all_is_claimed_when_none_is_wanted(jobs: JobStore) -> None:
    await ordered(jobs)

    assert await jobs.claim_due(states=frozenset(), limit=10, lease=LEASE) == []


async def test_an_expired_lease_is_claimed_again(jobs: JobStore, clock: Clock) -> None:
    await ordered(jobs)
    (first,) = await claimed(jobs)

    clock.tick(LEASE - timedelta(microseconds=1))
    before = await claimed(jobs)
    clock.tick(timedelta(microseconds=1))
    (second,) = await claimed(jobs)

    assert before == []
    assert second == replace(first, lease=second.lease)
    assert second.lease != first.lease
    assert await jobs.begin(first, CHARGE) is None
    assert await jobs.begin(second, CHARGE) is not None


async def test_a_late_holder_may_go_on_while_nobody_else_came(
    jobs: JobStore, clock: Clock
) -> None:
    job = await job_in(jobs, JobState.CREATED)

    clock.tick(2 * LEASE)

    assert await jobs.begin(job, CHARGE) is not None


async def test_a_renewed_lease_lasts_longer(jobs: JobStore, clock: Clock) -> None:
    job = await job_in(jobs, JobState.CREATED)
    clock.tick(20 * SECOND)

    renewed = await jobs.renew(job, lease=LEASE)

    clock.tick(20 * SECOND)
    assert renewed
    assert await claimed(jobs) == []
    clock.tick(10 * SECOND)
    assert [taken.id for taken in await claimed(jobs)] == [job.id]


async def test_a_lease_is_renewed_while_its_job_goes_on(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.CREATED)
    await jobs.begin(job, CHARGE)

    renewed = await jobs.renew(job, lease=LEASE)

    assert renewed


async def test_the_lease_of_another_is_not_renewed(jobs: JobStore, clock: Clock) -> None:
    free = await ordered(jobs)
    (first,) = await claimed(jobs)
    clock.tick(LEASE)
    (second,) = await claimed(jobs, lease=SECOND)

    renewed = [await jobs.renew(job, lease=LEASE) for job in (free, first)]

    clock.tick(SECOND)
    assert renewed == [False, False]
    assert [taken.id for taken in await claimed(jobs)] == [second.id]


async def test_a_pressed_job_is_claimed_at_once(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.PENDING)
    await jobs.drop(job.id, person_id=OWNER)

    (taken,) = await claimed(jobs)

    assert (taken.id, taken.state) == (job.id, JobState.DROPPED)
    assert taken.lease != job.lease


async def test_a_released_job_is_claimed_at_once(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.CREATED)
    await jobs.release(job)

    (taken,) = await claimed(jobs)

    assert taken == replace(job, lease=taken.lease)
    assert await jobs.begin(job, CHARGE) is None
    assert await jobs.begin(taken, CHARGE) is not None


async def test_a_new_program_releases_the_leases_of_the_one_before(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.CREATED)
    await ordered(jobs, replace(ORDER, again_of=job.id))

    released = [await jobs.release_all(), await jobs.release_all()]

    assert released == [1, 0]
    assert len(await claimed(jobs)) == 2
    assert await jobs.begin(job, CHARGE) is None


async def test_the_next_job_is_due_when_the_first_of_them_is(jobs: JobStore) -> None:
    await postponed(jobs, 5 * SECOND, 3 * SECOND, 4 * SECOND)

    due = await jobs.next_due(list(JobState))

    assert due == FIRST_MOMENT + 3 * SECOND


async def test_a_held_job_is_due_when_its_lease_ends(jobs: JobStore) -> None:
    await ordered(jobs)
    await claimed(jobs)

    due = await jobs.next_due(list(JobState))

    assert due == FIRST_MOMENT + LEASE


async def test_a_job_that_became_due_after_its_lease_is_due_then(
    jobs: JobStore, clock: Clock
) -> None:
    unknown = await job_in(jobs, JobState.UNKNOWN)
    clock.moment = LATER
    await jobs.complete(unknown, generation_id="gen_1", result=RESULT)

    due = await jobs.next_due({JobState.READY})

    assert due == LATER


@pytest.mark.parametrize(
    ("states", "due"),
    [({JobState.READY}, None), (set(), None), ({JobState.CREATED, JobState.READY}, FIRST_MOMENT)],
)
async def test_other_states_do_not_count_as_due(
    jobs: JobStore, states: set[JobState], due: datetime | None
) -> None:
    await ordered(jobs)

    assert await jobs.next_due(states) == due


async def test_nothing_is_due_where_nothing_is_left_to_do(jobs: JobStore) -> None:
    await job_in(jobs, JobState.UNDELIVERABLE)

    assert await jobs.next_due(list(JobState)) is None


async def test_what_is_claimable_is_what_is_next_due(jobs: JobStore, clock: Clock) -> None:
    moments = [n * SECOND for n in (7, 2, 40, 31, 12)]
    ids = await postponed(jobs, *moments)
    seen = []

    while due := await jobs.next_due([JobState.CREATED]):
        clock.moment = due
        for job in await claimed(jobs, limit=1):
            assert job.due_at == due
            assert await jobs.settle(job)
            seen.append(job.id)

    assert seen == [ids[n] for n in (1, 0, 4, 3, 2)]


async def test_jobs_of_a_chat_are_for_the_replica_that_holds_it(
    database: Database, inbox: InboxStore, replicas: ReplicaStore, clock: Clock
) -> None:
    mine, theirs = (JobStore(database, replica_id=name, now=clock) for name in ("me", "they"))
    for name in ("me", "they"):
        await replicas.enter(name, lease=LEASE)
    job = await ordered(mine)
    chat_id = job.question.key.chat_id
    await inbox.add(BOT, arrivals(1, chat_id=chat_id))
    await inbox.claim("me", bot_id=BOT)

    seen_by_others = [
        await theirs.next_due(list(JobState)),
        await theirs.running(),
        await claimed(theirs),
    ]
    seen_by_me = await claimed(mine)

    assert seen_by_others == [None, [], []]
    assert [one.id for one in seen_by_me] == [job.id]
