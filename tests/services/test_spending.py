from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Unpack

import pytest

from bot.elumenta import ElumentaClient
from bot.errors import AccessDenied, DailyLimitReached
from bot.i18n import Translator
from bot.model import (
    EVERYBODY,
    ConversationKey,
    ExpenseKind,
    ExpenseOutcome,
    Question,
    Spending,
    SpentByKind,
    TurnState,
)
from bot.services.access import AccessService
from bot.services.messenger import Note
from bot.services.spending import SpendingService
from bot.storage.engine import Database
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore
from tests.owning import Limits, create_owning
from tests.storage.charges import ANN, BOB, GROUP, a_question
from tests.storage.orders import Clock

OWNER, CHANNEL = 5_000_000_009, -1002222222222
PER_PERSON, PER_GROUP, FOR_ALL = 20, 50, 100
LIMITS = Limits(user_daily=PER_PERSON, chat_daily=PER_GROUP, daily=FOR_ALL)
TOMORROW = "00:00 MSK"
LAST_HOUR = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
"""Of the day in Moscow."""
NUMBERS = count(1)


@dataclass(frozen=True, kw_only=True)
class Till:
    """The rules of spending, and a ledger in which something is spent."""

    spending: SpendingService
    access: AccessService
    history: HistoryStore
    clock: Clock

    async def spend(
        self,
        tokens: int,
        question: Question,
        *,
        outcome: ExpenseOutcome | None = ExpenseOutcome.SPENT,
    ) -> None:
        """Spend it as an answer does; raises what an answer would."""
        turn = await self.history.add(replace(question, message_id=next(NUMBERS)))
        assert turn is not None
        charge = self.spending.charge_for(
            question, ExpenseKind.ANSWER, model="gpt-5", tokens=tokens
        )
        try:
            assert await self.history.begin(turn.id, charge)
        except LimitExceeded:
            raise await self.spending.explain(question, charge) from None
        if outcome is not None:
            await self.history.finish(turn.id, TurnState.ANSWERED, outcome=outcome)


@pytest.fixture
def till(database: Database, clock: Clock) -> Till:
    return a_till(database, clock)


def a_till(
    database: Database, clock: Clock, *, is_open: bool = True, **limits: Unpack[Limits]
) -> Till:
    owning = create_owning(
        database,
        ElumentaClient("nb_nobody", base_url="http://localhost"),
        open_to_all=is_open,
        admin_ids={OWNER},
        zone="Europe/Moscow",
        now=clock,
        **(LIMITS | limits),
    )
    history = HistoryStore(database, now=clock)
    return Till(spending=owning.spending, access=owning.access, history=history, clock=clock)


def private(person_id: int = ANN) -> Question:
    return a_question(person_id, person_id)


def told(scope: str, *, limit: int, left: int, cost: int) -> Mapping[str, str | int]:
    return {"scope": scope, "limit": limit, "left": left, "cost": cost, "until": TOMORROW}


@pytest.mark.parametrize(
    ("question", "limits"),
    [
        (private(), {ANN: PER_PERSON, EVERYBODY: FOR_ALL}),
        (a_question(), {ANN: PER_PERSON, GROUP: PER_GROUP, EVERYBODY: FOR_ALL}),
        (private(OWNER), {OWNER: 0, EVERYBODY: FOR_ALL}),
        (a_question(OWNER), {OWNER: 0, GROUP: PER_GROUP, EVERYBODY: FOR_ALL}),
        (a_question(CHANNEL), {GROUP: PER_GROUP, EVERYBODY: FOR_ALL}),
        (a_question(None), {GROUP: PER_GROUP, EVERYBODY: FOR_ALL}),
    ],
    ids=["private", "group", "admin", "admin in a group", "channel", "nobody knows"],
)
def test_a_charge_knows_whom_it_counts_for(
    till: Till, question: Question, limits: Mapping[int, int]
) -> None:
    charge = till.spending.charge_for(question, ExpenseKind.VIDEO, model="sora-2", tokens=7)

    assert charge.limits == limits
    assert (charge.kind, charge.model, charge.tokens) == (ExpenseKind.VIDEO, "sora-2", 7)


