import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.errors import TooBusy
from bot.model import ConversationKey
from bot.services.turns import StopReason, Ticket, TurnQueue

HERE = ConversationKey(chat_id=1)
THERE = ConversationKey(chat_id=1, thread_id=2)


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

        assert queue.stop_turn(5, person_id=8)


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
        (lambda queue: queue.stop_turn(5, person_id=7), StopReason.PERSON),
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

        assert not queue.stop_turn(5, person_id=8)
        assert not queue.stop_turn(6, person_id=7)
        assert ticket.stopped is None


async def test_a_time_out_that_is_no_stop_passes_through() -> None:
    queue = TurnQueue()

    with queue.join(HERE, person_id=7) as ticket, pytest.raises(TimeoutError):
        async with ticket.until_stopped():
            raise TimeoutError
