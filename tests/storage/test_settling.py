from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import (
    ExpenseKind,
    ExpenseOutcome,
    JobState,
    MediaJob,
    MediaKind,
    MediaResult,
    NewJob,
    TurnState,
)
from bot.storage.engine import Database
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.storage.ledger import LedgerStore
from tests.storage.charges import ANN, GROUP, TODAY, a_charge, a_question, begun, entries, used
from tests.storage.orders import FAILURE, LATER, ORDER, OWNER, RESULT, Clock, held, job_in
from tests.storage.questions import added

OPEN, SPENT, UNCLEAR, FREE = ExpenseOutcome
VIDEO = replace(ORDER, kind=MediaKind.VIDEO)
UNTOLD = replace(RESULT, tokens_spent=None)

End = Callable[[JobStore, MediaJob], Awaitable[MediaJob | None]]


async def sent(jobs: JobStore, order: NewJob = ORDER) -> MediaJob:
    """Order something for ten tokens."""
    charge = a_charge(10, kind=ExpenseKind(order.kind))
    job = await jobs.begin(await job_in(jobs, JobState.CREATED, order), charge)
    assert job is not None
    return job


async def looked_at_again(jobs: JobStore, job: MediaJob) -> MediaJob:
    again = await jobs.look_again(job.id, person_id=OWNER)
    assert again is not None
    return await held(jobs, again)


def complete(jobs: JobStore, job: MediaJob) -> Awaitable[MediaJob | None]:
    return jobs.complete(job, generation_id="gen_1", result=RESULT)


def fail(jobs: JobStore, job: MediaJob) -> Awaitable[MediaJob | None]:
    return jobs.end(job, JobState.FAILED, FAILURE)


def expire(jobs: JobStore, job: MediaJob) -> Awaitable[MediaJob | None]:
    return jobs.end(job, JobState.EXPIRED, FAILURE)


def drop(jobs: JobStore, job: MediaJob) -> Awaitable[MediaJob | None]:
    return jobs.drop(job.id, person_id=OWNER)


@pytest.mark.parametrize(
    ("outcome", "tokens_spent", "counted"),
    [
        (SPENT, 7, 7),
        (SPENT, 0, 0),
        (SPENT, 25, 25),
        (SPENT, None, 10),
        (SPENT, -5, 10),
        (SPENT, 10**15, 10),
        (UNCLEAR, None, 10),
        (UNCLEAR, 7, 7),
        (FREE, None, 0),
        (FREE, 7, 0),
    ],
)
async def test_a_finished_turn_counts_what_it_spent(
    history: HistoryStore,
    database: Database,
    outcome: ExpenseOutcome,
    tokens_spent: int | None,
    counted: int,
) -> None:
    turn = await begun(history, a_charge(10))

    await history.finish(turn.id, TurnState.FAILED, tokens_spent=tokens_spent, outcome=outcome)

    assert await entries(database) == [(outcome, counted)]


async def test_what_is_given_back_can_be_spent(history: HistoryStore) -> None:
    turn = await begun(history, a_charge(10, {ANN: 10}))

    await history.finish(turn.id, TurnState.FAILED, outcome=FREE)

    again = await begun(history, a_charge(10, {ANN: 10}))
    assert again.id != turn.id


async def test_each_attempt_of_a_turn_counts(history: HistoryStore, database: Database) -> None:
    turn = await begun(history, a_charge(10))
    await history.finish(turn.id, TurnState.BROKEN, tokens_spent=7, outcome=SPENT)
    await history.reopen(turn.id, person_id=ANN)
    await history.begin(turn.id, a_charge(10))

    await history.finish(turn.id, TurnState.ANSWERED, tokens_spent=5, outcome=SPENT)

    assert await entries(database) == [(SPENT, 7), (SPENT, 5)]


@pytest.mark.parametrize("outcome", [FREE, SPENT, UNCLEAR])
async def test_a_turn_ends_once_and_so_does_its_expense(
    history: HistoryStore, database: Database, outcome: ExpenseOutcome
) -> None:
    turn = await begun(history)
    await history.finish(turn.id, TurnState.ANSWERED, tokens_spent=7, outcome=SPENT)

    ended_again = await history.finish(turn.id, TurnState.FAILED, tokens_spent=3, outcome=outcome)

    assert not ended_again
    assert await entries(database) == [(SPENT, 7)]


