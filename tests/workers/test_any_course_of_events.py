"""Whatever happens: an order is charged at most once, and delivered at least once or explained."""

import asyncio
import gc
import shutil
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select

from bot.model import (
    RUNNING,
    ConversationKey,
    ExpenseOutcome,
    JobState,
    MediaJob,
    MediaKind,
    Question,
)
from bot.services.courier import Outcome
from bot.storage.engine import Database
from bot.storage.tables import expenses, media_jobs
from tests.storage.orders import Clock
from tests.workers.pretend import Crash, Fate, Post, Service
from tests.workers.program import running

T = TypeVar("T")

ANN, BOB = 5_000_000_001, 5_000_000_002
HOME = ConversationKey(chat_id=ANN)
ENDED_WELL = {JobState.DELIVERED, JobState.UNDELIVERABLE}
EXPLAINED = {JobState.REFUSED, JobState.FAILED, JobState.EXPIRED}
GIVEN_UP = {JobState.DROPPED, JobState.EXPIRED}
PRESSES = ("agree", "decline", "drop", "look_again", "again")
PLACES = ("order", "look", "show", "deliver")
UNSETTLED = {ExpenseOutcome.OPEN, ExpenseOutcome.UNCLEAR}
CRASHES = [f"{when} {what}" for when in ("before", "after") for what in PLACES]


@cache
def empty_database() -> Path:
    """Make a migrated database once: each course of events begins with a copy of it."""
    file = Path(mkdtemp(), "empty.sqlite3")

    async def make() -> None:
        async with Database(f"sqlite+aiosqlite:///{file}"):
            pass

    with asyncio.Runner() as runner:
        runner.run(make())
    return file


