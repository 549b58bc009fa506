import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import TooBusy
from bot.model import ConversationKey
from bot.services.turns import StopReason, Ticket, TurnQueue

HERE = ConversationKey(chat_id=1)
THERE = ConversationKey(chat_id=1, thread_id=2)
ELSEWHERE = ConversationKey(chat_id=2)


async def test_tickets_wait_for_turn_in_the_order_in_which_they_joined() -> None:
    queue, order = TurnQueue(), list[int]()

    async def take(number: int, start: asyncio.Event) -> None:
        with queue.join(HERE, person_id=None) as ticket:
            await start.wait()
            await ticket.wait_for_turn()
            order.append(number)

    starts = [asyncio.Event() for _ in range(3)]
    async with asyncio.TaskGroup() as tasks:
        for number, start in enumerate(starts):
            tasks.create_task(take(number, start))
        await asyncio.sleep(0)
        for start in reversed(starts):
            start.set()
            await asyncio.sleep(0)

    assert order == [0, 1, 2]


async def test_conversations_do_not_wait_for_each_other() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=1), queue.join(THERE, person_id=1) as other:
        await asyncio.wait_for(other.wait_for_turn(), 1)


async def test_a_handler_that_is_cancelled_while_waiting_lets_the_next_one_pass() -> None:
    queue = TurnQueue()

    async def wait() -> None:
        with queue.join(HERE, person_id=1) as ticket:
            await ticket.wait_for_turn()

    with queue.join(HERE, person_id=1):
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(wait())
            await asyncio.sleep(0)
            waiting.cancel()
        with queue.join(HERE, person_id=1) as third:
            pass_by = third
    with queue.join(HERE, person_id=1) as fourth:
        await asyncio.wait_for(fourth.wait_for_turn(), 1)

    assert not pass_by.is_running


def test_a_full_line_is_refused_and_left_as_it_was() -> None:
    queue = TurnQueue(max_line=1)

    with queue.join(HERE, person_id=1, is_limited=True), pytest.raises(TooBusy):
        queue.join(HERE, person_id=1, is_limited=True).__enter__()
    with queue.join(HERE, person_id=1, is_limited=True) as ticket:
        assert ticket.is_running


def test_what_was_let_in_before_meets_no_limit() -> None:
    queue = TurnQueue(max_line=1)

    with queue.join(HERE, person_id=1), queue.join(HERE, person_id=1) as again:
        assert not again.is_running


def test_anybody_may_stop_what_a_hidden_author_asked_by_its_button() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=-5) as ticket:
        ticket.turn_id = 5
        queue.stop(HERE, person_id=8)
        assert ticket.stopped is None

        assert queue.stop_turn(5, chat_id=HERE.chat_id, person_id=8)


@pytest.mark.parametrize("person_id", [7, -5])
def test_nobody_stops_an_answer_from_another_chat(person_id: int) -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=person_id) as ticket:
        ticket.turn_id = 5
        stopped = [
            queue.stop_turn(5, chat_id=chat_id, person_id=7)
            for chat_id in (None, ELSEWHERE.chat_id, HERE.chat_id)
        ]

    assert stopped == [False, False, True]


async def listen(ticket: Ticket) -> str:
    async with ticket.until_stopped():
        await asyncio.sleep(60)
        return "heard all"
    return "stopped"


Stopper = Callable[[TurnQueue], object]


@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        (lambda queue: queue.stop(HERE, person_id=7), StopReason.PERSON),
        (lambda queue: queue.stop(HERE, person_id=None), StopReason.PERSON),
        (lambda queue: queue.stop_turn(5, chat_id=1, person_id=7), StopReason.PERSON),
        (lambda queue: queue.stop_all(), StopReason.SHUTDOWN),
    ],
)
async def test_a_stop_ends_what_runs(stop: Stopper, reason: StopReason) -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as ticket:
        ticket.turn_id = 5
        async with asyncio.TaskGroup() as tasks:
            listening: Awaitable[str] = tasks.create_task(listen(ticket))
            await asyncio.sleep(0)
            stop(queue)
            stop(queue)

    assert await listening == "stopped"
    assert ticket.stopped is reason


