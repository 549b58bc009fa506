import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
import pytest

from bot.elumenta import (
    BadRequest,
    ElumentaClient,
    InsufficientTokens,
    ModelUnavailable,
    NotFound,
    Patience,
    PlanTooLow,
    ProviderFailed,
    RateLimited,
    StatusError,
    Unauthorized,
)
from bot.i18n import Translator
from bot.metrics import Metrics
from bot.model import ConversationKey, ExpenseKind, Question
from bot.services.balance import BalanceService
from bot.services.messenger import Note
from bot.services.spending import SpendingService
from bot.storage.engine import Database
from bot.storage.expenses import reserve
from bot.workers.account_watch import AccountWatch
from tests.counts import counted
from tests.owning import create_owning
from tests.storage.orders import Clock

ANN, BOB, CAT = 7_000_000_001, 7_000_000_002, 7_000_000_003
NUMBERS = count(1)
MINUTE, HOUR, DAY = 60, 3_600, 86_400

LOW = "watch-low-balance"
ENDING = "watch-plan-ends"

MENDABLE = [
    (Unauthorized(401), "watch-unauthorized"),
    (InsufficientTokens(402), "watch-out-of-tokens"),
    (PlanTooLow(403), "watch-plan-too-low"),
]
OTHERS = [
    BadRequest(400),
    NotFound(404),
    RateLimited(429, retry_after=847),
    ProviderFailed(500),
    ModelUnavailable(503),
]