class World(RuleBasedStateMachine):
    """One bot, its service and its people."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = TemporaryDirectory()
        self.resources = AsyncExitStack()
        self.clock = Clock()
        self.fates: list[Fate] = []
        self.seconds: list[int] = []
        self.crashes = 0
        self.orders = 0
        self.begun: Counter[str] = Counter()
        file = shutil.copy(empty_database(), Path(self.folder.name, "bot.sqlite3"))
        self.address = f"sqlite+aiosqlite:///{file}"
        self.service = Service(clock=self.clock, fates=self._fates(), seconds=self._seconds())
        self.post = Post(service=self.service)

    @initialize()
    def start(self) -> None:
        self.run(self._start())

    async def _start(self) -> None:
        program = await self.resources.enter_async_context(running(self.address, self.post))
        self.jobs, self.poller, self.media = program.jobs, program.poller, program.media
        self.database = program.database

    @rule(
        kind=st.sampled_from(MediaKind),
        fate=st.sampled_from(Fate),
        seconds=st.sampled_from([0, 30, 100, 600, 10_000]),
    )
    def order(self, kind: MediaKind, fate: Fate, seconds: int) -> None:
        self.orders += 1
        self.fates.append(fate)
        self.seconds.append(seconds)
        self.run(self.media.order(self._question(), kind, {}))

    @rule(number=st.integers(1, 8), by=st.sampled_from([ANN, BOB]), press=st.sampled_from(PRESSES))
    def press(self, number: int, by: int, press: str) -> None:
        before = self.run(self.jobs.get(number))
        pressed = self.run(getattr(self.media, press)(number, person_id=by))

        if by == BOB:
            assert pressed is None
            assert self.run(self.jobs.get(number)) == before

    @rule(crash=st.sampled_from([None, None, None, *CRASHES]), seconds=st.sampled_from([0, 6, 20]))
    def work(self, crash: str | None, seconds: int) -> None:
        self.service.crash = crash
        self.clock.tick(timedelta(seconds=seconds))
        self.step()

    @rule(seconds=st.sampled_from([30, 200, 1_000, 3_600]))
    def wait(self, seconds: int) -> None:
        self.clock.tick(timedelta(seconds=seconds))

    @rule(outcome=st.sampled_from(Outcome), trouble=st.booleans())
    def change_weather(self, outcome: Outcome, trouble: bool) -> None:  # noqa: FBT001 - hypothesis names it
        self.post.outcome, self.service.trouble = outcome, trouble

    def step(self) -> None:
        if not self._dies_at_work():
            return
        self.crashes += 1
        self.run(self.resources.aclose())
        # A real program would be gone by now, with what it kept of a half-read statement.
        gc.collect()
        self.run(self._start())

    def _dies_at_work(self) -> bool:
        is_dead = False
        try:
            self.run(self.poller.step())
        except* Crash:
            is_dead = True
        return is_dead

    def teardown(self) -> None:
        self.service.crash, self.service.trouble = None, False
        self.post.outcome = Outcome.DONE
        for _ in range(400):
            self.run(self.jobs.revive(HOME.chat_id))
            self.step()
            self.clock.tick(timedelta(seconds=60))
            if self.run(self.jobs.next_due(frozenset(JobState))) is None:
                break

        self.check()
        self.run(self.resources.aclose())
        self.runner.close()
        self.folder.cleanup()

    def check(self) -> None:
        jobs = self.all_jobs()
        for job in jobs:
            assert job.due_at is None, job
            assert job.state not in RUNNING, job
            if job.state in ENDED_WELL:
                assert self.post.delivered[job.id] >= 1
            if job.state in EXPLAINED:
                assert job.state in self.post.shown[job.id]
                assert job.failure is not None
        assert ExpenseOutcome.OPEN not in {outcome for _, outcome, _ in self.run(self._expenses())}
        copies = sum(self.post.delivered.values()) - len(self.post.delivered)
        assert copies <= self.crashes + self.post.unsure

        orders = Counter(job.question.prompt for job in jobs if job.waiting_since is not None)
        for prompt, sent in self.service.posts.items():
            assert sent <= orders[prompt], prompt
        known = {job.generation_id for job in jobs}
        for made in self.service.made:
            if str(made.id) not in known:
                assert self._can_be_looked_at_again(made.prompt, jobs), made

    @invariant()
    def the_ledger_agrees_with_the_service(self) -> None:
        """What is noted as spent was charged, and what may be charged is reserved."""
        spent, reserved = Counter[str](), Counter[str]()
        for prompt, outcome, tokens in self.run(self._expenses()):
            if outcome is ExpenseOutcome.SPENT:
                spent[prompt] += tokens
            if outcome in UNSETTLED:
                reserved[prompt] += tokens

        charged = self.service.charged()
        for prompt in {*charged, *spent, *reserved}:
            assert spent[prompt] <= charged[prompt] <= spent[prompt] + reserved[prompt], prompt

    async def _expenses(self) -> list[tuple[str, ExpenseOutcome, int]]:
        statement = select(media_jobs.c.prompt, expenses.c.outcome, expenses.c.tokens).join(
            media_jobs, media_jobs.c.id == expenses.c.item_id
        )
        async with self.database.engine.connect() as connection:
            return [(row[0], row[1], row[2]) for row in await connection.execute(statement)]

    def _can_be_looked_at_again(self, prompt: str, jobs: list[MediaJob]) -> bool:
        return any(job.question.prompt == prompt and job.state in GIVEN_UP for job in jobs)

    def all_jobs(self) -> list[MediaJob]:
        found = [self.run(self.jobs.get(number)) for number in range(1, 60)]
        return [job for job in found if job is not None]

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    def _question(self) -> Question:
        return Question(
            key=HOME,
            message_id=self.orders,
            person_id=ANN,
            language="en",
            asked_at=self.clock(),
            prompt=f"fox number {self.orders}",
        )

    def _fates(self) -> Iterator[Fate]:
        while True:
            yield self.fates.pop(0) if self.fates else Fate.MADE

    def _seconds(self) -> Iterator[int]:
        while True:
            yield self.seconds.pop(0) if self.seconds else 0


TestAnyCourseOfEvents = World.TestCase
TestAnyCourseOfEvents.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
