import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Table, select

from bot.model import (
    OPEN,
    RUNNING,
    AccessRule,
    ConversationKey,
    Erasable,
    ExpenseOutcome,
    JobState,
    MediaJob,
    Preference,
    Preferences,
    Question,
    Standing,
    Turn,
    TurnState,
    Usage,
)
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore
from bot.storage.preferences import PreferenceStore
from bot.storage.tables import erasures as wishes
from bot.storage.tables import expenses, media_jobs, metadata, turn_messages, turns
from tests.storage.charges import ANN, BOB, GROUP, TODAY, YESTERDAY, a_charge, used
from tests.storage.orders import CHARGE, ORDER, RESULT, Clock, held, job_in
from tests.storage.questions import FIRST_MOMENT, added

TOMORROW = TODAY + timedelta(days=1)
PRIVATE, IN_GROUP = ConversationKey(chat_id=ANN), ConversationKey(chat_id=GROUP)
SECRET = "what nobody else shall read"
ENDED_JOBS = [state for state in JobState if state not in OPEN]


def question(
    key: ConversationKey = PRIVATE, person_id: int | None = ANN, message_id: int | None = None
) -> Question:
    return Question(
        key=key,
        message_id=message_id,
        person_id=person_id,
        language="ru",
        asked_at=FIRST_MOMENT,
        prompt=SECRET,
    )


@pytest.fixture
def history(database: Database, clock: Clock) -> HistoryStore:
    return HistoryStore(database, now=clock)


async def answered(
    history: HistoryStore, new: Question, state: TurnState = TurnState.ANSWERED
) -> Turn:
    turn = await added(history, new)
    await history.show(turn.id, part=0, message_id=20)
    await history.finish(turn.id, state, answer=SECRET)
    await history.deliver(turn.id)
    return turn


async def settled(jobs: JobStore, state: JobState, new: Question) -> MediaJob:
    """Bring an order to its end, and let nothing be left to do for it."""
    job = await job_in(jobs, state, replace(ORDER, question=new, params={"style": SECRET}))
    if job.due_at is not None:
        await jobs.settle(job)
    return job


async def count(database: Database, table: Table) -> int:
    async with database.engine.connect() as connection:
        return len((await connection.execute(select(table))).all())


async def everything(database: Database) -> str:
    """Write out all that is stored."""
    async with database.engine.connect() as connection:
        rows = [
            (await connection.execute(select(table))).all() for table in metadata.tables.values()
        ]
    return repr(rows)


@pytest.mark.parametrize(
    "state", [state for state in TurnState if state not in {"waiting", "asking"}]
)
async def test_ended_questions_go_from_all_chats_with_their_messages(
    history: HistoryStore, erasures: ErasureStore, database: Database, state: TurnState
) -> None:
    for key in (PRIVATE, IN_GROUP, ConversationKey(chat_id=GROUP, thread_id=7)):
        await answered(history, question(key), state)
    await answered(history, question(person_id=None))

    await erasures.erase(ANN, before_day=TODAY)

    assert (await count(database, turns), await count(database, turn_messages)) == (0, 0)


async def test_what_others_asked_stays(history: HistoryStore, erasures: ErasureStore) -> None:
    bobs = [
        await answered(history, question(IN_GROUP, BOB)),
        await answered(history, question(ConversationKey(chat_id=BOB), BOB)),
        await answered(history, question(IN_GROUP, None)),
    ]

    await erasures.erase(ANN, before_day=TODAY)

    found = [await history.get(turn.id) for turn in bobs]
    assert [turn.answer for turn in found if turn is not None] == [SECRET] * 3


@pytest.mark.parametrize("state", ENDED_JOBS)
async def test_of_an_ended_order_only_what_names_nobody_is_left(
    jobs: JobStore, erasures: ErasureStore, database: Database, state: JobState
) -> None:
    before = await settled(jobs, state, question(IN_GROUP, message_id=1))

    await erasures.erase(ANN, before_day=TODAY)

    async with database.engine.connect() as connection:
        row = (await connection.execute(select(media_jobs))).mappings().one()
    known = {name: value for name, value in row.items() if value is not None}
    assert known["generation_id" if before.generation_id else "id"]
    assert (row["chat_id"], row["person_id"], row["prompt"], row["language"]) == (0, 0, "", "")
    assert row["params"] == {}
    assert not known.keys() & {
        "thread_id",
        "message_id",
        "status_message_id",
        "result_message_id",
        "result_url",
        "failure_key",
        "failure_arguments",
    }