@pytest.mark.parametrize(
    ("question", "limits"),
    [
        (a_question(CHANNEL), {GROUP: PER_PERSON, EVERYBODY: FOR_ALL}),
        (a_question(), {ANN: PER_PERSON, GROUP: 0, EVERYBODY: FOR_ALL}),
        (a_question(None), {GROUP: 0, EVERYBODY: FOR_ALL}),
    ],
    ids=["channel", "person", "nobody knows"],
)
def test_where_groups_have_no_limit_who_hides_has_that_of_a_person(
    database: Database, clock: Clock, question: Question, limits: Mapping[int, int]
) -> None:
    till = a_till(database, clock, chat_daily=0)

    charge = till.spending.charge_for(question, ExpenseKind.ANSWER, model="gpt-5", tokens=2)

    assert charge.limits == limits


async def test_nobody_spends_more_by_hiding(database: Database, clock: Clock) -> None:
    till = a_till(database, clock, chat_daily=0)
    await till.spend(PER_PERSON, a_question(CHANNEL))

    with pytest.raises(DailyLimitReached) as refusal:
        await till.spend(1, a_question(CHANNEL))

    assert refusal.value.arguments == told("chat", limit=PER_PERSON, left=0, cost=1)
    await till.spend(PER_PERSON, a_question())


@pytest.mark.parametrize(
    ("passed", "day"),
    [(timedelta(), date(2026, 11, 21)), (timedelta(hours=1), date(2026, 11, 22))],
)
def test_a_charge_is_of_the_owners_day(till: Till, passed: timedelta, day: date) -> None:
    till.clock.moment = LAST_HOUR + passed

    charge = till.spending.charge_for(private(), ExpenseKind.ANSWER, model="gpt-5", tokens=2)

    assert charge.day == day


@pytest.mark.parametrize(
    ("question", "id_to_allow"),
    [(private(), ANN), (a_question(), GROUP), (a_question(CHANNEL), GROUP)],
)
def test_who_may_not_use_the_bot_may_not_spend(
    database: Database, clock: Clock, question: Question, id_to_allow: int
) -> None:
    till = a_till(database, clock, is_open=False)

    with pytest.raises(AccessDenied) as refusal:
        till.spending.charge_for(question, ExpenseKind.ANSWER, model="gpt-5", tokens=1)

    assert refusal.value.arguments == {"id": str(id_to_allow)}


async def test_who_may_use_the_bot_no_longer_may_not_spend_any_more(till: Till) -> None:
    await till.spend(1, private())

    await till.access.deny(ANN)

    with pytest.raises(AccessDenied):
        await till.spend(1, private())


async def test_a_person_spends_as_much_as_they_may_in_all_chats_together(till: Till) -> None:
    await till.spend(12, private())
    await till.spend(8, a_question())

    with pytest.raises(DailyLimitReached) as refusal:
        await till.spend(1, private())

    assert refusal.value.arguments == told("person", limit=PER_PERSON, left=0, cost=1)
    await till.spend(PER_PERSON, private(BOB))


async def test_a_group_spends_as_much_as_it_may_whoever_asks(till: Till) -> None:
    for person_id in (ANN, CHANNEL, OWNER):
        await till.spend(15, a_question(person_id))

    with pytest.raises(DailyLimitReached) as refusal:
        await till.spend(6, a_question(BOB))

    assert refusal.value.arguments == told("chat", limit=PER_GROUP, left=5, cost=6)
    await till.spend(6, private(BOB))


async def test_all_together_spend_as_much_as_they_may_also_the_owner(till: Till) -> None:
    await till.spend(80, private(OWNER))
    await till.spend(15, private())

    with pytest.raises(DailyLimitReached) as refusal:
        await till.spend(6, private(OWNER))

    assert refusal.value.arguments == told("all", limit=FOR_ALL, left=5, cost=6)


