from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.model import ExpenseOutcome, JobState, MediaJob, Turn, TurnState, Usage
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.storage.ledger import LedgerStore
from bot.storage.retention import BATCH, RetentionStore
from bot.storage.tables import turns
from tests.storage.charges import ANN, GROUP, TODAY, YESTERDAY, a_charge, a_question, used
from tests.storage.orders import ORDER, OWNER, Clock, job_in, ordered
from tests.storage.questions import FIRST_MOMENT, QUESTION, added

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def history(database: Database, clock: Clock) -> HistoryStore:
    return HistoryStore(database, now=clock)


async def answered(history: HistoryStore) -> Turn:
    turn = await added(history, a_question())
    await history.show(turn.id, part=0, message_id=20)
    await history.finish(turn.id, TurnState.ANSWERED, answer="There.")
    await history.deliver(turn.id)
    return turn


async def settled(jobs: JobStore, state: JobState = JobState.DELIVERED) -> MediaJob:
    job = await job_in(jobs, state)
    if job.due_at is not None:
        await jobs.settle(job)
    return job


async def repeated(jobs: JobStore, job: MediaJob) -> MediaJob:
    order = replace(ORDER, question=job.question, again_of=job.id)
    repeating = await job_in(jobs, JobState.DELIVERED, order)
    await jobs.settle(repeating)
    return repeating


async def test_what_ended_before_is_deleted(
    history: HistoryStore, retention: RetentionStore, clock: Clock
) -> None:
    old = await answered(history)
    clock.tick(SECOND)
    young = await answered(history)

    deleted = [await retention.delete_before(clock()) for _ in range(2)]

    kept = await history.get(young.id)
    assert deleted == [1, 0]
    assert await history.get(old.id) is None
    assert kept is not None
    assert kept.message_ids == (20,)


async def test_what_is_not_over_stays_however_old_it_is(
    history: HistoryStore, retention: RetentionStore
) -> None:
    waiting, undelivered = [await added(history, a_question()) for _ in range(2)]
    await history.finish(undelivered.id, TurnState.ANSWERED, answer="There.")

    deleted = await retention.delete_before(FIRST_MOMENT + 100 * DAY)

    found = [await history.get(turn.id) for turn in (waiting, undelivered)]
    assert deleted == 0
    assert None not in found


@pytest.mark.parametrize("state", JobState)
async def test_orders_are_deleted_once_nothing_is_left_to_do(
    jobs: JobStore, retention: RetentionStore, state: JobState
) -> None:
    job = await job_in(jobs, state)

    while_due = await retention.delete_before(FIRST_MOMENT + DAY)
    is_due = job.due_at is not None
    if is_due:
        await jobs.settle(job)
    afterwards = await retention.delete_before(FIRST_MOMENT + DAY)

    has_ended = job.finished_at is not None and state is not JobState.READY
    assert (while_due, afterwards) == (int(has_ended and not is_due), int(has_ended and is_due))
    assert (await jobs.get(job.id) is None) == has_ended


async def test_orders_that_ended_later_stay(
    jobs: JobStore, retention: RetentionStore, clock: Clock
) -> None:
    unknown = await job_in(jobs, JobState.UNKNOWN)
    clock.tick(DAY)
    dropped = await jobs.drop(unknown.id, person_id=OWNER)
    assert dropped is not None
    (held,) = await jobs.claim_due(states=[JobState.DROPPED], limit=1, lease=DAY)
    await jobs.settle(held)

    deleted = [await retention.delete_before(moment) for moment in (clock(), clock() + SECOND)]

    assert deleted == [0, 1]


async def test_an_order_outlives_the_one_that_it_repeats(
    jobs: JobStore, retention: RetentionStore, clock: Clock
) -> None:
    first = await settled(jobs)
    second = await repeated(jobs, first)
    clock.tick(SECOND)
    third = await repeated(jobs, second)

    deleted = await retention.delete_before(clock())

    left = [await jobs.get(job.id) for job in (first, second, third)]
    kept = replace(third.question, message_id=None)
    assert deleted == 2
    assert left[:2] == [None, None]
    assert left[2] is not None
    assert left[2].question == kept


async def test_an_order_stays_while_it_is_repeated(
    jobs: JobStore, retention: RetentionStore, clock: Clock
) -> None:
    first = await settled(jobs)
    order = replace(ORDER, question=first.question, again_of=first.id)
    second = await job_in(jobs, JobState.PENDING, order)
    clock.tick(SECOND)

    meanwhile = await retention.delete_before(clock())
    running = await jobs.get(second.id)
    failed = await jobs.end(second, JobState.FAILED)
    assert failed is not None
    await jobs.settle(failed)
    afterwards = await retention.delete_before(clock())

    assert running == second
    assert (meanwhile, afterwards) == (0, 1)


async def test_orders_of_one_message_outlive_one_between_them(
    jobs: JobStore, retention: RetentionStore, clock: Clock
) -> None:
    first = await settled(jobs, JobState.EXPIRED)
    second = await repeated(jobs, first)
    clock.tick(SECOND)
    third = await repeated(jobs, second)
    await jobs.look_again(first.id, person_id=OWNER)
    await jobs.drop(first.id, person_id=OWNER)

    deleted = await retention.delete_before(clock())

    left = [await jobs.get(job.id) is not None for job in (first, second, third)]
    assert (deleted, left) == (1, [True, False, True])


async def test_more_than_a_batch_is_deleted(
    database: Database, history: HistoryStore, retention: RetentionStore
) -> None:
    turn = await answered(history)
    others = [column for column in turns.c if column.name != "id"]
    async with database.engine.begin() as connection:
        for _ in range(BATCH + 1):
            copied = select(*others).where(turns.c.id == turn.id)
            await connection.execute(turns.insert().from_select(others, copied))

    deleted = await retention.delete_before(FIRST_MOMENT + DAY)

    async with database.engine.connect() as connection:
        left = await connection.scalar(select(func.count()).select_from(turns))
    assert (deleted, left) == (BATCH + 2, 0)


async def test_what_was_spent_on_the_days_before_stays_and_is_nobodys(
    history: HistoryStore, retention: RetentionStore, ledger: LedgerStore
) -> None:
    for day in (YESTERDAY, TODAY):
        turn = await added(history, a_question())
        await history.begin(turn.id, a_charge(10, day=day))
        await history.finish(turn.id, TurnState.ANSWERED, outcome=ExpenseOutcome.SPENT)

    await retention.delete_before(FIRST_MOMENT)

    assert [await used(ledger, day=day) for day in (YESTERDAY, TODAY)] == [10, 10]
    assert [await used(ledger, ANN, day=day) for day in (YESTERDAY, TODAY)] == [0, 10]
    assert [await used(ledger, GROUP, day=day) for day in (YESTERDAY, TODAY)] == [0, 10]
    usage = await ledger.usage(since=YESTERDAY, until=YESTERDAY)
    assert replace(usage, days=()) == Usage(people=0, chats=0, days=())


async def test_the_number_of_a_deleted_order_is_not_given_again(
    jobs: JobStore, retention: RetentionStore
) -> None:
    first = await settled(jobs)
    await retention.delete_before(FIRST_MOMENT + DAY)

    second = await ordered(jobs, replace(ORDER, question=replace(QUESTION, message_id=2)))

    assert second.id > first.id