async def test_what_was_stopped_before_it_ran_never_runs() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as first, queue.join(HERE, person_id=7) as second:
        counted = queue.stop(HERE, person_id=7)

        assert counted == (1, 1)
        assert await listen(first) == await listen(second) == "stopped"


def test_nobody_stops_what_somebody_else_asked() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as ticket:
        ticket.turn_id = 5
        queue.stop(HERE, person_id=8)
        queue.stop(THERE, person_id=7)

        assert not queue.stop_turn(5, chat_id=1, person_id=8)
        assert not queue.stop_turn(6, chat_id=1, person_id=7)
        assert ticket.stopped is None


async def test_a_time_out_that_is_no_stop_passes_through() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as ticket, pytest.raises(TimeoutError):
        async with ticket.until_stopped():
            raise TimeoutError


def test_who_steps_aside_lets_the_others_go() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as busy, queue.join(HERE, person_id=8) as other:
        busy.step_aside()

        assert (busy.is_running, other.is_running) == (False, True)


def test_who_comes_after_one_that_stepped_aside_goes_at_once() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as busy:
        busy.step_aside()
        with queue.join(HERE, person_id=8) as other:
            assert (busy.is_running, other.is_running) == (False, True)


def test_what_a_person_asked_later_does_not_overtake_what_stepped_aside() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as first, queue.join(HERE, person_id=7) as second:
        first.step_aside()
        with queue.join(HERE, person_id=8) as other:
            assert not second.is_running
            assert other.is_running


async def test_who_stepped_aside_is_next_when_it_comes_back() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as busy, queue.join(HERE, person_id=9) as last:
        busy.step_aside()
        last.step_aside()
        with queue.join(HERE, person_id=8) as other:
            async with asyncio.TaskGroup() as tasks:
                back = tasks.create_task(busy.wait_for_turn())
                await asyncio.sleep(0)
                meanwhile = [busy.is_running, other.is_running]
                other.step_aside()
                await back

    assert meanwhile == [False, True]
    assert [ticket.is_running for ticket in (busy, last, other)] == [True, False, False]


async def test_who_steps_aside_for_nobody_goes_on() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as ticket:
        ticket.step_aside()
        await asyncio.wait_for(ticket.wait_for_turn(), 1)

        assert ticket.is_running


@pytest.mark.parametrize("stop", [TurnQueue.stop_all, lambda queue: queue.stop(HERE, person_id=7)])
async def test_what_is_stopped_while_it_is_aside_leaves_the_line_to_the_others(
    stop: Stopper,
) -> None:
    queue = TurnQueue()

    with ExitStack() as places:
        with queue.join(HERE, person_id=7) as busy:
            busy.step_aside()
            stop(queue)
            other = places.enter_context(queue.join(HERE, person_id=8))
            early = other.is_running
            heard = await listen(busy)

        assert (early, heard, other.is_running) == (False, "stopped", True)


def test_a_place_that_is_left_while_it_is_aside_disturbs_nobody() -> None:
    queue = TurnQueue()

    with ExitStack() as places:
        with queue.join(HERE, person_id=7) as busy:
            busy.step_aside()
            running = places.enter_context(queue.join(HERE, person_id=8))
            waiting = places.enter_context(queue.join(HERE, person_id=9))

        assert (running.is_running, waiting.is_running) == (True, False)


STEPS = st.lists(
    st.tuples(st.sampled_from(["join", "aside", "back", "leave", "stop"]), st.integers(0, 99)),
    max_size=60,
)


