from dataclasses import replace

import pytest

from bot.model import EVERYBODY, ExpenseKind, ExpenseOutcome, JobState, TurnState
from bot.storage.engine import Database
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.storage.ledger import LedgerStore
from tests.storage.charges import (
    ANN,
    BOB,
    GROUP,
    OTHER_GROUP,
    TODAY,
    YESTERDAY,
    a_charge,
    a_question,
    begun,
    entries,
    used,
)
from tests.storage.orders import ORDER, held, job_in
from tests.storage.questions import QUESTION, added

OPEN = ExpenseOutcome.OPEN


@pytest.mark.parametrize(
    ("limits", "overrides", "before", "tokens"),
    [
        ({}, {}, 10**9, 10**9),
        ({ANN: 0, GROUP: 0, EVERYBODY: 0}, {}, 10**9, 10**9),
        ({}, {ANN: 1, GROUP: 1, EVERYBODY: 1}, 10, 10),
        ({ANN: 100}, {}, 90, 10),
        ({GROUP: 100}, {}, 90, 10),
        ({EVERYBODY: 100}, {}, 90, 10),
        ({ANN: 100, GROUP: 100, EVERYBODY: 100}, {}, 90, 10),
        ({ANN: 100}, {}, 100, 0),
        ({ANN: 100}, {}, 0, 100),
        ({ANN: 100}, {ANN: 200}, 190, 10),
        ({ANN: 100}, {ANN: 0}, 10**9, 10**9),
        ({GROUP: 1}, {GROUP: 0}, 10, 10),
        ({EVERYBODY: 1}, {EVERYBODY: 0}, 10, 10),
        ({ANN: 100}, {BOB: 1, OTHER_GROUP: 1}, 90, 10),
    ],
)
async def test_what_fits_is_reserved(
    history: HistoryStore,
    ledger: LedgerStore,
    *,
    limits: dict[int, int],
    overrides: dict[int, int],
    before: int,
    tokens: int,
) -> None:
    for subject_id, limit in overrides.items():
        await ledger.set_limit(subject_id, limit)
    await begun(history, a_charge(before))

    await begun(history, a_charge(tokens, limits))

    assert await used(ledger) == before + tokens


@pytest.mark.parametrize(
    ("limits", "overrides", "before", "tokens"),
    [
        ({ANN: 100}, {}, 91, 10),
        ({GROUP: 100}, {}, 91, 10),
        ({EVERYBODY: 100}, {}, 91, 10),
        ({ANN: 100}, {}, 0, 101),
        ({ANN: 100}, {}, 101, 0),
        ({ANN: 99, GROUP: 1000, EVERYBODY: 1000}, {}, 90, 10),
        ({ANN: 1000, GROUP: 99, EVERYBODY: 1000}, {}, 90, 10),
        ({ANN: 1000, GROUP: 1000, EVERYBODY: 99}, {}, 90, 10),
        ({ANN: 0, GROUP: 0, EVERYBODY: 99}, {}, 90, 10),
        ({ANN: 200}, {ANN: 99}, 90, 10),
        ({ANN: 0}, {ANN: 99}, 90, 10),
        ({GROUP: 0}, {GROUP: 99}, 90, 10),
        ({EVERYBODY: 0}, {EVERYBODY: 99}, 90, 10),
        ({ANN: 99}, {GROUP: 0, EVERYBODY: 0, BOB: 0}, 90, 10),
    ],
)
async def test_what_does_not_fit_is_refused(
    history: HistoryStore,
    ledger: LedgerStore,
    *,
    limits: dict[int, int],
    overrides: dict[int, int],
    before: int,
    tokens: int,
) -> None:
    for subject_id, limit in overrides.items():
        await ledger.set_limit(subject_id, limit)
    await begun(history, a_charge(before))
    turn = await added(history, a_question())

    with pytest.raises(LimitExceeded):
        await history.begin(turn.id, a_charge(tokens, limits))

    assert await used(ledger) == before


