from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.elumenta import RateLimits
from bot.elumenta.wire import read_limits
from bot.sandbox.elumenta.limits import RateLimits as ServiceLimits
from bot.sandbox.elumenta.refusals import Refusal
from bot.services.allowance import TRIED_AGAIN_AFTER, Allowance
from tests.storage.orders import Clock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
KEPT = 10
"""Of a hundred requests an hour."""


@pytest.fixture
def clock() -> Clock:
    return Clock(NOON)


@pytest.fixture
def allowance(clock: Clock) -> Allowance:
    return Allowance(now=clock)


def told(
    remaining: int | None = None,
    *,
    limit: int | None = 100,
    ends_at: datetime | None = NOON + HOUR,
    day: int | None = None,
    limit_day: int | None = 1000,
) -> RateLimits:
    return RateLimits(
        limit_hour=limit,
        remaining_hour=remaining,
        limit_day=limit_day,
        remaining_day=day,
        hour_resets_at=ends_at,
    )


def set_out(allowance: Allowance, requests: int) -> None:
    for _ in range(requests):
        allowance.set_out()


def test_before_the_first_answer_one_request_finds_out(allowance: Allowance) -> None:
    allowance.hear(None)
    first = allowance.left
    allowance.set_out()

    assert (first, allowance.left) == (1, 0)
    assert allowance.is_tried


def test_nothing_is_limited_where_an_answer_tells_of_no_limit(allowance: Allowance) -> None:
    allowance.hear(RateLimits())

    assert allowance.left is None
    assert not allowance.is_tried


def test_while_the_one_that_finds_out_is_not_answered_another_goes_now_and_then(
    allowance: Allowance, clock: Clock
) -> None:
    lefts = []
    for _ in range(3):
        lefts.append(allowance.left)
        allowance.set_out()
        clock.tick(TRIED_AGAIN_AFTER - SECOND)
        lefts.append(allowance.left)
        clock.tick(SECOND)

    assert lefts == [1, 0, 1, 0, 1, 0]


def test_the_next_finds_out_at_once_when_the_one_before_will_not_be_answered(
    allowance: Allowance,
) -> None:
    allowance.set_out()
    under_way = allowance.left

    allowance.come_back()

    assert (under_way, allowance.left) == (0, 1)


@pytest.mark.parametrize("none", [0, -1])
def test_a_limit_of_nothing_is_none(allowance: Allowance, none: int) -> None:
    allowance.hear(told(0, limit=none, day=0, limit_day=none))

    assert allowance.left is None


@pytest.mark.parametrize(
    ("limit", "remaining", "left"),
    [(100, 87, 77), (100, 10, 0), (100, 0, 0), (100, -3, 0), (5, 5, 4), (60, 30, 24)],
)
def test_one_in_ten_requests_of_an_hour_is_kept(
    allowance: Allowance, limit: int, remaining: int, left: int
) -> None:
    allowance.hear(told(remaining, limit=limit))

    assert allowance.left == left


def test_programs_that_share_an_account_leave_each_other_room(allowance: Allowance) -> None:
    allowance.hear(told(70))
    alone = (allowance.left, allowance.for_people)

    allowance.share(3)
    allowance.set_out()

    assert alone == (60, 90)
    assert (allowance.left, allowance.for_people) == (19, 30)


def test_requests_count_before_their_answers_come(allowance: Allowance) -> None:
    allowance.hear(told(15))

    set_out(allowance, 3)

    assert allowance.left == 2


def test_the_same_answer_is_heard_once(allowance: Allowance) -> None:
    news = told(0)
    allowance.hear(news)
    allowance.close(0)

    allowance.hear(news)

    assert allowance.left == 1


