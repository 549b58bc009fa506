"""Whatever is asked, ordered and settled: the ledger holds it all, and reserves within limits."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    nullcontext,
)
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.model import (
    EVERYBODY,
    Charge,
    ExpenseKind,
    ExpenseOutcome,
    JobState,
    MediaJob,
    TurnState,
)
from bot.storage.engine import Database
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.storage.ledger import LedgerStore
from tests.postgresql import Cluster, Lend, reusing
from tests.storage.charges import ANN, GROUP, a_charge, a_question, entries, used
from tests.storage.orders import FAILURE, ORDER, OWNER, RESULT, Clock, held, ordered
from tests.storage.questions import QUESTION, added

T = TypeVar("T")

Lending = AbstractAsyncContextManager[Lend]

Begin = Callable[[Charge], Coroutine[object, object, object]]

OPEN, SPENT, UNCLEAR, FREE = ExpenseOutcome
ANSWER, IMAGE = ExpenseKind.ANSWER, ExpenseKind.IMAGE
LIMIT = 100
COURSES = settings(max_examples=30, stateful_step_count=25, deadline=None)

COSTS = st.integers(0, 60)
TOLD = st.none() | st.integers(0, 80)
ENDS = {JobState.REFUSED: FREE, JobState.FAILED: FREE, JobState.EXPIRED: UNCLEAR}


@dataclass(slots=True, kw_only=True)
class Entry:
    """What the ledger should hold of one request."""

    kind: ExpenseKind
    item_id: int
    reserved: int
    outcome: ExpenseOutcome
    tokens: int

    def settle(self, outcome: ExpenseOutcome, tokens: int | None = None) -> None:
        self.outcome = outcome
        self.tokens = self.reserved if tokens is None else tokens
        if outcome is FREE:
            self.tokens = 0


class Till(RuleBasedStateMachine):
    """One person who asks and orders, all that can happen to it, and what it should cost."""

    turns: Bundle[int] = Bundle("turns")
    orders: Bundle[int] = Bundle("orders")

    def __init__(self, runner: asyncio.Runner, lend: Lend) -> None:
        super().__init__()
        self.runner = runner
        self.lend = lend
        self.resources = AsyncExitStack()
        self.entries: list[Entry] = []
        self.asking: set[int] = set()
        self.ordered = 0

    @initialize()
    def start(self) -> None:
        self.database = self.run(self.resources.enter_async_context(self.lend()))
        self.history = HistoryStore(self.database, now=Clock())
        self.jobs = JobStore(self.database, now=Clock())
        self.ledger = LedgerStore(self.database)

    @rule(target=turns, tokens=COSTS)
    def ask(self, tokens: int) -> int:
        turn = self.run(added(self.history, a_question()))
        self.begin_turn(turn.id, tokens)
        return turn.id

    @rule(number=turns, tokens=COSTS)
    def ask_again(self, number: int, tokens: int) -> None:
        if self.run(self.history.reopen(number, person_id=ANN)):
            self.begin_turn(number, tokens)

    @rule(number=turns, outcome=st.none() | st.sampled_from([SPENT, UNCLEAR, FREE]), told=TOLD)
    def finish(self, number: int, outcome: ExpenseOutcome | None, told: int | None) -> None:
        has_ended = self.run(
            self.history.finish(number, TurnState.BROKEN, tokens_spent=told, outcome=outcome)
        )

        if has_ended:
            self.asking.discard(number)
        if has_ended and outcome:
            self.settle_open(ANSWER, number, outcome, told)

    @rule(number=turns, tokens=COSTS)
    def put_off(self, number: int, tokens: int) -> None:
        if self.run(self.history.put_back(number)):
            self.asking.discard(number)
            self.release(ANSWER, number)
            self.begin_turn(number, tokens)

    @precondition(lambda self: self.asking)
    @rule()
    def restart(self) -> None:
        self.run(self.history.take_over([GROUP]))

        for number in self.asking:
            self.settle_open(ANSWER, number, UNCLEAR)
        self.asking.clear()

    @rule(target=orders, tokens=COSTS)
    def order(self, tokens: int) -> int:
        self.ordered += 1
        question = replace(QUESTION, message_id=self.ordered)
        job = self.run(ordered(self.jobs, replace(ORDER, question=question)))
        self.begin_job(job.id, tokens)
        return job.id

    @rule(number=orders, tokens=COSTS)
    def order_later(self, number: int, tokens: int) -> None:
        self.begin_job(number, tokens)

    @rule(number=orders, told=TOLD)
    def complete(self, number: int, told: int | None) -> None:
        result = replace(RESULT, tokens_spent=told)
        job = self.held(number)
        if job and self.run(self.jobs.complete(job, generation_id=f"gen_{number}", result=result)):
            self.settle_newest(number, SPENT, told)

    @rule(number=orders, state=st.sampled_from(list(ENDS)))
    def end(self, number: int, state: JobState) -> None:
        job = self.held(number)
        if job and self.run(self.jobs.end(job, state, FAILURE)):
            self.settle_newest(number, ENDS[state])

    @rule(number=orders)
    def take_back(self, number: int) -> None:
        job = self.held(number)
        if job and self.run(self.jobs.take_back(job)):
            self.release(IMAGE, number)

    @rule(number=orders)
    def drop(self, number: int) -> None:
        if self.run(self.jobs.drop(number, person_id=OWNER)):
            self.settle_open(IMAGE, number, UNCLEAR)

    @rule(number=orders)
    def look_again(self, number: int) -> None:
        self.run(self.jobs.look_again(number, person_id=OWNER))

    @invariant()
    def the_ledger_holds_it_all(self) -> None:
        expected = [(entry.outcome, entry.tokens) for entry in self.entries]
        assert self.run(entries(self.database)) == expected
        total = sum(entry.tokens for entry in self.entries)
        assert self.run(used(self.ledger)) == self.run(used(self.ledger, ANN)) == total

    def begin_turn(self, number: int, tokens: int) -> None:
        if self.reserve(ANSWER, number, tokens, lambda charge: self.history.begin(number, charge)):
            self.asking.add(number)

    def begin_job(self, number: int, tokens: int) -> None:
        if job := self.held(number):
            self.reserve(IMAGE, number, tokens, lambda charge: self.jobs.begin(job, charge))

    def reserve(self, kind: ExpenseKind, item_id: int, tokens: int, begin: Begin) -> bool:
        others = [entry for entry in self.entries if not is_open(entry, kind, item_id)]
        fits = tokens <= LIMIT - sum(entry.tokens for entry in others)
        charge = a_charge(tokens, {EVERYBODY: LIMIT, ANN: LIMIT}, kind=kind)
        try:
            if not self.run(begin(charge)):
                return False
        except LimitExceeded:
            assert not fits
            return False

        assert fits
        entry = Entry(kind=kind, item_id=item_id, reserved=tokens, outcome=OPEN, tokens=tokens)
        self.entries = [*others, entry]
        return True

    def release(self, kind: ExpenseKind, item_id: int) -> None:
        self.entries = [entry for entry in self.entries if not is_open(entry, kind, item_id)]

    def settle_open(
        self,
        kind: ExpenseKind,
        item_id: int,
        outcome: ExpenseOutcome,
        told: int | None = None,
    ) -> None:
        for entry in self.entries:
            if is_open(entry, kind, item_id):
                entry.settle(outcome, told)

    def settle_newest(self, number: int, outcome: ExpenseOutcome, told: int | None = None) -> None:
        for entry in reversed(self.entries):
            if (entry.kind, entry.item_id) == (IMAGE, number):
                if entry.outcome is not SPENT:
                    entry.settle(outcome, told)
                return

    def held(self, number: int) -> MediaJob | None:
        job = self.run(self.jobs.get(number))
        return job and self.run(held(self.jobs, job))

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    def teardown(self) -> None:
        self.run(self.resources.aclose())


def is_open(entry: Entry, kind: ExpenseKind, item_id: int) -> bool:
    return (entry.kind, entry.item_id, entry.outcome) == (kind, item_id, OPEN)


@asynccontextmanager
async def copied(empty: Path) -> AsyncIterator[Database]:
    with TemporaryDirectory() as folder:
        file = shutil.copy(empty, folder)
        async with Database(f"sqlite+aiosqlite:///{file}") as database:
            yield database


@pytest.fixture
def sqlite_lending(empty_database: Path) -> Lending:
    return nullcontext(partial(copied, empty_database))


@pytest.fixture
def postgresql_lending(postgresql: Cluster) -> Lending:
    return reusing(postgresql)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_ledger_holds_whatever_is_spent(kind: str, request: pytest.FixtureRequest) -> None:
    lending: Lending = request.getfixturevalue(f"{kind}_lending")

    with asyncio.Runner() as runner:
        resources = AsyncExitStack()
        lend = runner.run(resources.enter_async_context(lending))

        class ThisTill(Till):
            def __init__(self) -> None:
                super().__init__(runner, lend)

        try:
            run_state_machine_as_test(ThisTill, settings=COURSES)
        finally:
            runner.run(resources.aclose())