async def test_what_fails_for_free_can_be_spent_again(till: Till) -> None:
    await till.spend(PER_PERSON, private(), outcome=ExpenseOutcome.FREE)

    await till.spend(PER_PERSON, private())


@pytest.mark.parametrize("outcome", [ExpenseOutcome.SPENT, ExpenseOutcome.UNCLEAR, None])
async def test_what_may_be_charged_counts(till: Till, outcome: ExpenseOutcome | None) -> None:
    await till.spend(PER_PERSON, private(), outcome=outcome)

    with pytest.raises(DailyLimitReached):
        await till.spend(1, private())


async def test_midnight_is_that_of_the_owner(till: Till) -> None:
    till.clock.moment = LAST_HOUR
    await till.spend(PER_PERSON, private())
    till.clock.tick(timedelta(minutes=59))
    before = await till.spending.refusal(private(), tokens=1)

    till.clock.tick(timedelta(minutes=1))

    assert before is not None
    assert await till.spending.refusal(private(), tokens=1) is None


async def test_a_look_ahead_says_what_spending_would(till: Till) -> None:
    await till.spend(15, a_question())

    fits = await till.spending.refusal(a_question(), tokens=5)
    refusal = await till.spending.refusal(a_question(), tokens=6)

    assert fits is None
    assert refusal is not None
    assert refusal.arguments == told("member", limit=PER_PERSON, left=5, cost=6)


async def test_a_look_ahead_names_the_limit_with_the_least_room(till: Till) -> None:
    await till.spend(45, a_question(OWNER))

    refusal = await till.spending.refusal(a_question(), tokens=21)

    assert refusal is not None
    assert refusal.arguments == told("chat", limit=PER_GROUP, left=5, cost=21)


async def test_a_group_is_not_told_that_a_limit_is_that_of_a_person_alone(till: Till) -> None:
    await till.spend(15, private())

    with pytest.raises(DailyLimitReached) as in_group:
        await till.spend(6, a_question())
    with pytest.raises(DailyLimitReached) as in_private:
        await till.spend(6, private())

    assert in_group.value.arguments == told("member", limit=PER_PERSON, left=5, cost=6)
    assert in_private.value.arguments == told("person", limit=PER_PERSON, left=5, cost=6)


async def test_nor_is_a_chat_in_which_the_bot_only_answers(till: Till) -> None:
    await till.spend(15, private())

    aside = replace(private(), inline_message_id="BAAA")
    refusal = await till.spending.refusal(aside, tokens=6)

    assert refusal is not None
    assert refusal.arguments == told("member", limit=PER_PERSON, left=5, cost=6)


@pytest.mark.parametrize("language", Translator.bundled().languages)
async def test_a_group_reads_no_numbers_of_a_person(till: Till, language: str) -> None:
    await till.spend(15, private())
    refusal = await till.spending.refusal(a_question(), tokens=17)
    assert refusal is not None

    text = Translator.bundled().for_locale(language)(refusal.key, **refusal.arguments)

    assert TOMORROW in text
    assert not set("123456789") & set(text.replace(TOMORROW, ""))


async def test_a_limit_that_is_lowered_below_what_was_spent_leaves_nothing(till: Till) -> None:
    await till.spend(15, private())

    await till.spending.set_limit(ANN, 10)

    refusal = await till.spending.refusal(private(), tokens=1)
    assert refusal is not None
    assert refusal.arguments == told("person", limit=10, left=0, cost=1)


async def test_an_override_holds_for_one_person_until_it_is_removed(till: Till) -> None:
    await till.spending.set_limit(ANN, 30)
    await till.spend(30, private())
    with pytest.raises(DailyLimitReached):
        await till.spend(PER_PERSON + 1, private(BOB))

    await till.spending.set_limit(ANN, None)

    assert await till.spending.limit_of(ANN) is None
    with pytest.raises(DailyLimitReached) as refusal:
        await till.spend(1, private())
    assert refusal.value.arguments == told("person", limit=PER_PERSON, left=0, cost=1)


