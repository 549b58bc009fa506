from datetime import date, timedelta

import pytest

from bot.model import (
    EVERYBODY,
    DailyUse,
    ExpenseKind,
    ExpenseOutcome,
    JobState,
    Spending,
    SpentByKind,
    TurnState,
    Usage,
)
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
from tests.storage.orders import RESULT, job_in
from tests.storage.plans import plan_of, recorded
from tests.storage.questions import added

OPEN, SPENT, UNCLEAR, FREE = ExpenseOutcome
TOMORROW = TODAY + timedelta(days=1)


async def spent(
    history: HistoryStore,
    tokens: int,
    outcome: ExpenseOutcome = SPENT,
    *,
    person_id: int | None = ANN,
    chat_id: int = GROUP,
    model: str = "gpt-5",
    day: date = TODAY,
) -> None:
    question = a_question(person_id, chat_id)
    turn = await begun(history, a_charge(tokens, model=model, day=day), question)
    if outcome is not OPEN:
        await history.finish(turn.id, TurnState.FAILED, outcome=outcome)


async def test_spendings_are_told_in_the_order_they_are_asked_for(
    history: HistoryStore, ledger: LedgerStore
) -> None:
    await spent(history, 30)
    await spent(history, 5, person_id=BOB)
    await spent(history, 2, chat_id=ANN)

    told = await ledger.spendings({GROUP: 100, EVERYBODY: 0, BOB: 50, ANN: 7}, day=TODAY)

    assert told == [
        Spending(subject_id=GROUP, tokens=35, limit=100),
        Spending(subject_id=EVERYBODY, tokens=37, limit=None),
        Spending(subject_id=BOB, tokens=5, limit=50),
        Spending(subject_id=ANN, tokens=32, limit=7),
    ]


async def test_nothing_is_told_of_nobody(ledger: LedgerStore) -> None:
    assert await ledger.spendings({}, day=TODAY) == []


async def test_what_is_reserved_is_used_and_what_was_free_is_not(
    history: HistoryStore, ledger: LedgerStore
) -> None:
    for tokens, outcome in [(1, OPEN), (20, SPENT), (300, UNCLEAR), (4000, FREE)]:
        await spent(history, tokens, outcome)

    assert await used(ledger) == 321


@pytest.mark.parametrize(
    ("default", "override", "limit"),
    [
        (100, None, 100),
        (0, None, None),
        (100, 0, None),
        (100, 5, 5),
        (0, 5, 5),
    ],
)
async def test_a_limit_that_was_set_comes_before_that_of_the_settings(
    ledger: LedgerStore, default: int, override: int | None, limit: int | None
) -> None:
    await ledger.set_limit(ANN, override)

    (told,) = await ledger.spendings({ANN: default}, day=TODAY)

    assert told == Spending(subject_id=ANN, tokens=0, limit=limit)
    assert await ledger.limit_of(ANN) == override


async def test_a_limit_is_set_anew_and_taken_away(ledger: LedgerStore) -> None:
    seen = [await ledger.limit_of(ANN)]
    for tokens in (5, 0, 7, None, None):
        await ledger.set_limit(ANN, tokens)
        seen.append(await ledger.limit_of(ANN))

    assert seen == [None, 5, 0, 7, None, None]
    assert await ledger.limit_of(BOB) is None


async def test_a_limit_holds_from_the_next_request_on(
    history: HistoryStore, ledger: LedgerStore
) -> None:
    charge = a_charge(10, {ANN: 100})
    await begun(history, charge)
    await ledger.set_limit(ANN, 15)
    turn = await added(history, a_question())

    with pytest.raises(LimitExceeded):
        await history.begin(turn.id, charge)

    await ledger.set_limit(ANN, None)
    assert await history.begin(turn.id, charge)


async def test_what_may_have_been_charged_is_summed_up_by_kind(
    history: HistoryStore, jobs: JobStore, ledger: LedgerStore
) -> None:
    for tokens, outcome in [(1, OPEN), (20, SPENT), (300, UNCLEAR), (4000, FREE)]:
        await spent(history, tokens, outcome)
    job = await jobs.begin(
        await job_in(jobs, JobState.CREATED), a_charge(50, kind=ExpenseKind.IMAGE)
    )
    assert job is not None
    await jobs.complete(job, generation_id="gen_1", result=RESULT)

    told = await ledger.spent_by_kind(since=TODAY, until=TODAY)

    assert told == [
        SpentByKind(kind=ExpenseKind.ANSWER, tokens=321, requests=3),
        SpentByKind(kind=ExpenseKind.IMAGE, tokens=4, requests=1),
    ]


@pytest.mark.parametrize(
    ("person_id", "chat_id", "tokens"),
    [
        (None, None, 111_111),
        (ANN, None, 11),
        (BOB, None, 1_100),
        (None, GROUP, 110_101),
        (None, ANN, 10),
        (ANN, GROUP, 1),
        (BOB, ANN, 0),
    ],
)
async def test_spending_is_told_of_one_person_or_one_chat(
    history: HistoryStore,
    ledger: LedgerStore,
    person_id: int | None,
    chat_id: int | None,
    tokens: int,
) -> None:
    await spent(history, 1)
    await spent(history, 10, chat_id=ANN)
    await spent(history, 100, person_id=BOB)
    await spent(history, 1_000, person_id=BOB, chat_id=OTHER_GROUP)
    await spent(history, 10_000, person_id=None)
    await spent(history, 100_000, person_id=GROUP)

    told = await ledger.spent_by_kind(
        since=TODAY, until=TODAY, person_id=person_id, chat_id=chat_id
    )

    assert sum(kind.tokens for kind in told) == tokens


