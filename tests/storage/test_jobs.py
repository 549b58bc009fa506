from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import OPEN, RUNNING, ConversationKey, JobState, MediaJob, MediaKind
from bot.storage.jobs import JobStore
from tests.storage.orders import (
    CHARGE,
    LATER,
    LEASE,
    ORDER,
    OWNER,
    PRICE,
    Clock,
    held,
    job_in,
    ordered,
)
from tests.storage.questions import FIRST_MOMENT, QUESTION, TOPIC

ELSEWHERE = ConversationKey(chat_id=1)


async def test_an_order_is_stored_and_due_at_once(jobs: JobStore) -> None:
    job = await ordered(jobs)

    found = await jobs.get(job.id)

    assert found == job
    assert found == MediaJob(
        id=job.id,
        question=QUESTION,
        kind=MediaKind.IMAGE,
        model="flux-1.1-pro",
        params={"size": "1024x1024", "seed": 42},
        price=None,
        state=JobState.CREATED,
        created_at=FIRST_MOMENT,
        waiting_since=None,
        finished_at=None,
        generation_id=None,
        eta_seconds=None,
        result=None,
        failure=None,
        status_message_id=None,
        looks=0,
        failures=0,
        due_at=FIRST_MOMENT,
        lease=None,
    )


async def test_an_order_with_a_price_is_offered(jobs: JobStore) -> None:
    job = await ordered(jobs, replace(ORDER, kind=MediaKind.VIDEO, price=PRICE))

    found = await jobs.get(job.id)

    assert found == job
    assert (found.state, found.kind, found.price) == (JobState.OFFERED, MediaKind.VIDEO, PRICE)


async def test_an_unknown_job_is_not_found(jobs: JobStore) -> None:
    assert await jobs.get(404) is None


async def test_a_message_is_ordered_once(jobs: JobStore) -> None:
    await ordered(jobs)

    again = await jobs.add(replace(ORDER, model="sdxl-turbo"))
    elsewhere = await jobs.add(replace(ORDER, question=replace(QUESTION, key=ELSEWHERE)))

    assert again is None
    assert elsewhere is not None


async def test_a_message_of_another_bot_with_the_same_number_is_ordered(jobs: JobStore) -> None:
    await ordered(jobs)

    later = replace(QUESTION, asked_at=QUESTION.asked_at + timedelta(days=1))

    assert await jobs.add(replace(ORDER, question=later)) is not None


async def test_orders_without_a_message_are_all_stored(jobs: JobStore) -> None:
    order = replace(ORDER, question=replace(QUESTION, message_id=None))

    first = await ordered(jobs, order)
    second = await ordered(jobs, order)

    assert first.id != second.id


async def test_a_job_is_repeated_once_and_its_repetition_too(jobs: JobStore) -> None:
    first = await ordered(jobs)

    second = await ordered(jobs, replace(ORDER, again_of=first.id))
    double = await jobs.add(replace(ORDER, again_of=first.id))
    third = await ordered(jobs, replace(ORDER, again_of=second.id))

    assert double is None
    assert len({first.id, second.id, third.id}) == 3


async def test_the_message_of_a_repeated_job_is_still_ordered_once(jobs: JobStore) -> None:
    first = await ordered(jobs)
    await ordered(jobs, replace(ORDER, again_of=first.id))

    redelivered = await jobs.add(ORDER)

    assert redelivered is None


async def test_the_message_with_the_status_is_remembered(jobs: JobStore) -> None:
    job = await job_in(jobs, JobState.CREATED)
    other = await ordered(jobs, replace(ORDER, again_of=job.id))

    shown = [await jobs.show(job, message_id=20), await jobs.show(job, message_id=21)]

    assert shown == [True, True]
    assert await jobs.get(job.id) == replace(job, status_message_id=21)
    assert await jobs.get(other.id) == other


@pytest.mark.parametrize("state", JobState)
async def test_a_status_is_remembered_while_what_it_says_is_true(
    jobs: JobStore, state: JobState
) -> None:
    job = await job_in(jobs, state)

    remembered = {
        said for said in JobState if await jobs.show(replace(job, state=said), message_id=20)
    }

    assert remembered == (OPEN if state in OPEN else {state})
    assert await jobs.get(job.id) == replace(job, status_message_id=20)


@pytest.mark.parametrize("state", JobState)
async def test_a_status_that_is_out_of_date_changes_nothing(
    jobs: JobStore, state: JobState
) -> None:
    job = await job_in(jobs, state)
    outdated = set(JobState) - (OPEN if state in OPEN else {state})

    shown = [await jobs.show(replace(job, state=said), message_id=20) for said in outdated]

    assert set(shown) == {False}
    assert await jobs.get(job.id) == job


async def test_a_status_is_remembered_though_its_job_went_on(jobs: JobStore) -> None:
    created = await job_in(jobs, JobState.CREATED)
    unknown = await jobs.begin(created, CHARGE)

    shown = await jobs.show(created, message_id=20)

    assert shown
    assert unknown is not None
    assert await jobs.get(created.id) == replace(unknown, status_message_id=20)


async def test_the_status_of_a_job_that_was_dropped_meanwhile_is_forgotten(
    jobs: JobStore,
) -> None:
    job = await job_in(jobs, JobState.PENDING)
    await jobs.show(job, message_id=20)
    dropped = await jobs.drop(job.id, person_id=OWNER)

    shown = await jobs.show(job, message_id=21)

    assert not shown
    assert dropped is not None
    assert dropped.status_message_id == 20
    assert await jobs.get(job.id) == dropped


