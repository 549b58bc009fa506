import asyncio
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Coroutine
from dataclasses import replace

import pytest

from bot.model import EVERYBODY, ExpenseKind, ExpenseOutcome, JobState
from bot.storage.engine import Database
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.storage.ledger import LedgerStore
from tests.storage.charges import ANN, BOB, GROUP, a_charge, a_question, entries, used
from tests.storage.orders import ORDER, job_in
from tests.storage.questions import QUESTION, added

SPENDER = """
import asyncio, sys
from datetime import UTC, date, datetime

from bot.model import Charge, ConversationKey, ExpenseKind, Question
from bot.storage.engine import Database
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore

LIMIT = int(sys.argv[2])
CHARGE = Charge(
    kind=ExpenseKind.ANSWER, model="gpt-5", tokens=10, day=date(2026, 11, 21), limits={0: LIMIT}
)
QUESTION = Question(
    key=ConversationKey(chat_id=1),
    message_id=None,
    person_id=1,
    language="en",
    asked_at=datetime.now(UTC),
    prompt="Hello",
)


async def main() -> None:
    async with Database(sys.argv[1]) as database:
        history = HistoryStore(database)
        print(flush=True)
        sys.stdin.readline()
        try:
            while True:
                turn = await history.add(QUESTION)
                await history.begin(turn.id, CHARGE)
                print(turn.id, flush=True)
        except LimitExceeded:
            pass


asyncio.run(main())
"""


async def fits(begin: Coroutine[object, object, object]) -> bool:
    try:
        assert await begin
    except LimitExceeded:
        return False
    return True


async def spender(url: str, limit: int) -> asyncio.subprocess.Process:
    """Start a program that asks until the limit is reached, from the moment it is told to."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SPENDER, url, str(limit), stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    return process


@pytest.mark.parametrize("subject_id", [ANN, GROUP, EVERYBODY])
@pytest.mark.parametrize(("limit", "tokens", "fitting"), [(250, 10, 25), (99, 10, 9), (5, 10, 0)])
async def test_exactly_as_many_begin_at_once_as_fit(
    databases: tuple[Database, Database],
    ledger: LedgerStore,
    *,
    subject_id: int,
    limit: int,
    tokens: int,
    fitting: int,
) -> None:
    stores = [HistoryStore(database) for database in databases]
    ids = [(await added(stores[0], a_question())).id for _ in range(40)]
    charge = a_charge(tokens, {subject_id: limit})

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(fits(stores[number % 2].begin(turn_id, charge)))
            for number, turn_id in enumerate(ids)
        ]

    assert sum(task.result() for task in tasks) == fitting
    assert await used(ledger, subject_id) == fitting * tokens


async def test_everybody_shares_what_is_left_to_all(
    databases: tuple[Database, Database], ledger: LedgerStore
) -> None:
    stores = [HistoryStore(database) for database in databases]
    turns = [
        await added(stores[0], a_question(person_id, person_id))
        for person_id in (ANN, BOB)
        for _ in range(20)
    ]

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                fits(
                    stores[number % 2].begin(
                        turn.id, a_charge(10, {turn.question.person_id or 0: 150, EVERYBODY: 250})
                    )
                )
            )
            for number, turn in enumerate(turns)
        ]

    assert sum(task.result() for task in tasks) == 25
    assert await used(ledger, ANN) <= 150
    assert await used(ledger, BOB) <= 150


async def test_answers_and_pictures_at_once_stay_within_the_limit(
    databases: tuple[Database, Database], ledger: LedgerStore
) -> None:
    history, jobs = HistoryStore(databases[0]), JobStore(databases[1])
    turns = [await added(history, a_question()) for _ in range(15)]
    created = [
        await job_in(
            jobs, JobState.CREATED, replace(ORDER, question=replace(QUESTION, message_id=number))
        )
        for number in range(15)
    ]
    answer = a_charge(10, {ANN: 95})
    picture = a_charge(10, {ANN: 95}, kind=ExpenseKind.IMAGE)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(fits(begin))
            for turn, job in zip(turns, created, strict=True)
            for begin in (history.begin(turn.id, answer), jobs.begin(job, picture))
        ]

    assert sum(task.result() for task in tasks) == 9
    assert await used(ledger, ANN) == 90


async def test_a_turn_begun_many_times_at_once_reserves_once(
    databases: tuple[Database, Database],
) -> None:
    stores = [HistoryStore(database) for database in databases]
    turn = await added(stores[0])

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(stores[number % 2].begin(turn.id, a_charge(10, {ANN: 10})))
            for number in range(20)
        ]

    assert sum(task.result() for task in tasks) == 1
    assert await entries(databases[0]) == [(ExpenseOutcome.OPEN, 10)]


async def test_a_turn_whose_beginning_is_cancelled_has_begun_with_its_expense_or_not_at_all(
    database: Database,
) -> None:
    history = HistoryStore(database)
    turns = [await added(history, a_question()) for _ in range(30)]

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(history.begin(turn.id, a_charge(10))) for turn in turns]
        for number, task in enumerate(tasks):
            if number % 2:
                await asyncio.sleep(0)
                task.cancel()

    found = [await history.get(turn.id) for turn in turns]
    asking = [turn for turn in found if turn and turn.state == "asking"]
    assert len(asking) >= 15
    assert await entries(database) == [(ExpenseOutcome.OPEN, 10)] * len(asking)


async def test_programs_at_once_stay_within_the_limit(url: str, ledger: LedgerStore) -> None:
    programs = [await spender(url, 600) for _ in range(3)]

    outputs = await asyncio.gather(*(program.communicate(b"go\n") for program in programs))

    begun = [turn_id for output, _ in outputs for turn_id in output.split()]
    assert [program.returncode for program in programs] == [0, 0, 0]
    assert len(set(begun)) == 60
    assert await used(ledger) == 600


async def test_a_killed_program_leaves_no_turn_begun_without_its_expense(
    url: str, database: Database
) -> None:
    program = await spender(url, 0)
    assert program.stdin is not None
    assert program.stdout is not None
    program.stdin.write(b"go\n")
    told = [int(await program.stdout.readline()) for _ in range(20)]

    program.send_signal(signal.SIGKILL)
    rest, _ = await program.communicate()

    told += [int(line) for line in rest.split()]
    history = HistoryStore(database)
    everything = [await history.get(turn_id) for turn_id in range(1, max(told) + 3)]
    asking = {turn.id for turn in everything if turn and turn.state == "asking"}
    assert asking >= set(told)
    assert await entries(database) == [(ExpenseOutcome.OPEN, 10)] * len(asking)
