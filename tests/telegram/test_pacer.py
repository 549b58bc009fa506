from dataclasses import dataclass
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.pacer import MOST_NEW_MESSAGES, Pacer, pace_of

PERSON, GROUP = 7, -7


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize("chat_id", [PERSON, GROUP])
@given(pauses=st.lists(st.floats(min_value=0, max_value=10), min_size=5, max_size=60))
def test_no_window_holds_more_calls_than_the_pace_allows(
    chat_id: int, pauses: list[float]
) -> None:
    clock = Clock()
    pacer = Pacer(clock=clock)
    calls = []
    for pause in pauses:
        clock.now += pause
        clock.now += pacer.delay(chat_id)
        pacer.take(chat_id)
        calls.append(clock.now)

    pace = pace_of(chat_id)
    for index, start in enumerate(calls):
        for number, end in enumerate(calls[index:], start=1):
            allowed = pace.burst + (end - start) / pace.interval_seconds
            assert number <= allowed + 1e-6


def test_a_burst_goes_at_once_and_the_next_call_waits() -> None:
    pacer = Pacer(clock=Clock())
    for _ in range(pace_of(PERSON).burst):
        assert pacer.delay(PERSON) == 0
        pacer.take(PERSON)

    assert pacer.delay(PERSON) == pytest.approx(pace_of(PERSON).interval_seconds)


def test_calls_kept_in_hand_are_not_spent_on_frames() -> None:
    clock = Clock()
    pacer = Pacer(clock=clock)
    pacer.take(PERSON)

    assert pacer.delay(PERSON) == 0
    assert pacer.delay(PERSON, keep=1) > 0
    clock.now += pace_of(PERSON).interval_seconds + 1e-6
    assert pacer.delay(PERSON, keep=1) == 0


def test_what_telegram_demands_is_obeyed_in_that_chat_only() -> None:
    clock = Clock()
    pacer = Pacer(clock=clock)

    pacer.hold(PERSON, 30)

    assert pacer.delay(PERSON) == pytest.approx(30)
    assert pacer.delay(GROUP) == 0
    clock.now += 31
    assert pacer.delay(PERSON) == 0


async def test_calls_that_waited_for_the_end_of_a_demand_do_not_go_all_at_once() -> None:
    clock = Clock()
    pacer = Pacer(clock=clock)

    pacer.hold(PERSON, 30)
    delays = []
    for _ in range(4):
        delays.append(pacer.delay(PERSON))
        pacer.take(PERSON)

    interval = pace_of(PERSON).interval_seconds
    assert delays == pytest.approx([30 + number * interval for number in range(4)])


async def test_admitted_calls_are_counted() -> None:
    pacer = Pacer(clock=Clock())

    for _ in range(pace_of(GROUP).burst):
        await pacer.admit(GROUP, is_new_message=False)

    assert pacer.delay(GROUP) > 0


async def test_programs_of_one_bot_share_the_messages_that_telegram_allows() -> None:
    pacer = Pacer()
    pacer.share(4)
    began = monotonic()

    for chat_id in range(1, 6):
        await pacer.admit(chat_id, is_new_message=True)

    assert monotonic() - began > 0.9 * 4 * 4 / MOST_NEW_MESSAGES