async def test_the_end_of_a_job_that_is_looked_at_again_is_forgotten(jobs: JobStore) -> None:
    expired = await job_in(jobs, JobState.EXPIRED)
    looking = await jobs.look_again(expired.id, person_id=OWNER)

    shown = await jobs.show(expired, message_id=20)

    assert not shown
    assert await jobs.get(expired.id) == looking


async def test_the_newest_orders_of_a_conversation_come_first(jobs: JobStore) -> None:
    await ordered(jobs)
    second, third = [
        await ordered(jobs, replace(ORDER, question=replace(QUESTION, message_id=number)))
        for number in (2, 3)
    ]
    await ordered(jobs, replace(ORDER, question=replace(QUESTION, key=ELSEWHERE)))
    general = replace(TOPIC, thread_id=None)
    other = await ordered(
        jobs, replace(ORDER, question=replace(QUESTION, key=general, message_id=4))
    )

    assert await jobs.recent(TOPIC, limit=2) == [third, second]
    assert await jobs.recent(general, limit=2) == [other]


@pytest.mark.parametrize("state", JobState)
async def test_offers_that_came_to_nothing_are_not_listed(jobs: JobStore, state: JobState) -> None:
    job = await job_in(jobs, state)

    listed = await jobs.recent(TOPIC, limit=10)

    came_to_nothing = state in {JobState.DECLINED, JobState.LAPSED}
    assert listed == ([] if came_to_nothing else [job])


@pytest.mark.parametrize("state", JobState)
async def test_jobs_that_somebody_waits_for_are_running(jobs: JobStore, state: JobState) -> None:
    job = await job_in(jobs, state)

    running = await jobs.running()

    assert running == ([job] if state in RUNNING else [])


async def test_the_generations_of_young_jobs_are_known(jobs: JobStore, clock: Clock) -> None:
    old = await job_in(jobs, JobState.PENDING)
    now = clock.tick(timedelta(hours=1))
    young = await job_in(jobs, JobState.READY, replace(ORDER, again_of=old.id))
    await ordered(jobs, replace(ORDER, again_of=young.id))

    known = await jobs.generation_ids(now)
    all_known = await jobs.generation_ids(FIRST_MOMENT)

    assert known == {young.generation_id}
    assert all_known == {old.generation_id, young.generation_id}


@pytest.mark.parametrize("state", JobState)
async def test_a_chat_that_returns_gets_the_results_that_were_kept(
    jobs: JobStore, clock: Clock, state: JobState
) -> None:
    job = await job_in(jobs, state)
    elsewhere = replace(ORDER, question=replace(QUESTION, key=ELSEWHERE))
    other = await job_in(jobs, JobState.UNDELIVERABLE, elsewhere)
    clock.moment = LATER

    revived = [await jobs.revive(TOPIC.chat_id), await jobs.revive(TOPIC.chat_id)]

    was_kept = state is JobState.UNDELIVERABLE
    ready = replace(job, state=JobState.READY, due_at=LATER)
    assert revived == [int(was_kept), 0]
    assert await jobs.get(job.id) == (ready if was_kept else job)
    assert await jobs.get(other.id) == other


async def test_a_supergroup_takes_over_the_orders_of_its_group(
    jobs: JobStore, clock: Clock
) -> None:
    supergroup = ConversationKey(chat_id=-1009, thread_id=7)
    native = await ordered(jobs, replace(ORDER, question=replace(QUESTION, key=supergroup)))
    await jobs.show(native, message_id=40)
    moved = await ordered(jobs)
    await jobs.show(moved, message_id=20)
    held_there = await held(jobs, moved)
    clock.moment = LATER

    counts = [await jobs.move(TOPIC.chat_id, -1009), await jobs.move(TOPIC.chat_id, -1009)]

    there = replace(QUESTION, key=supergroup, message_id=None)
    found = await jobs.get(native.id)
    assert counts == [1, 0]
    assert found is not None
    assert (found.question.message_id, found.status_message_id) == (1, 40)
    assert await jobs.get(moved.id) == replace(held_there, question=there, status_message_id=None)


@pytest.mark.parametrize("state", JobState)
async def test_only_offers_become_due_when_they_are_moved(
    jobs: JobStore, clock: Clock, state: JobState
) -> None:
    job = await job_in(jobs, state)
    clock.moment = LATER

    await jobs.move(TOPIC.chat_id, -1009)

    moved = await jobs.get(job.id)
    assert moved is not None
    assert moved.due_at == (LATER if state is JobState.OFFERED else job.due_at)


async def test_an_offer_that_was_shown_is_to_be_shown_anew_where_it_moved(jobs: JobStore) -> None:
    offer = await job_in(jobs, JobState.OFFERED)
    await jobs.show(offer, message_id=20)
    await jobs.postpone(offer, due_at=LATER)

    await jobs.move(TOPIC.chat_id, -1009)

    (due,) = await jobs.claim_due(states=[JobState.OFFERED], limit=10, lease=LEASE)
    assert (due.id, due.status_message_id) == (offer.id, None)
    assert due.question.key == replace(TOPIC, chat_id=-1009)


async def test_two_groups_may_become_one(jobs: JobStore) -> None:
    await ordered(jobs)
    await ordered(jobs, replace(ORDER, question=replace(QUESTION, key=ELSEWHERE)))

    moved = [await jobs.move(TOPIC.chat_id, -1009), await jobs.move(ELSEWHERE.chat_id, -1009)]

    assert moved == [1, 1]


async def test_a_moved_order_still_obeys_its_person(jobs: JobStore) -> None:
    job = await ordered(jobs)
    await jobs.move(TOPIC.chat_id, -1009)

    dropped = await jobs.drop(job.id, person_id=OWNER)

    assert dropped is not None