@pytest.mark.parametrize(
    ("since", "until", "tokens"),
    [
        (YESTERDAY, TOMORROW, 111),
        (YESTERDAY, YESTERDAY, 1),
        (YESTERDAY, TODAY, 11),
        (TODAY, TOMORROW, 110),
        (TOMORROW, YESTERDAY, 0),
    ],
)
async def test_both_ends_of_a_span_belong_to_it(
    history: HistoryStore, ledger: LedgerStore, since: date, until: date, tokens: int
) -> None:
    for count, day in [(1, YESTERDAY), (10, TODAY), (100, TOMORROW)]:
        await spent(history, count, day=day)

    by_kind = await ledger.spent_by_kind(since=since, until=until)
    usage = await ledger.usage(since=since, until=until)

    assert sum(kind.tokens for kind in by_kind) == tokens
    assert sum(day.tokens for day in usage.days) == tokens


async def test_usage_is_told_by_day_and_model(history: HistoryStore, ledger: LedgerStore) -> None:
    await spent(history, 5, model="grok-4")
    await spent(history, 1, OPEN)
    await spent(history, 20, SPENT, person_id=BOB)
    await spent(history, 300, UNCLEAR, chat_id=ANN)
    await spent(history, 4000, FREE)
    await spent(history, 7, day=YESTERDAY, model="grok-4")

    usage = await ledger.usage(since=YESTERDAY, until=TODAY)

    def use(day: date, model: str, tokens: int, requests: int, failures: int) -> DailyUse:
        return DailyUse(
            day=day,
            kind=ExpenseKind.ANSWER,
            model=model,
            tokens=tokens,
            requests=requests,
            failures=failures,
        )

    assert usage == Usage(
        people=2,
        chats=2,
        days=(
            use(YESTERDAY, "grok-4", 7, 1, 0),
            use(TODAY, "gpt-5", 321, 4, 2),
            use(TODAY, "grok-4", 5, 1, 0),
        ),
    )


async def test_hidden_authors_are_no_people_but_their_chats_count(
    history: HistoryStore, ledger: LedgerStore
) -> None:
    await spent(history, 1, person_id=None)
    await spent(history, 1, person_id=GROUP)
    await spent(history, 1, person_id=OTHER_GROUP, chat_id=OTHER_GROUP)

    usage = await ledger.usage(since=TODAY, until=TODAY)

    assert (usage.people, usage.chats) == (0, 2)


async def test_nothing_was_used_before_the_first_request(ledger: LedgerStore) -> None:
    assert await ledger.usage(since=YESTERDAY, until=TODAY) == Usage(people=0, chats=0, days=())
    assert await ledger.spent_by_kind(since=YESTERDAY, until=TODAY) == []


async def test_a_group_that_moves_keeps_its_limit_and_what_it_used(
    history: HistoryStore, ledger: LedgerStore, database: Database
) -> None:
    await spent(history, 30)
    await spent(history, 1, chat_id=ANN)
    await ledger.set_limit(GROUP, 100)

    for _ in range(2):
        await ledger.move(GROUP, OTHER_GROUP)

    assert [await used(ledger, one) for one in (GROUP, OTHER_GROUP, ANN)] == [0, 30, 31]
    assert await ledger.limit_of(GROUP) is None
    assert await ledger.limit_of(OTHER_GROUP) == 100
    assert await entries(database) == [(SPENT, 30), (SPENT, 1)]


async def test_a_limit_set_for_the_new_group_outlives_the_move(ledger: LedgerStore) -> None:
    await ledger.set_limit(GROUP, 100)
    await ledger.set_limit(OTHER_GROUP, 0)

    await ledger.move(GROUP, OTHER_GROUP)

    assert await ledger.limit_of(OTHER_GROUP) == 0
    assert await ledger.limit_of(GROUP) is None


@pytest.mark.parametrize(
    ("subject_id", "index"),
    [
        (ANN, "ix_expenses_person_id_day_tokens (person_id=? AND day=?)"),
        (GROUP, "ix_expenses_chat_id_day_tokens (chat_id=? AND day=?)"),
        (EVERYBODY, "ix_expenses_day_tokens (day=?)"),
    ],
)
async def test_sqlite_sums_up_a_day_from_an_index_alone(
    sqlite_database: Database, subject_id: int, index: str
) -> None:
    with recorded(sqlite_database, "FROM expenses") as statements:
        await LedgerStore(sqlite_database).spendings({subject_id: 10}, day=TODAY)

    ((statement, parameters),) = statements
    plan = await plan_of(sqlite_database, statement, parameters)
    assert f"USING COVERING INDEX {index}" in plan
