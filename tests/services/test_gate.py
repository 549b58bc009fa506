import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.elumenta import RateLimited, RateLimits, Unreachable
from bot.errors import LimitUntil
from bot.services.gate import Gate, Place
from bot.services.owner_day import OwnerDay
from tests.clockwork import clockwork, in_no_time

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ANN, BOB, EVE = 1, 2, 3
KEPT = 10
"""Of a hundred requests an hour."""


def now() -> datetime:
    return NOON + timedelta(seconds=clockwork().time())


@dataclass(kw_only=True)
class Door:
    """A gate, the account behind it, and what people hear in front of it."""

    limits: RateLimits | None = None
    heard: dict[int, list[str]] = field(default_factory=dict)
    passed: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        day = OwnerDay(ZoneInfo("Europe/Moscow"), now=now)
        self.gate = Gate(lambda: self.limits, day=day, now=now)

    def tell(self, remaining: int, *, minutes: float = 60, day: int | None = None) -> None:
        self.limits = RateLimits(
            limit_hour=100,
            remaining_hour=remaining,
            limit_day=1000,
            remaining_day=day,
            hour_resets_at=now() + timedelta(minutes=minutes),
        )

    @asynccontextmanager
    async def place(self, payer: int) -> AsyncIterator[Place]:
        async def hear(until: str) -> None:
            self.heard.setdefault(payer, []).append(until)

        async with self.gate.place(payer, on_wait=hear) as place:
            self.passed.append(payer)
            yield place

    async def ask(self, payer: int, *, seconds: float = 1) -> None:
        """Ask something whose answer begins after so long."""
        async with self.place(payer) as place:
            await asyncio.sleep(seconds)
            place.leave()

    async def run_into_the_limit(
        self, payer: int, *, retry_after: float | None, remaining: int | None = None
    ) -> None:
        with pytest.raises(RateLimited):
            await self._be_refused(payer, retry_after, remaining)

    async def _be_refused(
        self, payer: int, retry_after: float | None, remaining: int | None
    ) -> None:
        async with self.place(payer):
            if remaining is not None:
                self.tell(remaining)
            raise RateLimited(retry_after=retry_after)


@in_no_time
async def test_nobody_waits_while_there_is_enough_for_all() -> None:
    door = Door()
    door.tell(100)

    await asyncio.gather(*(door.ask(payer) for payer in range(1, 50)))

    assert clockwork().time() == 1
    assert door.heard == {}
    assert clockwork().is_idle


@in_no_time
async def test_whoever_waits_is_told_until_when_and_goes_then() -> None:
    door = Door()
    door.tell(KEPT, minutes=20)

    await door.ask(ANN)

    assert door.heard == {ANN: ["15:20 MSK"]}
    assert 0 <= clockwork().time() - 20 * 60 <= 3
    assert clockwork().is_idle


@in_no_time
async def test_it_tells_how_many_people_wait_however_much_each_of_them_wants() -> None:
    door = Door()
    door.gate.close(60)
    before = door.gate.people_waiting

    async with asyncio.TaskGroup() as tasks:
        for payer in (ANN, ANN, BOB):
            tasks.create_task(door.ask(payer))
        await asyncio.sleep(1)
        meanwhile = door.gate.people_waiting

    assert (before, meanwhile, door.gate.people_waiting) == (0, 2, 0)


@in_no_time
async def test_a_short_wait_is_not_worth_a_word() -> None:
    door = Door()
    door.gate.close(1)

    await door.ask(ANN)

    assert door.heard == {}
    assert door.passed == [ANN]


@in_no_time
async def test_whoever_waits_for_longer_than_was_told_is_told_again() -> None:
    door = Door()
    door.tell(KEPT, minutes=20)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.ask(ANN))
        await asyncio.sleep(600)
        door.tell(KEPT, minutes=50)

    assert door.heard == {ANN: ["15:20 MSK", "16:00 MSK"]}


@in_no_time
async def test_nobody_is_told_the_same_twice() -> None:
    door = Door()
    door.gate.close(60)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(door.ask(ANN, seconds=100))
        tasks.create_task(door.ask(BOB))

    assert door.heard == {ANN: ["15:01 MSK"], BOB: ["15:01 MSK"]}


@in_no_time
async def test_whoever_would_wait_for_too_long_is_sent_away_at_once() -> None:
    door = Door()
    door.gate.close(3 * 3600)

    with pytest.raises(LimitUntil) as refusal:
        await door.ask(ANN)

    assert refusal.value.arguments == {"until": "18:00 MSK"}
    assert clockwork().time() == 0
    assert door.heard == {}
    assert clockwork().is_idle