@pytest.mark.parametrize("state", ENDED_JOBS)
async def test_nobody_works_on_an_erased_order_nor_has_its_buttons(
    jobs: JobStore, erasures: ErasureStore, clock: Clock, state: JobState
) -> None:
    job = await settled(jobs, state, question(message_id=1))
    await erasures.erase(ANN, before_day=TODAY)
    clock.tick(timedelta(days=1))

    pressed = [
        await press
        for person_id in (ANN, BOB, None)
        for press in (
            jobs.look_again(job.id, person_id=person_id),
            jobs.take_file(job.id, person_id=person_id),
            jobs.drop(job.id, person_id=person_id),
            jobs.decline(job.id, person_id=person_id),
            jobs.agree(job.id, person_id=person_id, offered_after=FIRST_MOMENT),
        )
    ]

    assert pressed == [None] * 15
    assert await jobs.claim_due(states=list(JobState), limit=10, lease=timedelta(1)) == []
    assert (await jobs.running(), await jobs.count_waiting(ANN)) == ([], 0)
    assert await jobs.recent(PRIVATE, limit=10) == []
    assert await jobs.revive(ANN) == 0


async def test_the_generations_of_erased_orders_are_still_told_apart(
    jobs: JobStore, erasures: ErasureStore
) -> None:
    for message_id in (1, 2):
        await settled(jobs, JobState.DELIVERED, question(message_id=message_id))
    before = await jobs.generation_ids(FIRST_MOMENT)

    await erasures.erase(ANN, before_day=TODAY)

    assert await jobs.generation_ids(FIRST_MOMENT) == before
    assert len(before) == 2


async def test_all_that_there_is_of_a_person_is_counted(
    history: HistoryStore, jobs: JobStore, erasures: ErasureStore
) -> None:
    await answered(history, question())
    await history.forget(PRIVATE)
    await answered(history, question(IN_GROUP))
    await added(history, question())
    await answered(history, question(IN_GROUP, BOB))
    await settled(jobs, JobState.REFUSED, question(IN_GROUP))
    await job_in(jobs, JobState.PENDING, replace(ORDER, question=question()))

    before = [await erasures.count(ANN), await erasures.count(BOB)]
    await erasures.erase(ANN, before_day=TODAY)

    assert before == [Erasable(turns=2, jobs=2), Erasable(turns=1, jobs=0)]
    assert await erasures.count(ANN) == Erasable(turns=0, jobs=1)


async def test_what_is_under_way_is_erased_when_it_is_over(
    history: HistoryStore, jobs: JobStore, erasures: ErasureStore, database: Database
) -> None:
    asking = await added(history, question(IN_GROUP))
    await history.begin(asking.id, a_charge())
    job = await job_in(jobs, JobState.UNKNOWN, replace(ORDER, question=question()))
    await erasures.erase(ANN, before_day=TODAY)
    await erasures.finish(before_day=TODAY)
    left = await erasures.count(ANN)

    await history.finish(asking.id, TurnState.ANSWERED, answer=SECRET)
    ready = await jobs.complete(job, generation_id="gen", result=RESULT)
    await erasures.finish(before_day=TODAY)
    undelivered = await erasures.count(ANN)
    await history.deliver(asking.id)
    assert ready is not None
    delivered = await jobs.deliver(ready, message_id=30)
    assert delivered is not None
    await jobs.settle(delivered)
    await erasures.finish(before_day=TODAY)

    assert (left, undelivered) == (Erasable(turns=1, jobs=1), Erasable(turns=1, jobs=1))
    assert await erasures.count(ANN) == Erasable(turns=0, jobs=0)
    assert SECRET not in await everything(database)