@pytest.mark.parametrize("before", [SPENT, UNCLEAR])
async def test_an_attempt_that_was_refused_leaves_the_one_before_it_alone(
    history: HistoryStore, database: Database, before: ExpenseOutcome
) -> None:
    turn = await begun(history, a_charge(10))
    await history.finish(turn.id, TurnState.BROKEN, outcome=before)
    await history.reopen(turn.id, person_id=ANN)
    with pytest.raises(LimitExceeded):
        await history.begin(turn.id, a_charge(1, {ANN: 10}))

    await history.finish(turn.id, TurnState.FAILED, outcome=FREE)

    assert await entries(database) == [(before, 10)]


async def test_a_restart_leaves_it_unclear_what_was_being_asked(
    history: HistoryStore, database: Database
) -> None:
    answered = await begun(history, a_charge(1))
    await history.finish(answered.id, TurnState.ANSWERED, outcome=SPENT)
    retried = await begun(history, a_charge(2))
    await history.finish(retried.id, TurnState.FAILED, outcome=FREE)
    await history.reopen(retried.id, person_id=ANN)
    await begun(history, a_charge(3))
    await added(history, a_question())

    await history.take_over([GROUP])

    assert await entries(database) == [(SPENT, 1), (FREE, 0), (UNCLEAR, 3)]


async def test_what_the_service_put_off_is_not_spent(
    history: HistoryStore, database: Database
) -> None:
    turn = await begun(history, a_charge(4))

    put_back = [await history.put_back(turn.id) for _ in range(2)]

    assert put_back == [True, False]
    assert await entries(database) == []
    (waiting,) = await history.take_over([GROUP])
    assert (waiting.id, waiting.state) == (turn.id, TurnState.WAITING)


async def test_what_was_put_off_and_asked_again_is_spent_once(
    history: HistoryStore, database: Database
) -> None:
    turn = await begun(history, a_charge(4))
    await history.put_back(turn.id)

    assert await history.begin(turn.id, a_charge(4))

    assert await entries(database) == [(OPEN, 4)]


async def test_a_restart_leaves_orders_open(
    history: HistoryStore, jobs: JobStore, database: Database
) -> None:
    turn = await begun(history, a_charge(1))
    job = await sent(jobs)

    await history.take_over([GROUP])

    assert turn.id == job.id
    assert await entries(database) == [(UNCLEAR, 1), (OPEN, 10)]


@pytest.mark.parametrize("order", [ORDER, VIDEO])
@pytest.mark.parametrize("tokens_spent", [4, 0, 25, None])
async def test_a_job_counts_what_its_result_cost(
    jobs: JobStore, database: Database, order: NewJob, tokens_spent: int | None
) -> None:
    job = await sent(jobs, order)

    await jobs.complete(
        job, generation_id="gen_1", result=replace(RESULT, tokens_spent=tokens_spent)
    )

    counted = 10 if tokens_spent is None else tokens_spent
    assert await entries(database) == [(SPENT, counted)]


async def test_a_job_that_is_being_made_keeps_what_it_reserved(
    jobs: JobStore, database: Database
) -> None:
    job = await sent(jobs)

    await jobs.accept(job, generation_id="gen_1", eta_seconds=None, due_at=LATER)

    assert await entries(database) == [(OPEN, 10)]


@pytest.mark.parametrize("order", [ORDER, VIDEO])
@pytest.mark.parametrize(
    ("state", "entry"),
    [
        (JobState.REFUSED, (FREE, 0)),
        (JobState.FAILED, (FREE, 0)),
        (JobState.EXPIRED, (UNCLEAR, 10)),
    ],
)
async def test_a_job_without_a_result_counts_what_may_be_charged(
    jobs: JobStore,
    database: Database,
    order: NewJob,
    state: JobState,
    entry: tuple[ExpenseOutcome, int],
) -> None:
    job = await sent(jobs, order)

    await jobs.end(job, state, FAILURE)

    assert await entries(database) == [entry]


@pytest.mark.parametrize("order", [ORDER, VIDEO])
async def test_a_dropped_job_may_still_be_charged(
    jobs: JobStore, database: Database, order: NewJob
) -> None:
    job = await sent(jobs, order)

    await jobs.drop(job.id, person_id=OWNER)

    assert await entries(database) == [(UNCLEAR, 10)]


@pytest.mark.parametrize("end", [fail, expire, drop])
@pytest.mark.parametrize(("result", "counted"), [(RESULT, 4), (UNTOLD, 10)])
async def test_a_result_that_is_found_later_is_counted(
    jobs: JobStore, database: Database, end: End, result: MediaResult, counted: int
) -> None:
    job = await sent(jobs)
    await end(jobs, job)
    again = await looked_at_again(jobs, job)

    await jobs.complete(again, generation_id="gen_1", result=result)

    assert await entries(database) == [(SPENT, counted)]