@pytest.mark.parametrize(
    ("person_id", "chat_id", "counts_for"),
    [
        (ANN, GROUP, {ANN, GROUP, EVERYBODY}),
        (ANN, ANN, {ANN, EVERYBODY}),
        (ANN, OTHER_GROUP, {ANN, EVERYBODY}),
        (BOB, GROUP, {GROUP, EVERYBODY}),
        (GROUP, GROUP, {GROUP, EVERYBODY}),
        (GROUP, OTHER_GROUP, {EVERYBODY}),
        (None, GROUP, {GROUP, EVERYBODY}),
        (None, ANN, {EVERYBODY}),
        (BOB, BOB, {EVERYBODY}),
    ],
)
@pytest.mark.parametrize("subject_id", [ANN, GROUP, EVERYBODY])
async def test_an_expense_counts_for_its_person_its_group_and_everybody(
    history: HistoryStore,
    ledger: LedgerStore,
    *,
    person_id: int | None,
    chat_id: int,
    counts_for: set[int],
    subject_id: int,
) -> None:
    await begun(history, a_charge(10), a_question(person_id, chat_id))

    counted = await used(ledger, subject_id)

    assert counted == (10 if subject_id in counts_for else 0)


@pytest.mark.parametrize("subject_id", [ANN, GROUP, EVERYBODY])
async def test_each_day_has_its_own_tokens(
    history: HistoryStore, ledger: LedgerStore, subject_id: int
) -> None:
    await begun(history, a_charge(100, {subject_id: 100}, day=YESTERDAY))

    await begun(history, a_charge(100, {subject_id: 100}, day=TODAY))

    days = [await used(ledger, subject_id, day=day) for day in (YESTERDAY, TODAY)]
    assert days == [100, 100]


async def test_answers_pictures_and_videos_share_a_limit(
    history: HistoryStore, jobs: JobStore
) -> None:
    await begun(history, a_charge(60))
    job = await job_in(jobs, JobState.CREATED)

    with pytest.raises(LimitExceeded):
        await jobs.begin(job, a_charge(41, {ANN: 100}, kind=ExpenseKind.IMAGE))

    assert await jobs.begin(job, a_charge(40, {ANN: 100}, kind=ExpenseKind.IMAGE))


async def test_a_refused_turn_still_waits(history: HistoryStore, database: Database) -> None:
    turn = await added(history)

    with pytest.raises(LimitExceeded):
        await history.begin(turn.id, a_charge(11, {ANN: 10}))

    assert await history.get(turn.id) == turn
    assert await entries(database) == []
    assert await history.begin(turn.id, a_charge(10, {ANN: 10}))


async def test_a_refused_job_is_as_it_was(jobs: JobStore, database: Database) -> None:
    job = await job_in(jobs, JobState.CREATED)

    with pytest.raises(LimitExceeded):
        await jobs.begin(job, a_charge(11, {ANN: 10}, kind=ExpenseKind.IMAGE))

    assert await jobs.get(job.id) == job
    assert await entries(database) == []
    assert await jobs.begin(job, a_charge(10, {ANN: 10}, kind=ExpenseKind.IMAGE))


async def test_a_turn_that_does_not_begin_reserves_nothing(
    history: HistoryStore, database: Database
) -> None:
    turn = await begun(history)

    begun_again = await history.begin(turn.id, a_charge())

    assert not begun_again
    assert await entries(database) == [(OPEN, 10)]


async def test_a_job_that_does_not_begin_reserves_nothing(
    jobs: JobStore, database: Database
) -> None:
    job = await job_in(jobs, JobState.CREATED)

    begun_by_another = await jobs.begin(replace(job, lease="lost"), a_charge())

    assert begun_by_another is None
    assert await entries(database) == []


async def test_a_turn_reserves_anew_in_the_place_of_what_it_had_reserved(
    history: HistoryStore, database: Database
) -> None:
    turn = await begun(history, a_charge(10, {ANN: 10}))
    await history.finish(turn.id, TurnState.FAILED)
    await history.reopen(turn.id, person_id=ANN)

    await history.begin(turn.id, a_charge(9, {ANN: 10}))

    assert await entries(database) == [(OPEN, 9)]


async def test_a_turn_and_a_job_of_the_same_number_reserve_both(
    history: HistoryStore, jobs: JobStore, database: Database
) -> None:
    turn = await added(history, QUESTION)
    job = await held(jobs, await job_in(jobs, JobState.CREATED, ORDER))

    await history.begin(turn.id, a_charge(1))
    await jobs.begin(job, a_charge(2, kind=ExpenseKind.IMAGE))

    assert turn.id == job.id
    assert await entries(database) == [(OPEN, 1), (OPEN, 2)]


async def test_a_refusal_takes_nothing_back_that_was_reserved(
    history: HistoryStore, database: Database
) -> None:
    turn = await begun(history, a_charge(10))
    await history.finish(turn.id, TurnState.FAILED)
    await history.reopen(turn.id, person_id=ANN)

    with pytest.raises(LimitExceeded):
        await history.begin(turn.id, a_charge(11, {ANN: 10}))

    assert await entries(database) == [(OPEN, 10)]