@in_no_time
async def test_whoever_waits_is_sent_away_when_it_turns_out_to_be_too_long() -> None:
    door = Door()
    door.tell(KEPT, minutes=20)

    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(outcome(door, ANN))
        await asyncio.sleep(60)
        door.gate.close(4 * 3600)

    assert waiting.result() == "19:01 MSK"
    assert door.heard == {ANN: ["15:20 MSK"]}
    assert clockwork().is_idle


async def outcome(door: Door, payer: int) -> str | int:
    try:
        await door.ask(payer)
    except LimitUntil as refusal:
        return refusal.arguments["until"]
    return "asked"


@in_no_time
async def test_whoever_gives_up_leaves_the_line_to_the_others() -> None:
    door = Door()
    door.tell(KEPT + 1, minutes=20)

    async with asyncio.TaskGroup() as tasks, door.place(EVE) as place:
        first, _ = tasks.create_task(door.ask(ANN)), tasks.create_task(door.ask(BOB))
        await asyncio.sleep(5)
        first.cancel()
        place.give_up()

    assert door.passed == [EVE, BOB]
    assert clockwork().time() < 60
    assert clockwork().is_idle


@in_no_time
async def test_a_request_that_is_given_up_gives_its_place_back() -> None:
    door = Door()
    door.tell(KEPT + 1)

    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(door.ask(ANN, seconds=1000))
        tasks.create_task(door.ask(BOB))
        await asyncio.sleep(10)
        first.cancel()

    assert door.passed == [ANN, BOB]
    assert clockwork().time() < 60
    assert clockwork().is_idle


@in_no_time
async def test_who_is_let_through_and_given_up_at_once_gives_the_place_back() -> None:
    door = Door()
    door.tell(KEPT + 1)

    async with asyncio.TaskGroup() as tasks, door.place(EVE) as place:
        first, _ = tasks.create_task(door.ask(ANN)), tasks.create_task(door.ask(BOB))
        await asyncio.sleep(5)
        place.give_up()
        first.cancel()

    assert door.passed == [EVE, BOB]
    assert clockwork().is_idle


@in_no_time
async def test_a_line_that_everybody_left_leaves_nothing_behind() -> None:
    door = Door()
    door.tell(KEPT)

    async with asyncio.TaskGroup() as tasks:
        waiting = [tasks.create_task(door.ask(payer)) for payer in (ANN, BOB, EVE)]
        await asyncio.sleep(10)
        for one in waiting:
            one.cancel()

    assert clockwork().is_idle


@in_no_time
async def test_a_refusal_closes_the_gate_for_all_until_it_says() -> None:
    door = Door()
    await door.run_into_the_limit(ANN, retry_after=847)

    await asyncio.gather(*(door.ask(payer) for payer in (ANN, BOB, EVE)))

    assert door.heard == {payer: ["15:14 MSK"] for payer in (ANN, BOB, EVE)}
    assert 847 <= clockwork().time() < 860
    assert clockwork().is_idle


@in_no_time
async def test_a_refusal_that_tells_no_time_closes_for_an_hour() -> None:
    door = Door()
    await door.run_into_the_limit(ANN, retry_after=None)

    await door.ask(BOB)

    assert 3600 <= clockwork().time() < 3610


@in_no_time
async def test_after_a_refusal_one_goes_and_the_others_see_how_that_ends() -> None:
    door = Door()
    await door.run_into_the_limit(ANN, retry_after=60)

    async with asyncio.TaskGroup() as tasks:
        for payer in (ANN, BOB, EVE):
            tasks.create_task(door.ask(payer, seconds=8))
        await asyncio.sleep(67)
        alone = list(door.passed)
        await asyncio.sleep(4)
        together = list(door.passed)

    assert len(alone) == 1 + 1
    assert len(together) == 1 + 3


@in_no_time
async def test_one_whose_answer_hangs_holds_nobody_up_for_long() -> None:
    door = Door()

    async with asyncio.TaskGroup() as tasks:
        hanging = [tasks.create_task(door.ask(payer, seconds=1000)) for payer in (ANN, BOB, EVE)]
        counts = []
        for _ in range(3):
            await asyncio.sleep(8)
            counts.append(len(door.passed))
            await asyncio.sleep(4)
        for one in hanging:
            one.cancel()

    assert counts == [1, 2, 3]
    assert clockwork().is_idle


@in_no_time
async def test_whoever_comes_first_finds_out_how_many_may_follow() -> None:
    door = Door()

    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(door.ask(ANN, seconds=5))
        others = [tasks.create_task(door.ask(payer, seconds=100)) for payer in range(2, 40)]
        await asyncio.sleep(4)
        alone = list(door.passed)
        door.tell(KEPT + 3)
        await first
        await asyncio.sleep(60)
        for one in others:
            one.cancel()

    assert alone == [ANN]
    assert len(door.passed) == 1 + 3