@pytest.mark.parametrize("first", [fail, expire, drop])
@pytest.mark.parametrize(("last", "entry"), [(fail, (FREE, 0)), (expire, (UNCLEAR, 10))])
async def test_what_is_learned_last_counts(
    jobs: JobStore,
    database: Database,
    first: End,
    last: End,
    entry: tuple[ExpenseOutcome, int],
) -> None:
    job = await sent(jobs)
    await first(jobs, job)

    await last(jobs, await looked_at_again(jobs, job))

    assert await entries(database) == [entry]


async def test_dropping_a_job_that_seemed_free_costs_nothing(
    jobs: JobStore, database: Database
) -> None:
    job = await sent(jobs)
    await fail(jobs, job)
    await looked_at_again(jobs, job)

    await drop(jobs, job)

    assert await entries(database) == [(FREE, 0)]


@pytest.mark.parametrize("end", [fail, expire])
async def test_a_result_that_is_paid_for_stays_paid_for(
    jobs: JobStore, database: Database, end: End
) -> None:
    ready = await complete(jobs, await sent(jobs))
    assert ready is not None

    await end(jobs, ready)

    assert await entries(database) == [(SPENT, 4)]


async def test_the_day_of_the_request_counts_whenever_it_ends(
    jobs: JobStore, ledger: LedgerStore
) -> None:
    job = await sent(jobs)

    await complete(jobs, job)

    days = [await used(ledger, day=TODAY + timedelta(days=more)) for more in (-1, 0, 1)]
    assert days == [0, 4, 0]


@pytest.mark.parametrize("end", [complete, fail, expire])
async def test_a_lost_lease_settles_nothing(jobs: JobStore, database: Database, end: End) -> None:
    job = await sent(jobs)

    ended = await end(jobs, replace(job, lease="lost"))

    assert ended is None
    assert await entries(database) == [(OPEN, 10)]


async def test_a_stranger_who_presses_settles_nothing(jobs: JobStore, database: Database) -> None:
    job = await sent(jobs)

    dropped = await jobs.drop(job.id, person_id=ANN + 1)

    assert dropped is None
    assert await entries(database) == [(OPEN, 10)]


async def test_a_result_of_another_job_settles_nothing(jobs: JobStore, database: Database) -> None:
    first = await sent(jobs)
    second = await sent(jobs, replace(ORDER, again_of=first.id))
    await complete(jobs, first)

    taken = await complete(jobs, second)

    assert taken is None
    assert await entries(database) == [(SPENT, 4), (OPEN, 10)]


async def test_an_order_that_was_taken_back_is_as_before_it_was_sent(
    jobs: JobStore, database: Database
) -> None:
    created = await job_in(jobs, JobState.CREATED)
    unknown = await jobs.begin(created, a_charge(10, kind=ExpenseKind.IMAGE))
    assert unknown is not None

    taken_back = await jobs.take_back(unknown)

    assert taken_back == created
    assert await jobs.get(created.id) == created
    assert await entries(database) == []


async def test_an_order_that_was_taken_back_can_be_sent_again(
    jobs: JobStore, database: Database
) -> None:
    taken_back = await jobs.take_back(await sent(jobs))
    assert taken_back is not None

    sent_again = await jobs.begin(taken_back, a_charge(10, {ANN: 10}, kind=ExpenseKind.IMAGE))

    assert sent_again is not None
    assert await entries(database) == [(OPEN, 10)]


async def test_an_order_that_was_taken_back_is_due_at_once(jobs: JobStore, clock: Clock) -> None:
    unknown = await sent(jobs)
    clock.moment = LATER

    taken_back = await jobs.take_back(unknown)

    assert taken_back == replace(unknown, state=JobState.CREATED, waiting_since=None, due_at=LATER)


async def test_how_often_an_order_was_taken_back_can_be_noted(jobs: JobStore) -> None:
    taken_back = await jobs.take_back(await sent(jobs), failures=3)

    assert taken_back is not None
    assert taken_back.failures == 3


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.UNKNOWN])
async def test_only_an_order_that_nobody_answered_is_taken_back(
    jobs: JobStore, state: JobState
) -> None:
    job = await job_in(jobs, state)

    taken_back = await jobs.take_back(job)

    assert taken_back is None
    assert await jobs.get(job.id) == job


async def test_what_a_dropped_order_may_cost_is_not_taken_back(
    jobs: JobStore, database: Database
) -> None:
    job = await sent(jobs)
    await drop(jobs, job)

    await jobs.take_back(await looked_at_again(jobs, job))

    assert await entries(database) == [(UNCLEAR, 10)]