async def test_an_override_of_nothing_is_no_limit(till: Till) -> None:
    await till.spending.set_limit(ANN, 0)
    await till.spending.set_limit(GROUP, 0)

    await till.spend(FOR_ALL, a_question())

    assert await till.spending.limit_of(ANN) == 0


async def test_an_admin_can_be_given_a_limit(till: Till) -> None:
    await till.spending.set_limit(OWNER, 5)

    with pytest.raises(DailyLimitReached) as refusal:
        await till.spend(6, private(OWNER))

    assert refusal.value.arguments == told("person", limit=5, left=5, cost=6)


async def test_without_limits_everything_can_be_spent(database: Database, clock: Clock) -> None:
    till = a_till(database, clock, user_daily=0, chat_daily=0, daily=0)

    await till.spend(10**9, a_question())

    assert await till.spending.refusal(a_question(), tokens=10**9) is None
    assert await till.spending.near_limit(a_question()) == []
    assert await till.spending.near_limit_of_all() is None


async def test_the_limit_with_the_least_room_is_named(till: Till) -> None:
    await till.spend(45, a_question(OWNER))
    charge = till.spending.charge_for(a_question(), ExpenseKind.ANSWER, model="gpt-5", tokens=21)

    refusal = await till.spending.explain(a_question(), charge)

    assert refusal.arguments == told("chat", limit=PER_GROUP, left=5, cost=21)


async def test_people_see_where_they_their_group_and_all_stand(till: Till) -> None:
    await till.spend(7, a_question())
    await till.spend(2, private(BOB))

    standings = await till.spending.standings(person_id=ANN, chat_id=GROUP)

    assert standings == [
        Spending(subject_id=ANN, tokens=7, limit=PER_PERSON),
        Spending(subject_id=GROUP, tokens=7, limit=PER_GROUP),
        Spending(subject_id=EVERYBODY, tokens=9, limit=FOR_ALL),
    ]


async def test_a_month_holds_its_days_until_now(till: Till) -> None:
    await till.spend(7, private())
    till.clock.tick(timedelta(days=1))
    await till.spend(5, private())
    await till.spend(2, private(BOB))

    of_all = await till.spending.spent(since=date(2026, 11, 1))
    of_ann = await till.spending.spent(since=date(2026, 11, 22), person_id=ANN)

    assert of_all == [SpentByKind(kind=ExpenseKind.ANSWER, tokens=14, requests=3)]
    assert of_ann == [SpentByKind(kind=ExpenseKind.ANSWER, tokens=5, requests=1)]


@pytest.mark.parametrize(("days", "tokens"), [(1, [2]), (2, [5, 2]), (30, [7, 5, 2])])
async def test_so_many_days_include_this_one(till: Till, days: int, tokens: list[int]) -> None:
    for spent in (7, 5, 2):
        await till.spend(spent, private())
        till.clock.tick(timedelta(days=1))
    till.clock.tick(timedelta(days=-1))

    usage = await till.spending.usage(days=days)

    assert [day.tokens for day in usage.days] == tokens


async def test_what_a_group_spent_follows_it(till: Till) -> None:
    new = GROUP - 1
    await till.spending.set_limit(GROUP, 30)
    await till.spend(15, a_question())

    await till.spending.move(GROUP, new)

    refusal = await till.spending.refusal(a_question(BOB, new), tokens=16)
    assert refusal is not None
    assert refusal.arguments == told("chat", limit=30, left=15, cost=16)


async def test_what_waits_while_its_group_moves_counts_where_it_went(till: Till) -> None:
    new = GROUP - 1
    await till.spend(10, a_question())
    waiting = await till.history.add(a_question(BOB))
    assert waiting is not None

    await till.spending.move(GROUP, new)
    await till.history.move(GROUP, new)
    charge = till.spending.charge_for(
        waiting.question, ExpenseKind.ANSWER, model="gpt-5", tokens=15
    )
    await till.history.begin(waiting.id, charge)

    assert set(charge.limits) == {BOB, new, EVERYBODY}
    of_old = await till.spending.standings(person_id=None, chat_id=GROUP)
    of_new = await till.spending.standings(person_id=None, chat_id=new)
    assert [one.tokens for one in of_old] == [0, 25]
    assert [one.tokens for one in of_new] == [25, 25]