@pytest.mark.parametrize("state", sorted(RUNNING - {JobState.CREATED}))
async def test_an_order_under_way_is_still_delivered(
    jobs: JobStore, erasures: ErasureStore, state: JobState
) -> None:
    job = await job_in(jobs, state, replace(ORDER, question=question()))

    await erasures.erase(ANN, before_day=TODAY)
    await erasures.finish(before_day=TOMORROW)

    assert await jobs.get(job.id) == job


@pytest.mark.parametrize("state", [JobState.OFFERED, JobState.CREATED])
async def test_an_order_that_was_not_sent_yet_never_is(
    jobs: JobStore, erasures: ErasureStore, database: Database, state: JobState
) -> None:
    job = await job_in(jobs, state, replace(ORDER, question=question()))

    await erasures.erase(ANN, before_day=TODAY)
    sent = await jobs.begin(job, CHARGE)
    ended = await jobs.get(job.id)
    assert ended is not None
    await jobs.settle(await held(jobs, ended))
    await erasures.finish(before_day=TODAY)

    assert (sent, ended.state) == (None, JobState.DECLINED)
    assert SECRET not in await everything(database)


async def test_what_a_person_does_afterwards_stays(
    history: HistoryStore,
    jobs: JobStore,
    notices: NoticeStore,
    erasures: ErasureStore,
    clock: Clock,
) -> None:
    await erasures.erase(ANN, before_day=TODAY)
    later = replace(question(), asked_at=clock.tick(timedelta(seconds=1)))
    turn = await answered(history, later)
    job = await settled(jobs, JobState.DELIVERED, later)
    await notices.take("hint", str(ANN))

    await erasures.finish(before_day=TOMORROW)

    kept_turn, kept_job = await history.get(turn.id), await jobs.get(job.id)
    assert kept_turn is not None
    assert kept_job is not None
    assert (kept_turn.answer, kept_job.question) == (SECRET, later)
    assert not await notices.take("hint", str(ANN))


async def test_a_wish_ends_on_a_later_day(erasures: ErasureStore, database: Database) -> None:
    await erasures.erase(ANN, before_day=TODAY)

    await erasures.finish(before_day=TODAY)
    same_day = await count(database, wishes)
    await erasures.finish(before_day=TOMORROW)

    assert (same_day, await count(database, wishes)) == (1, 0)


async def test_a_wish_does_not_end_before_a_question_does(
    history: HistoryStore, erasures: ErasureStore, database: Database
) -> None:
    turn = await added(history, question())
    await history.begin(turn.id, a_charge())
    await erasures.erase(ANN, before_day=TODAY)

    await erasures.finish(before_day=TOMORROW)
    meanwhile = await count(database, wishes)
    await history.finish(turn.id, TurnState.STOPPED)
    await history.deliver(turn.id)
    await erasures.finish(before_day=TOMORROW)

    assert (meanwhile, await count(database, wishes)) == (1, 0)


async def test_a_wish_does_not_end_before_an_order_does(
    jobs: JobStore, erasures: ErasureStore, database: Database
) -> None:
    job = await job_in(jobs, JobState.REFUSED, replace(ORDER, question=question()))
    await erasures.erase(ANN, before_day=TODAY)

    await erasures.finish(before_day=TOMORROW)
    meanwhile = await count(database, wishes)
    await jobs.settle(job)
    await erasures.finish(before_day=TOMORROW)

    assert (meanwhile, await count(database, wishes)) == (1, 0)


async def test_a_wish_made_anew_is_carried_out_anew(
    history: HistoryStore, erasures: ErasureStore, database: Database, clock: Clock
) -> None:
    await erasures.erase(ANN, before_day=YESTERDAY)
    asked_at = clock.tick(timedelta(hours=1))
    turn = await added(history, replace(question(), asked_at=asked_at))
    await erasures.erase(ANN, before_day=TODAY)
    await history.finish(turn.id, TurnState.DROPPED)

    await erasures.finish(before_day=TODAY)

    assert (await count(database, turns), await count(database, wishes)) == (0, 1)