@given(steps=STEPS)
async def test_whatever_happens_one_runs_at_once_and_each_persons_in_order(
    steps: list[tuple[str, int]],
) -> None:
    queue, line = TurnQueue(max_line=1000), list[tuple[Ticket, ExitStack]]()

    for step, number in steps:
        ticket, place = line[number % len(line)] if line else (None, None)
        if step == "join":
            new = ExitStack()
            line.append((new.enter_context(queue.join(HERE, person_id=number % 3)), new))
        elif ticket is None or place is None:
            continue
        elif step == "aside" and ticket.is_running:
            ticket.step_aside()
        elif step == "back" and ticket.is_aside:
            await come_back(ticket)
        elif step == "leave":
            line.remove((ticket, place))
            place.close()
        elif step == "stop":
            ticket.stop(StopReason.PERSON)

        present = [one for one, _ in line if not one.is_aside and one.stopped is None]
        running = [one for one, _ in line if one.is_running]
        assert len(running) <= 1
        is_clearing = any(one.stopped is not None for one, _ in line)
        assert (
            running or is_clearing or not [one for one in present if not is_overtaking(one, line)]
        )
        assert not [one for one in running if one.stopped is None and is_overtaking(one, line)]


async def come_back(ticket: Ticket) -> None:
    """Wait for the turn, but not for long: it stays in line."""
    with suppress(TimeoutError):
        async with asyncio.timeout(0):
            await ticket.wait_for_turn()


def is_overtaking(ticket: Ticket, line: list[tuple[Ticket, ExitStack]]) -> bool:
    """Tell one that would go before an earlier one of its person."""
    tickets = [one for one, _ in line]
    earlier = tickets[: tickets.index(ticket)]
    return any(one.is_aside and one.person_id == ticket.person_id for one in earlier)


async def test_whoever_joins_when_the_program_ends_is_stopped_and_overtakes_nobody() -> None:
    queue = TurnQueue()
    with queue.join(HERE, person_id=1) as asked, queue.join(HERE, person_id=1) as waiting:
        asked.is_asked = True

        queue.stop_unasked()

        with queue.join(HERE, person_id=1) as late:
            stopped = [ticket.stopped for ticket in (asked, waiting, late)]

    assert stopped == [None, StopReason.SHUTDOWN, StopReason.SHUTDOWN]


async def test_all_that_a_person_asked_is_stopped_wherever_it_waits() -> None:
    queue = TurnQueue()
    with ExitStack() as places:
        own = [places.enter_context(queue.join(key, person_id=1)) for key in (HERE, ELSEWHERE)]
        other = places.enter_context(queue.join(HERE, person_id=2))

        queue.stop_person(1)

        assert [ticket.stopped for ticket in own] == [StopReason.PERSON] * 2
        assert other.stopped is None


async def test_one_can_wait_until_nothing_of_a_person_is_left() -> None:
    queue, places = TurnQueue(), ExitStack()
    places.enter_context(queue.join(HERE, person_id=1))
    last = places.enter_context(ExitStack())
    last.enter_context(queue.join(ELSEWHERE, person_id=1))

    with queue.join(HERE, person_id=2):
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(queue.without(1))
            await asyncio.sleep(0)
            last.close()
            await asyncio.sleep(0)
            is_early = waiting.done()
            places.close()

    assert not is_early


async def test_one_can_wait_until_a_turn_is_gone() -> None:
    queue, places = TurnQueue(), ExitStack()
    with queue.join(HERE, person_id=1) as first:
        first.turn_id = 7
        await asyncio.wait_for(queue.until_gone(8), 1)
        second = places.enter_context(queue.join(HERE, person_id=1))
        second.turn_id = 8
        async with asyncio.TaskGroup() as tasks:
            waiting = tasks.create_task(queue.until_gone(8))
            await asyncio.sleep(0)
            is_early = waiting.done()
            places.close()

    assert not is_early


async def test_what_its_person_stops_waits_for_nobody() -> None:
    queue = TurnQueue()
    with queue.join(HERE, person_id=1), queue.join(HERE, person_id=2) as waiting:
        queue.stop(HERE, person_id=2)

        await asyncio.wait_for(waiting.wait_for_turn(), 1)

        assert not waiting.is_running