async def test_what_waits_while_its_group_moves_keeps_to_the_limit_of_where_it_went(
    till: Till,
) -> None:
    new = GROUP - 1
    await till.spending.move(GROUP, new)
    await till.spend(48, a_question(OWNER, new))

    refusal = await till.spending.refusal(a_question(), tokens=3)
    notes = await till.spending.near_limit(a_question())

    assert refusal is not None
    assert refusal.arguments == told("chat", limit=PER_GROUP, left=2, cost=3)
    assert [note for _, note in notes] == [near("chat", limit=PER_GROUP, left=2)]


async def test_who_may_use_the_bot_where_a_group_went_may_spend_there(
    database: Database, clock: Clock
) -> None:
    till, new = a_till(database, clock, is_open=False), GROUP - 1
    await till.access.allow(GROUP)
    await till.access.move(GROUP, new)

    await till.spending.move(GROUP, new)

    await till.spend(1, a_question())


def near(scope: str, *, limit: int, left: int) -> Note:
    return Note(
        key="limit-near",
        arguments={"scope": scope, "limit": limit, "left": left, "until": TOMORROW},
    )


async def test_a_limit_that_is_nearly_reached_is_told_once_a_day(till: Till) -> None:
    await till.spend(15, private())
    early = await till.spending.near_limit(private())
    await till.spend(1, private())

    notes = await till.spending.near_limit(private())
    again = await till.spending.near_limit(private())
    till.clock.tick(timedelta(days=1))
    await till.spend(18, private())
    next_day = await till.spending.near_limit(private())

    assert (early, again) == ([], [])
    assert notes == [(private().key, near("person", limit=PER_PERSON, left=4))]
    assert next_day == [(private().key, near("person", limit=PER_PERSON, left=2))]


async def test_each_limit_that_is_nearly_reached_is_told_to_those_it_concerns(till: Till) -> None:
    in_topic = replace(a_question(), key=ConversationKey(chat_id=GROUP, thread_id=7))
    await till.spend(30, a_question(OWNER))
    await till.spend(20, in_topic)

    notes = await till.spending.near_limit(in_topic)

    assert notes == [
        (ConversationKey(chat_id=ANN), near("person", limit=PER_PERSON, left=0)),
        (in_topic.key, near("chat", limit=PER_GROUP, left=0)),
    ]


async def test_a_limit_of_all_that_reached_nobody_is_told_again(till: Till) -> None:
    await till.spend(80, private(OWNER))
    first = await till.spending.near_limit_of_all()
    await till.spend(19, private(OWNER))
    await till.spending.near_limit(private(OWNER))

    await till.spending.forget_near_limit_of_all()

    assert first == near("all", limit=FOR_ALL, left=20)
    assert await till.spending.near_limit_of_all() == near("all", limit=FOR_ALL, left=1)


@pytest.mark.parametrize(
    ("subject_id", "scope"), [(ANN, "person"), (GROUP, "chat"), (EVERYBODY, "all")]
)
def test_texts_name_whose_limit_it_is(subject_id: int, scope: str) -> None:
    assert Spending(subject_id=subject_id, tokens=0, limit=None).scope == scope


async def test_the_limit_of_all_is_told_to_the_owner_alone(till: Till) -> None:
    await till.spend(79, private(OWNER))
    early = await till.spending.near_limit_of_all()
    await till.spend(1, private(OWNER))

    to_spender = await till.spending.near_limit(private(OWNER))
    to_owner = await till.spending.near_limit_of_all()

    assert early is None
    assert to_spender == []
    assert to_owner == near("all", limit=FOR_ALL, left=20)
    assert await till.spending.near_limit_of_all() is None