async def test_several_programs_finish_at_once(
    databases: tuple[Database, Database], clock: Clock
) -> None:
    stores = [ErasureStore(database, now=clock) for database in databases]
    history = HistoryStore(databases[0], now=clock)
    for person_id in range(1, 6):
        for _ in range(10):
            await added(history, question(IN_GROUP, person_id))
        await stores[0].erase(person_id, before_day=YESTERDAY)
    for turn_id in range(1, 51):
        await history.finish(turn_id, TurnState.DROPPED)

    async with asyncio.TaskGroup() as group:
        for number in range(10):
            group.create_task(stores[number % 2].finish(before_day=TODAY))

    assert [await count(databases[0], table) for table in (turns, wishes)] == [0, 0]


async def test_what_was_spent_today_counts_until_the_day_ends(
    history: HistoryStore, erasures: ErasureStore, ledger: LedgerStore, database: Database
) -> None:
    for day in (YESTERDAY, TODAY):
        for key in (PRIVATE, IN_GROUP):
            turn = await added(history, question(key))
            await history.begin(turn.id, a_charge(10, day=day))
            await history.finish(turn.id, TurnState.ANSWERED, outcome=ExpenseOutcome.SPENT)
            await history.deliver(turn.id)

    await erasures.erase(ANN, before_day=TODAY)
    at_once = [await used(ledger, ANN, day=day) for day in (YESTERDAY, TODAY)]
    await erasures.finish(before_day=TODAY)
    same_day = await used(ledger, ANN)
    await erasures.finish(before_day=TOMORROW)

    assert (at_once, same_day, await used(ledger, ANN)) == ([0, 20], 20, 0)
    assert [await used(ledger, day=day) for day in (YESTERDAY, TODAY)] == [20, 20]
    assert [await used(ledger, GROUP, day=day) for day in (YESTERDAY, TODAY)] == [10, 10]
    assert str(ANN) not in await everything(database)


async def test_what_was_spent_after_the_wish_stays_its_persons(
    history: HistoryStore, erasures: ErasureStore, ledger: LedgerStore, clock: Clock
) -> None:
    await erasures.erase(ANN, before_day=TODAY)
    clock.tick(timedelta(seconds=1))
    turn = await added(history, replace(question(), asked_at=clock()))
    await history.begin(turn.id, a_charge(10))

    await erasures.finish(before_day=TOMORROW)

    assert await used(ledger, ANN) == 10


@pytest.mark.parametrize("day", [TODAY, TOMORROW])
async def test_what_is_sent_only_after_the_wish_is_nobodys_in_the_end(
    history: HistoryStore,
    jobs: JobStore,
    erasures: ErasureStore,
    database: Database,
    clock: Clock,
    *,
    day: date,
) -> None:
    turn = await added(history, question(IN_GROUP))
    await history.begin(turn.id, a_charge())
    sent = await job_in(jobs, JobState.UNKNOWN, replace(ORDER, question=question()))
    await erasures.erase(ANN, before_day=TODAY)
    await history.put_back(turn.id)
    created = await jobs.take_back(sent)
    assert created is not None
    clock.tick(timedelta(seconds=1))

    await history.begin(turn.id, a_charge(day=day))
    await history.finish(turn.id, TurnState.ANSWERED, outcome=ExpenseOutcome.SPENT)
    await history.deliver(turn.id)
    ordered = await jobs.begin(created, replace(CHARGE, day=day))
    assert ordered is not None
    failed = await jobs.end(ordered, JobState.FAILED)
    assert failed is not None
    await jobs.settle(failed)
    for present in (day, day + timedelta(days=1)):
        await erasures.finish(before_day=present)

    assert await count(database, expenses) == 2
    assert str(ANN) not in await everything(database)


async def test_what_a_running_order_costs_is_noted_though_its_person_is_forgotten(
    jobs: JobStore, erasures: ErasureStore, database: Database
) -> None:
    job = await job_in(jobs, JobState.UNKNOWN, replace(ORDER, question=question()))
    await erasures.erase(ANN, before_day=TOMORROW)

    await jobs.complete(job, generation_id="gen", result=replace(RESULT, tokens_spent=3))

    async with database.engine.connect() as connection:
        row = (await connection.execute(select(expenses))).mappings().one()
    assert (row["person_id"], row["chat_id"]) == (None, 0)
    assert (row["outcome"], row["tokens"]) == (ExpenseOutcome.SPENT, 3)