def test_a_new_hour_begins_when_the_old_one_was_told_to_end(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.hear(told(0, ends_at=NOON + 20 * MINUTE))

    clock.tick(20 * MINUTE - SECOND)
    before = allowance.left, allowance.opens_at
    clock.tick(SECOND)

    assert before == (0, NOON + 20 * MINUTE)
    assert allowance.left == 1
    assert allowance.opens_at == clock()
    assert allowance.limits.remaining_hour == 100
    assert allowance.limits.hour_resets_at == NOON + 20 * MINUTE + HOUR


def test_requests_of_the_last_hour_that_are_under_way_count_in_the_new_one(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.hear(told(0))
    set_out(allowance, 4)

    clock.tick(HOUR)
    trial = allowance.left
    allowance.hear(told(100, ends_at=clock() + HOUR))

    assert trial == 1
    assert allowance.left == 100 - KEPT - 4


def test_an_answer_without_limits_lets_all_have_the_new_hour(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.hear(told(0))
    clock.tick(HOUR)
    trial = allowance.left

    allowance.reopen()

    assert (trial, allowance.left) == (1, 100 - KEPT)


@pytest.mark.parametrize(
    "ends_at",
    [
        None,
        datetime.fromtimestamp(3599, UTC),
        NOON + HOUR + 36 * MINUTE,
        NOON + timedelta(days=1),
    ],
    ids=["missing", "seconds that are left", "farther than an hour", "a day away"],
)
def test_an_hour_whose_end_is_not_told_ends_an_hour_after_it_was_heard_of(
    allowance: Allowance, clock: Clock, ends_at: datetime | None
) -> None:
    allowance.hear(told(20, ends_at=ends_at))
    clock.tick(30 * MINUTE)
    allowance.hear(told(0, ends_at=ends_at))

    clock.tick(30 * MINUTE - SECOND)
    before = allowance.left
    clock.tick(SECOND)

    assert before == 0
    assert allowance.left == 1


def test_an_end_a_little_farther_than_an_hour_is_believed(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.hear(told(0, ends_at=NOON + HOUR + 4 * MINUTE))

    clock.tick(HOUR)

    assert (allowance.left, allowance.opens_at) == (0, NOON + HOUR + 4 * MINUTE)


def test_an_hour_that_is_over_when_it_is_heard_of_holds_nobody_up(
    allowance: Allowance, clock: Clock
) -> None:
    clock.tick(HOUR)

    allowance.hear(told(0, ends_at=clock() - SECOND))

    assert allowance.left == 1


def test_an_end_that_moves_with_each_answer_is_followed(
    allowance: Allowance, clock: Clock
) -> None:
    for remaining in (20, 15, 10):
        clock.tick(10 * MINUTE)
        allowance.hear(told(remaining, ends_at=clock() + HOUR))
    closed_at = clock()
    clock.tick(HOUR - SECOND)
    before = allowance.left, allowance.opens_at

    clock.tick(SECOND)

    assert before == (0, closed_at + HOUR)
    assert allowance.left == 1


def test_what_becomes_free_within_an_hour_can_be_used(allowance: Allowance, clock: Clock) -> None:
    allowance.hear(told(0, ends_at=clock() + HOUR))
    clock.tick(MINUTE)

    allowance.hear(told(30, ends_at=clock() + HOUR))

    assert allowance.left == 30 - KEPT


@pytest.mark.parametrize("jitter", [-SECOND, timedelta(), SECOND])
def test_a_slow_answer_does_not_bring_requests_back(
    allowance: Allowance, clock: Clock, jitter: timedelta
) -> None:
    allowance.hear(told(20))
    clock.tick(MINUTE)

    allowance.hear(told(99, ends_at=NOON + HOUR + jitter))

    assert allowance.left == 20 - KEPT


def test_a_slow_answer_of_the_last_hour_says_nothing_of_this_one(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.hear(told(0))
    clock.tick(HOUR)
    allowance.hear(told(60, ends_at=clock() + HOUR))

    allowance.hear(told(0))

    assert allowance.left == 60 - KEPT


def test_a_larger_plan_holds_at_once(allowance: Allowance) -> None:
    allowance.hear(told(2, limit=30))

    allowance.hear(told(72, limit=100))

    assert allowance.left == 72 - KEPT


def test_where_only_the_rest_of_an_hour_is_told_one_request_finds_out_about_the_next(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.hear(told(0, limit=None))
    before = allowance.left

    clock.tick(HOUR)
    trial = allowance.left
    allowance.set_out()

    assert (before, trial, allowance.left) == (0, 1, 0)


def test_a_refusal_closes_for_as_long_as_it_says(allowance: Allowance, clock: Clock) -> None:
    allowance.close(847)

    clock.tick(847 * SECOND - SECOND)
    before = allowance.left, allowance.opens_at
    clock.tick(SECOND)

    assert before == (0, NOON + 847 * SECOND)
    assert allowance.left == 1


@pytest.mark.parametrize(
    ("seconds", "closed_for"),
    [
        (None, HOUR),
        (0, timedelta()),
        (40_000, timedelta(seconds=40_000)),
        (200_000, timedelta(days=1)),
        (1e300, timedelta(days=1)),
        (float("inf"), timedelta(days=1)),
    ],
)
def test_whatever_a_refusal_says_it_closes_for_a_day_at_most(
    allowance: Allowance, seconds: float | None, closed_for: timedelta
) -> None:
    allowance.close(seconds)

    assert allowance.opens_at == NOON + closed_for


def test_a_shorter_refusal_does_not_open_what_a_longer_one_closed(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.close(600)
    allowance.close(5)

    clock.tick(MINUTE)

    assert allowance.left == 0
    assert allowance.opens_at == NOON + 10 * MINUTE


def test_news_of_plenty_does_not_open_what_a_refusal_closed(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.close(600)

    allowance.hear(told(80))
    before = allowance.left
    clock.tick(10 * MINUTE)

    assert before == 0
    assert allowance.left == 80 - KEPT


def test_after_a_refusal_one_request_at_a_time_finds_out(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.close(60)
    clock.tick(MINUTE)
    first = allowance.left
    allowance.set_out()

    second = allowance.left
    allowance.come_back()

    assert (first, second, allowance.left) == (1, 0, 1)


def test_an_answer_ends_the_trial_also_where_no_limits_are_told(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.close(60)
    clock.tick(MINUTE)

    allowance.reopen()

    assert allowance.left is None


def test_an_answer_to_an_earlier_request_ends_no_trial_before_it_began(
    allowance: Allowance, clock: Clock
) -> None:
    allowance.close(60)

    allowance.reopen()
    clock.tick(MINUTE)

    assert allowance.left == 1


def test_what_is_left_of_the_day_limits_an_hour_that_has_plenty(allowance: Allowance) -> None:
    allowance.hear(told(90, day=13))

    assert allowance.left == 13 - KEPT


def test_a_day_that_is_used_up_is_tried_by_one_request_an_hour(
    allowance: Allowance, clock: Clock
) -> None:
    lefts = []
    for day in (KEPT, KEPT - 1):
        allowance.hear(told(90, ends_at=clock() + HOUR, day=day))
        clock.tick(HOUR - SECOND)
        lefts.append((allowance.left, allowance.opens_at - clock()))
        clock.tick(SECOND)
        lefts.append((allowance.left, allowance.opens_at - clock()))

    assert [left for left, _ in lefts] == [0, 1, 0, 1]
    assert lefts[0][1] == lefts[2][1] == SECOND


def test_a_new_day_is_open_to_all(allowance: Allowance, clock: Clock) -> None:
    allowance.hear(told(90, day=0))
    clock.tick(HOUR)

    allowance.hear(told(99, ends_at=clock() + HOUR, day=999))

    assert allowance.left == 99 - KEPT


@dataclass(kw_only=True)
class Account:
    """A service that counts, and requests whose answers come in any order."""

    clock: Clock
    service: ServiceLimits
    allowance: Allowance
    waiting: list[RateLimits | None] = field(default_factory=list)
    refused: int = 0

    def let_through(self) -> None:
        """Send whatever may be sent."""
        while (left := self.allowance.left) is not None and left > 0:
            self.allowance.set_out()
            self.waiting.append(self.request())

    def request(self) -> RateLimits | None:
        try:
            self.service.count(plan="vip")
        except Refusal as refusal:
            self.refused += 1
            self.allowance.close(float(str(refusal.body["retry_after"])))
        headers = self.service.headers()
        return read_limits({name.lower(): value for name, value in headers.items()})

    def answer(self, number: int) -> None:
        """Let one of the requests under way be answered."""
        if self.waiting:
            news = self.waiting.pop(number % len(self.waiting))
            self.allowance.come_back()
            self.allowance.hear(news)


def an_account(*, hourly: int | None, daily: int | None = None) -> Account:
    clock = Clock(NOON)
    service = ServiceLimits(hourly=hourly, daily=daily, clock=lambda: clock().timestamp())
    account = Account(clock=clock, service=service, allowance=Allowance(now=clock))
    account.allowance.hear(account.request())
    return account


Event = Callable[[Account], object]
EVENTS: st.SearchStrategy[list[Event]] = st.lists(
    st.one_of(
        st.just(Account.let_through),
        st.integers(0, 1000).map(lambda number: lambda account: account.answer(number)),
        st.sampled_from([1, 30, 600, 1800, 3600]).map(
            lambda seconds: lambda account: account.clock.tick(seconds * SECOND)
        ),
    ),
    max_size=60,
)


@settings(max_examples=100, deadline=None)
@given(hourly=st.integers(2, 60), events=EVENTS)
def test_no_more_are_let_through_than_the_service_takes(hourly: int, events: list[Event]) -> None:
    account = an_account(hourly=hourly)

    for event in events:
        event(account)
        account.let_through()
        left = account.allowance.left
        assert left is not None
        assert left >= 0

    assert account.refused == 0


@settings(max_examples=100, deadline=None)
@given(hourly=st.integers(2, 60), daily=st.integers(1, 60), events=EVENTS)
def test_of_a_day_that_is_used_up_only_single_requests_find_out(
    hourly: int, daily: int, events: list[Event]
) -> None:
    account = an_account(hourly=hourly, daily=daily)
    began_at = account.clock()

    for event in events:
        event(account)
        account.let_through()

    assert account.refused <= (account.clock() - began_at) / HOUR


@given(
    news=st.lists(
        st.builds(
            RateLimits,
            limit_hour=st.none() | st.integers(-5, 0) | st.integers(2, 100),
            remaining_hour=st.none() | st.integers(-5, 100),
            limit_day=st.none() | st.integers(-5, 100),
            remaining_day=st.none() | st.integers(-5, 100),
            hour_resets_at=st.none()
            | st.datetimes(timezones=st.just(UTC))
            | st.integers(-4000, 4000).map(lambda seconds: NOON + seconds * SECOND),
        )
    ),
    pauses=st.lists(st.integers(0, 10**6), min_size=1),
)
def test_whatever_is_told_people_are_let_through_in_the_end(
    news: list[RateLimits], pauses: list[int]
) -> None:
    clock = Clock(NOON)
    allowance = Allowance(now=clock)

    for one, pause in zip(news, pauses, strict=False):
        allowance.hear(one)
        clock.tick(pause * SECOND)
        assert (allowance.left or 0) >= 0
        assert allowance.opens_at >= clock()
    clock.moment = allowance.opens_at

    assert allowance.left != 0


def test_requests_that_find_out_never_outnumber_those_of_an_hour() -> None:
    account = an_account(hourly=2)

    for seconds in (3600, 30, 30):
        account.clock.tick(seconds * SECOND)
        account.let_through()

    assert account.refused == 0
