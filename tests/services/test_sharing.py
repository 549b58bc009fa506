"""Fifty people, a hundred requests an hour, and a clock in hand."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.elumenta import RateLimits
from bot.elumenta.wire import read_limits
from bot.sandbox.elumenta.limits import RateLimits as ServiceLimits
from bot.sandbox.elumenta.refusals import Refusal
from bot.services.allowance import Allowance
from bot.services.sharing import Sharing, Ticket
from tests.storage.orders import Clock

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
STEP = timedelta(seconds=5)
PER_HOUR = 100
PEOPLE = 50
BUSY = 1
FAIR_SHARE = timedelta(hours=1) * PEOPLE / PER_HOUR
"""One request in so long is what each would have if all asked all the time."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    payer: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Served:
    payer: int
    waited: timedelta


class Hours:
    """A service that counts requests, and people who ask it through the line."""

    def __init__(self, clock: Clock, *, answers_take: Sequence[int] = (10,)) -> None:
        """Build it; the first answer takes so many seconds, the next so many, and so on."""
        self.refused = 0
        self._clock = clock
        self._answers_take = cycle(answers_take)
        self._service = ServiceLimits(hourly=PER_HOUR, clock=lambda: clock().timestamp())
        self._allowance = Allowance(now=clock)
        self._sharing = Sharing(self._allowance, now=clock)
        self._tickets: list[tuple[Asked, Ticket]] = []
        self._answers: list[tuple[datetime, RateLimits | None]] = []

    def run(self, asked: list[Asked], *, hours: float) -> Iterator[Served]:
        """Let people ask when they want, until so many hours have passed."""
        to_come = sorted(asked, key=lambda one: one.at)
        self._allowance.hear(self._told())
        ends_at = NOON + timedelta(hours=hours)
        while self._clock.moment < ends_at:
            while to_come and to_come[0].at <= self._clock.moment:
                one = to_come.pop(0)
                self._tickets.append((one, self._sharing.join(one.payer)))
            yield from self._step()
            self._clock.tick(STEP)

    @property
    def waiting(self) -> list[Asked]:
        return [one for one, _ in self._tickets]

    def look_up(self) -> None:
        """Look at an order, for which nobody waits in line."""
        self._count()
        self._allowance.hear(self._told())

    def _step(self) -> Iterator[Served]:
        for at, limits in list(self._answers):
            if at <= self._clock.moment:
                self._answers.remove((at, limits))
                self._allowance.come_back()
                self._allowance.hear(limits)
        self._sharing.admit()
        for one, ticket in list(self._tickets):
            if ticket.is_due.is_set():
                self._tickets.remove((one, ticket))
                self._count()
                answer_takes = timedelta(seconds=next(self._answers_take))
                self._answers.append((self._clock.moment + answer_takes, self._told()))
                yield Served(payer=one.payer, waited=self._clock.moment - one.at)

    def _count(self) -> None:
        try:
            self._service.count(plan="vip")
        except Refusal:
            self.refused += 1

    def _told(self) -> RateLimits | None:
        return read_limits(
            {name.lower(): value for name, value in self._service.headers().items()}
        )


def everybody_once_an_hour(chance: random.Random, *, hours: int) -> list[Asked]:
    return [
        Asked(payer=payer, at=NOON + timedelta(hours=hour + chance.random()))
        for payer in range(2, PEOPLE + 1)
        for hour in range(hours)
    ]


def somebody_busy(at: timedelta, *, requests: int = 200) -> list[Asked]:
    return [Asked(payer=BUSY, at=NOON + at)] * requests


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("minutes", [0, 20, 59])
def test_one_who_asks_two_hundred_times_does_not_keep_the_others_waiting(
    seed: int, minutes: int
) -> None:
    clock = Clock(NOON)
    hours = Hours(clock)
    asked = everybody_once_an_hour(random.Random(seed), hours=4)

    served = list(hours.run(asked + somebody_busy(timedelta(minutes=minutes)), hours=6))

    others = [one.waited for one in served if one.payer != BUSY]
    assert len(others) == len(asked)
    assert max(others) <= 2 * FAIR_SHARE
    assert hours.refused == 0


def test_who_comes_after_a_busy_one_is_served_at_once() -> None:
    clock = Clock(NOON)
    hours = Hours(clock)
    later = [Asked(payer=payer, at=NOON + timedelta(minutes=1)) for payer in range(2, 40)]

    served = list(hours.run(later + somebody_busy(timedelta()), hours=0.1))

    assert [one.waited for one in served if one.payer != BUSY] == [timedelta()] * len(later)


def test_the_busy_one_is_served_too_with_what_the_others_leave() -> None:
    clock = Clock(NOON)
    hours = Hours(clock)
    asked = everybody_once_an_hour(random.Random(1), hours=4)

    served = list(hours.run(asked + somebody_busy(timedelta()), hours=6))

    assert sum(one.payer == BUSY for one in served) == 200


def test_everybody_asking_all_the_time_gets_the_same() -> None:
    clock = Clock(NOON)
    hours = Hours(clock)
    asked = [Asked(payer=payer, at=NOON) for payer in range(1, PEOPLE + 1) for _ in range(20)]

    served = list(hours.run(asked, hours=5))

    had = [sum(one.payer == payer for one in served) for payer in range(1, PEOPLE + 1)]
    assert max(had) - min(had) <= 1
    assert hours.refused == 0


def test_a_reserve_is_left_for_look_ups_of_paid_orders() -> None:
    clock = Clock(NOON)
    hours = Hours(clock)

    list(hours.run([Asked(payer=payer, at=NOON) for payer in range(300)], hours=0.5))
    for _ in range(PER_HOUR // 10):
        hours.look_up()

    assert hours.waiting
    assert hours.refused == 0


def test_slow_answers_do_not_bring_requests_back() -> None:
    clock = Clock(NOON)
    hours = Hours(clock, answers_take=[180, 10, 10, 10])
    asked = [Asked(payer=payer, at=NOON) for payer in range(60)]
    later = [
        Asked(payer=payer, at=NOON + timedelta(minutes=2.5, seconds=payer))
        for payer in range(100, 200)
    ]

    list(hours.run(asked + later, hours=0.5))

    assert hours.waiting
    assert hours.refused == 0


def test_nobody_waits_for_hours_of_others_where_no_hourly_limit_is_known() -> None:
    clock = Clock(NOON)
    allowance = Allowance(now=clock)
    sharing = Sharing(allowance, now=clock)
    allowance.close(60)

    tickets = [sharing.join(payer) for payer in range(3)]

    expected = {sharing.expected_at(ticket) for ticket in tickets}
    assert expected == {NOON + timedelta(seconds=60)}


@settings(max_examples=25, deadline=None)
@given(
    asked=st.lists(
        st.builds(
            Asked,
            payer=st.integers(min_value=1, max_value=8),
            at=st.integers(min_value=0, max_value=2 * 3600).map(
                lambda seconds: NOON + timedelta(seconds=seconds)
            ),
        ),
        max_size=300,
    ),
    answers_take=st.lists(st.sampled_from([0, 1, 30, 180]), min_size=1, max_size=5),
)
def test_whatever_people_ask_none_is_refused_and_all_are_served(
    asked: list[Asked], answers_take: list[int]
) -> None:
    clock = Clock(NOON)
    hours = Hours(clock, answers_take=answers_take)

    served = list(hours.run(asked, hours=7))

    assert len(served) == len(asked)
    assert hours.refused == 0