async def test_a_forgotten_chat_is_not_counted_among_those_that_used_the_bot(
    history: HistoryStore, erasures: ErasureStore, ledger: LedgerStore
) -> None:
    for person_id in (ANN, BOB):
        turn = await added(history, question(ConversationKey(chat_id=person_id), person_id))
        await history.begin(turn.id, a_charge(10))

    await erasures.erase(ANN, before_day=TOMORROW)

    usage = await ledger.usage(since=TODAY, until=TODAY)
    assert replace(usage, days=()) == Usage(people=1, chats=1, days=())
    assert sum(day.requests for day in usage.days) == 2


async def test_the_choices_of_the_private_chat_go(
    preferences: PreferenceStore, erasures: ErasureStore
) -> None:
    for chat_id in (ANN, GROUP):
        await preferences.change(chat_id, {Preference.SYSTEM_PROMPT: SECRET})

    await erasures.erase(ANN, before_day=TODAY)

    assert await preferences.load(ANN) == Preferences()
    assert await preferences.load(GROUP) == Preferences(system_prompt=SECRET)


async def test_a_standing_stays_without_the_name(
    access: AccessStore, erasures: ErasureStore
) -> None:
    await access.decide(ANN, Standing.DENIED, name="Ann")
    await access.decide(BOB, Standing.ALLOWED, name="Bob")

    await erasures.erase(ANN, before_day=TODAY)

    assert await access.rules() == [
        AccessRule(id=ANN, standing=Standing.DENIED, name="", changed_at=FIRST_MOMENT),
        AccessRule(id=BOB, standing=Standing.ALLOWED, name="Bob", changed_at=FIRST_MOMENT),
    ]


async def test_what_a_person_was_told_is_known_until_the_day_ends(
    notices: NoticeStore, erasures: ErasureStore
) -> None:
    about = (str(ANN), f"{ANN}:7", str(BOB), f"{ANN}7", str(GROUP))
    for one in about:
        await notices.take("hint", one)
    await erasures.erase(ANN, before_day=TODAY)
    await erasures.finish(before_day=TODAY)
    same_day = [await notices.take("hint", one) for one in about]

    await erasures.finish(before_day=TOMORROW)

    next_day = [await notices.take("hint", one) for one in about]
    assert (same_day, next_day) == ([False] * 5, [True, True, False, False, False])


async def test_nothing_of_a_person_is_left_in_the_end(
    history: HistoryStore,
    jobs: JobStore,
    erasures: ErasureStore,
    database: Database,
    clock: Clock,
) -> None:
    turn = await added(history, question(IN_GROUP))
    await history.begin(turn.id, a_charge())
    await history.finish(turn.id, TurnState.ANSWERED, answer=SECRET)
    await history.deliver(turn.id)
    await settled(jobs, JobState.FAILED, question(message_id=1))
    await PreferenceStore(database).change(ANN, {Preference.SYSTEM_PROMPT: SECRET})
    await AccessStore(database).ask(BOB, name="Bob")
    await NoticeStore(database, now=clock).take("hint", str(ANN))
    before = await everything(database)

    await erasures.erase(ANN, before_day=TODAY)
    await erasures.finish(before_day=TOMORROW)

    after = await everything(database)
    assert (SECRET in before, str(ANN) in before) == (True, True)
    assert (SECRET in after, str(ANN) in after) == (False, False)
    assert "Bob" in after


async def test_what_nobody_asked_yet_is_taken_back_with_its_words(
    database: Database, history: HistoryStore, erasures: ErasureStore
) -> None:
    turn = await added(history, question())

    await erasures.erase(ANN, before_day=TODAY)

    left = await history.get(turn.id)
    assert left is not None
    assert (left.state, left.question.prompt) == (TurnState.FORGOTTEN, "")
    assert SECRET not in await everything(database)
    assert await history.newest(left.question.key, person_id=ANN) is None