@dataclass(kw_only=True)
class Account:
    """The account at the service, and how often it was looked at."""

    tokens: int = 283
    plan: str | None = "vip"
    ends_at: datetime | None = None
    status: int = 200
    looks: int = 0

    def __call__(self, _: httpx.Request) -> httpx.Response:
        self.looks += 1
        ends_at = self.ends_at and self.ends_at.isoformat()
        told = {"token_balance": self.tokens, "plan": self.plan, "plan_expires_at": ends_at}
        return httpx.Response(self.status, json=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something that somebody was told."""

    key: ConversationKey
    note: Note
    language: str | None
    is_quiet: bool


@dataclass(kw_only=True)
class Post:
    """Remembers what people were told; those who cannot be reached do not hear it."""

    told: list[Told] = field(default_factory=list)
    unreachable: set[int] = field(default_factory=set)
    is_hanging: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def keys(self) -> list[str]:
        return [told.note.key for told in self.told]

    async def tell(
        self, key: ConversationKey, note: Note, *, language: str | None, is_quiet: bool = False
    ) -> bool:
        self.news.set()
        if self.is_hanging:
            await asyncio.Event().wait()
        if key.chat_id in self.unreachable:
            return False
        self.told.append(Told(key=key, note=note, language=language, is_quiet=is_quiet))
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """The parts of the program that the watch works with."""

    watch: AccountWatch
    metrics: Metrics
    clock: Clock
    account: Account
    post: Post
    database: Database
    spending: SpendingService

    async def spend(self, question: Question, tokens: int) -> None:
        """Let an answer cost so much, and the watch hear of it."""
        charge = self.spending.charge_for(
            question, ExpenseKind.ANSWER, model="gpt-5", tokens=tokens
        )
        async with self.database.engine.begin() as connection:
            await reserve(
                connection,
                charge,
                item_id=next(NUMBERS),
                person_id=question.person_id,
                chat_id=question.key.chat_id,
                now=self.clock(),
            )
        self.watch.spent(question)
        await self.watch.step()

    async def refuse(self, error: StatusError) -> None:
        self.watch.refused(error)
        await self.watch.step()

    async def look_after(self, seconds: float) -> None:
        """Let the time pass, somebody spend something, and the watch look at the balance."""
        self.clock.tick(timedelta(seconds=seconds))
        self.watch.spent(asked_by(CAT))
        await self.watch.step()


def asked_by(person_id: int) -> Question:
    return Question(
        key=ConversationKey(chat_id=person_id, thread_id=3),
        message_id=1,
        person_id=person_id,
        language="ru",
        asked_at=datetime(2026, 11, 21, tzinfo=UTC),
        prompt="Why is the sky blue?",
    )


@pytest.fixture
def low_balance() -> int:
    return 100


@pytest.fixture
def daily() -> int:
    """How much all together may spend on a day; 0 for no limit."""
    return 0


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.fixture
async def client(account: Account) -> AsyncIterator[ElumentaClient]:
    transport = httpx.MockTransport(account)
    async with ElumentaClient(
        "nb_nobody",
        base_url="https://api.example",
        patience=Patience(attempts=1),
        transport=transport,
    ) as client:
        yield client


@pytest.fixture
async def balance(client: ElumentaClient) -> AsyncIterator[BalanceService]:
    """The account's balance, asked for each time."""
    balance = BalanceService(client, seconds=0)
    yield balance
    await balance.close()


@pytest.fixture
async def bot(
    database: Database,
    clock: Clock,
    account: Account,
    *,
    client: ElumentaClient,
    balance: BalanceService,
    low_balance: int,
    daily: int,
) -> Bot:
    """Two admins, of whom one speaks Russian and of the other nothing is known."""
    owning = create_owning(
        database,
        client,
        admin_ids={ANN, BOB},
        zone="Europe/Moscow",
        now=clock,
        user_daily=100,
        daily=daily,
    )
    await owning.access.load()
    await owning.access.hear(BOB, "ru")
    post = Post()
    metrics = Metrics()
    watch = AccountWatch(
        balance,
        owning.access,
        owning.notices,
        post,
        owning.spending,
        metrics=metrics,
        low_balance=low_balance,
        day=owning.day,
        now=clock,
    )
    return Bot(
        watch=watch,
        metrics=metrics,
        clock=clock,
        account=account,
        post=post,
        database=database,
        spending=owning.spending,
    )


async def test_every_admin_is_told_of_a_low_balance_in_their_language(
    bot: Bot, account: Account
) -> None:
    account.tokens = 99

    await bot.watch.step()

    note = Note(key=LOW, arguments={"tokens": 99, "limit": 100})
    assert bot.post.told == [
        Told(key=ConversationKey(chat_id=ANN), note=note, language=None, is_quiet=False),
        Told(key=ConversationKey(chat_id=BOB), note=note, language="ru", is_quiet=False),
    ]


async def test_the_balance_is_shown_to_whoever_watches(bot: Bot, account: Account) -> None:
    await bot.watch.step()
    account.status = 500
    await bot.look_after(DAY)

    assert counted(bot.metrics.balance) == {(): 283}


async def test_a_balance_at_the_limit_is_not_low(bot: Bot, account: Account) -> None:
    account.tokens = 100

    await bot.watch.step()

    assert account.looks == 1
    assert bot.post.told == []


async def test_a_balance_that_stays_low_is_told_once(bot: Bot, account: Account) -> None:
    account.tokens = 99
    await bot.watch.step()

    account.tokens = 5
    await bot.look_after(DAY)

    assert account.looks == 2
    assert bot.post.keys == [LOW, LOW]


async def test_a_balance_that_is_low_again_is_told_again(bot: Bot, account: Account) -> None:
    for tokens in (99, 100, 99):
        account.tokens = tokens
        await bot.look_after(HOUR)

    assert bot.post.keys == [LOW] * 4


@pytest.mark.parametrize("low_balance", [0])
async def test_an_owner_who_wants_no_warning_gets_none(bot: Bot, account: Account) -> None:
    account.tokens = 0

    await bot.watch.step()

    assert account.looks == 1
    assert bot.post.told == []


async def test_after_spending_the_balance_is_looked_at_every_ten_minutes_at_most(
    bot: Bot, account: Account
) -> None:
    await bot.watch.step()
    looks = []
    for seconds in (9 * MINUTE, MINUTE, 9 * MINUTE, MINUTE):
        await bot.look_after(seconds)
        looks.append(account.looks)

    assert looks == [1, 2, 2, 3]


async def test_a_balance_that_nobody_spent_of_is_looked_at_every_six_hours(
    bot: Bot, account: Account
) -> None:
    await bot.watch.step()
    looks = []
    for seconds in (6 * HOUR - 1, 1, 6 * HOUR - 1, 1):
        bot.clock.tick(timedelta(seconds=seconds))
        await bot.watch.step()
        looks.append(account.looks)

    assert looks == [1, 2, 2, 3]


async def test_a_balance_that_could_not_be_had_is_asked_for_again_soon(
    bot: Bot, account: Account
) -> None:
    account.tokens, account.status = 99, 500
    await bot.watch.step()
    account.status = 200

    bot.clock.tick(timedelta(seconds=10 * MINUTE))
    await bot.watch.step()

    assert account.looks == 2
    assert bot.post.keys == [LOW, LOW]


@pytest.mark.parametrize(("plan", "named"), [("vip", "vip"), (None, "none")])
async def test_a_plan_that_ends_soon_is_told_in_the_time_of_the_owner(
    bot: Bot, account: Account, plan: str | None, named: str
) -> None:
    account.plan, account.ends_at = plan, bot.clock() + timedelta(days=3)

    await bot.watch.step()

    note = Note(key=ENDING, arguments={"plan": named, "date": "2026-11-24 12:00 MSK"})
    assert [told.note for told in bot.post.told] == [note, note]


@pytest.mark.parametrize("days", [-1, 0, 4])
async def test_a_plan_that_has_ended_or_ends_much_later_is_not_told(
    bot: Bot, account: Account, days: int
) -> None:
    account.ends_at = bot.clock() + timedelta(days=days)

    await bot.watch.step()

    assert account.looks == 1
    assert bot.post.told == []


async def test_the_end_of_a_plan_is_told_once_for_each_date(bot: Bot, account: Account) -> None:
    account.ends_at = bot.clock() + timedelta(days=2)
    await bot.look_after(0)
    await bot.look_after(HOUR)

    account.ends_at += timedelta(days=30)
    await bot.look_after(HOUR)
    await bot.look_after(30 * DAY)

    assert bot.post.keys == [ENDING] * 4


@pytest.mark.parametrize(("error", "key"), MENDABLE)
async def test_a_refusal_that_admins_can_mend_is_told_to_all_of_them(
    bot: Bot, error: StatusError, key: str
) -> None:
    await bot.refuse(error)

    assert [(told.key.chat_id, told.note.key) for told in bot.post.told] == [
        (ANN, key),
        (BOB, key),
    ]


@pytest.mark.parametrize("error", OTHERS, ids=repr)
async def test_a_refusal_that_nobody_can_mend_is_not_told(bot: Bot, error: StatusError) -> None:
    await bot.refuse(error)

    assert bot.post.told == []


async def test_each_refusal_is_told_at_most_every_six_hours(bot: Bot) -> None:
    bot.post.unreachable = {BOB}
    for seconds in (0, 3 * HOUR, 3 * HOUR, 1):
        bot.clock.tick(timedelta(seconds=seconds))
        for error, _ in MENDABLE:
            bot.watch.refused(error)
            await bot.refuse(error)

    assert sorted(bot.post.keys) == sorted([key for _, key in MENDABLE] * 2)


async def test_a_refusal_that_reached_no_admin_is_told_at_the_next_one(bot: Bot) -> None:
    bot.post.unreachable = {ANN, BOB}
    await bot.refuse(Unauthorized(401))

    bot.post.unreachable = {BOB}
    await bot.refuse(Unauthorized(401))

    assert bot.post.keys == ["watch-unauthorized"]


async def test_who_comes_near_their_limit_hears_it_quietly_where_they_asked(bot: Bot) -> None:
    await bot.spend(asked_by(CAT), 79)
    before = list(bot.post.told)
    await bot.spend(asked_by(CAT), 1)
    await bot.spend(asked_by(CAT), 1)

    (told,) = bot.post.told
    assert before == []
    assert (told.key, told.language) == (asked_by(CAT).key, "ru")
    assert told.is_quiet


async def test_who_comes_near_their_limit_in_a_group_hears_it_in_private(bot: Bot) -> None:
    asked = replace(asked_by(CAT), key=ConversationKey(chat_id=-1001234567890, thread_id=3))

    await bot.spend(asked, 80)

    (told,) = bot.post.told
    assert (told.key, told.note.key) == (ConversationKey(chat_id=CAT), "limit-near")
    assert told.is_quiet


@pytest.mark.parametrize("daily", [100])
async def test_admins_are_told_once_that_all_together_come_near_their_limit(bot: Bot) -> None:
    await bot.spend(asked_by(ANN), 85)
    await bot.spend(asked_by(ANN), 1)

    assert [(told.key.chat_id, told.note.arguments["scope"]) for told in bot.post.told] == [
        (ANN, "all"),
        (BOB, "all"),
    ]


@pytest.mark.parametrize("daily", [100])
async def test_a_limit_of_all_that_no_admin_heard_of_is_told_when_more_is_spent(bot: Bot) -> None:
    bot.post.unreachable = {ANN, BOB}
    await bot.spend(asked_by(ANN), 85)

    bot.post.unreachable = {BOB}
    await bot.spend(asked_by(ANN), 1)
    await bot.spend(asked_by(ANN), 1)

    (told,) = bot.post.told
    assert (told.key.chat_id, told.note.arguments["left"]) == (ANN, 14)


async def test_every_start_begins_with_the_balance_and_news_wake_it_up(
    bot: Bot, account: Account
) -> None:
    await bot.watch.step()
    account.tokens = 99

    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(bot.watch.run())
        while LOW not in bot.post.keys:
            await bot.post.news.wait()
            bot.post.news.clear()
        bot.watch.refused(Unauthorized(401))
        while bot.post.keys.count("watch-unauthorized") < 2:
            await bot.post.news.wait()
            bot.post.news.clear()
        running.cancel()

    assert account.looks == 2


async def test_what_nobody_heard_before_the_program_ended_is_told_at_the_next_start(
    bot: Bot, account: Account
) -> None:
    account.tokens, bot.post.is_hanging = 99, True
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        running = tasks.create_task(bot.watch.run())
        await bot.post.news.wait()
        running.cancel()

    bot.post.is_hanging = False
    await bot.look_after(DAY)

    assert bot.post.keys == [LOW, LOW]


@pytest.mark.parametrize("language", Translator.bundled().languages)
async def test_all_that_admins_are_told_can_be_said_in_every_language(
    bot: Bot, account: Account, language: str
) -> None:
    account.tokens, account.ends_at = 99, bot.clock() + timedelta(days=1)
    for error, _ in MENDABLE:
        await bot.refuse(error)

    t = Translator.bundled().for_locale(language)
    texts = {t(told.note.key, **told.note.arguments) for told in bot.post.told}

    assert len(texts) == 5
    assert all(" " in text and "{" not in text for text in texts)