@in_no_time
async def test_one_who_had_much_may_find_out_too() -> None:
    door = Door()
    door.tell(100)
    await asyncio.gather(*(door.ask(ANN) for _ in range(50)))
    door.gate.close(60)

    await door.ask(ANN)

    assert clockwork().time() < 120


@pytest.mark.parametrize("remaining", [None, 50])
@in_no_time
async def test_nobody_follows_the_one_that_runs_into_the_limit_again(
    remaining: int | None,
) -> None:
    door = Door()
    await door.run_into_the_limit(ANN, retry_after=60)

    async with asyncio.TaskGroup() as tasks:
        again = door.run_into_the_limit(EVE, retry_after=600, remaining=remaining)
        tasks.create_task(again)
        for payer in (ANN, BOB):
            tasks.create_task(door.ask(payer, seconds=8))
        await asyncio.sleep(500)
        closed = list(door.passed)
        await asyncio.sleep(166)
        tried = list(door.passed)

    assert closed == [ANN, EVE]
    assert tried == [ANN, EVE, BOB]
    assert door.passed == [ANN, EVE, BOB, ANN]


@in_no_time
async def test_one_who_could_not_ask_leaves_it_to_the_next_to_find_out() -> None:
    door = Door()
    await door.run_into_the_limit(ANN, retry_after=60)
    await asyncio.sleep(60)

    with pytest.raises(Unreachable):
        async with door.place(ANN):
            raise Unreachable
    async with asyncio.TaskGroup() as tasks:
        for payer in (BOB, EVE):
            tasks.create_task(door.ask(payer, seconds=8))
        await asyncio.sleep(5)
        alone = len(door.passed)

    assert alone == 3
    assert len(door.passed) == 4


@in_no_time
async def test_a_place_is_left_once() -> None:
    door = Door()
    door.tell(KEPT + 1)

    async with asyncio.TaskGroup() as tasks, door.place(ANN) as place:
        place.leave()
        place.leave()
        place.give_up()
        for payer in (BOB, EVE):
            tasks.create_task(door.ask(payer, seconds=100))
        await asyncio.sleep(50)
        passed = list(door.passed)

    assert len(passed) == 2


@in_no_time
async def test_what_can_be_left_out_is_when_only_the_reserve_is_left() -> None:
    door = Door()
    unknown = has_spare(door)

    door.tell(KEPT * 2 + 1)
    much = has_spare(door)
    assert door.limits is not None
    door.limits = replace(door.limits, remaining_hour=KEPT * 2)

    assert (unknown, much, has_spare(door)) == (False, True, False)


def has_spare(door: Door, payer: int = ANN) -> bool:
    with door.gate.spare_place(payer) as place:
        return place is not None


@in_no_time
async def test_what_can_be_left_out_is_not_where_no_limit_is_told() -> None:
    door = Door(limits=RateLimits())

    assert has_spare(door)


@in_no_time
async def test_what_can_be_left_out_counts_until_it_is_answered() -> None:
    door = Door()
    door.tell(KEPT * 2 + 1)

    with door.gate.spare_place(ANN) as place:
        assert place is not None
        meanwhile = has_spare(door, BOB)
        place.leave()

    assert not meanwhile
    assert has_spare(door, BOB)


@in_no_time
async def test_what_can_be_left_out_counts_for_who_asked_for_it() -> None:
    door = Door()
    door.tell(100)
    for _ in range(30):
        assert has_spare(door)
    door.tell(KEPT * 2 + 10)

    assert not has_spare(door, ANN)
    assert has_spare(door, BOB)


@in_no_time
async def test_what_can_be_left_out_is_while_somebody_waits() -> None:
    door = Door()
    door.tell(100)
    for _ in range(60):
        assert has_spare(door)
    door.tell(KEPT * 3)

    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(door.ask(ANN))
        await asyncio.sleep(0)
        spare = has_spare(door, BOB)
        waiting.cancel()

    assert not spare
    assert has_spare(door, BOB)
    assert door.passed == []


@in_no_time
async def test_what_can_be_left_out_closes_the_gate_when_it_is_refused() -> None:
    door = Door()
    door.tell(100)

    with pytest.raises(RateLimited), door.gate.spare_place(ANN):
        raise RateLimited(retry_after=60)
    closed = has_spare(door)
    await door.ask(BOB)

    assert not closed
    assert door.heard == {BOB: ["15:01 MSK"]}


@in_no_time
async def test_the_limits_are_those_of_this_hour() -> None:
    door = Door()
    door.tell(3, minutes=5)
    before = door.gate.limits.remaining_hour

    await asyncio.sleep(5 * 60)

    assert (before, door.gate.limits.remaining_hour) == (3, 100)
