"""Flood control, with a clock of the test's own and over HTTP."""

from itertools import pairwise

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.telegram import Fault, FaultKind, FloodLimits, TelegramServer
from bot.sandbox.telegram.errors import ApiError
from bot.sandbox.telegram.flood import Cost, FloodControl
from tests.sandbox.telegram.conftest import Clock

PERSON, GROUP = 5_300_000_001, -4_100_000_001


def wait_for(control: FloodControl, chat_id: int = PERSON, cost: Cost = Cost.FRAME) -> int:
    """Seconds that a call is told to wait, 0 when it is taken."""
    try:
        control.charge(chat_id, cost)
    except ApiError as refusal:
        return refusal.parameters["retry_after"]
    return 0


def test_a_private_chat_takes_three_calls_at_once_and_one_a_second(clock: Clock) -> None:
    control = FloodControl(FloodLimits(), clock)

    assert [wait_for(control) for _ in range(4)] == [0, 0, 0, 1]
    clock.tick(1)
    assert [wait_for(control) for _ in range(2)] == [0, 1]


def test_a_group_takes_four_calls_at_once_and_one_in_three_seconds(clock: Clock) -> None:
    control = FloodControl(FloodLimits(), clock)

    assert [wait_for(control, GROUP) for _ in range(5)] == [0, 0, 0, 0, 3]
    clock.tick(3)
    assert [wait_for(control, GROUP) for _ in range(2)] == [0, 3]


def test_impatience_makes_the_wait_longer(clock: Clock) -> None:
    control = FloodControl(FloodLimits(), clock)

    waits = [wait_for(control) for _ in range(14)][3:]

    assert all(later > earlier for earlier, later in pairwise(waits[:9]))
    assert waits[-1] == 300


def test_who_waits_as_told_is_welcome_again(clock: Clock) -> None:
    control = FloodControl(FloodLimits(), clock)
    told = [wait_for(control) for _ in range(6)][-1]

    clock.tick(told - 0.001)
    longer = wait_for(control)
    clock.tick(longer)

    assert longer > told
    assert wait_for(control) == 0


def test_chats_do_not_pay_for_each_other(clock: Clock) -> None:
    control = FloodControl(FloodLimits(), clock)

    assert [wait_for(control, PERSON + n) for n in range(200)] == [0] * 200


def test_new_messages_share_a_limit_that_edits_do_not_have(clock: Clock) -> None:
    control = FloodControl(FloodLimits(), clock)

    sends = [wait_for(control, PERSON + n, Cost.MESSAGE) for n in range(31)]
    edits = [wait_for(control, PERSON + n) for n in range(31)]

    assert sends == [0] * 30 + [1]
    assert edits == [0] * 31


def test_one_call_a_second_is_always_welcome(clock: Clock) -> None:
    control = FloodControl(FloodLimits(), clock)

    for _ in range(500):
        assert wait_for(control) == 0
        clock.tick(1)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_no_window_holds_more_than_the_burst_and_what_was_won_back(pauses: list[float]) -> None:
    clock, taken = Clock(), list[float]()
    control = FloodControl(FloodLimits(), clock)

    for pause in pauses:
        clock.tick(pause)
        if wait_for(control) == 0:
            taken.append(clock.now)

    for first, start in enumerate(taken):
        for last, end in enumerate(taken[first:], start=1):
            assert last <= 3 + (end - start) + 0.01


async def test_a_refusal_over_http_says_when_to_come_back(clock: Clock) -> None:
    server = TelegramServer(clock=clock)
    await server.start()
    ann = server.person("Ann")
    chat = server.private_chat(ann)
    chat.send(ann, "hi")

    async with Bot(
        server.token, session=AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    ) as bot:
        await bot.send_chat_action(chat.id, "typing")
        message = await bot.send_message(chat.id, "one")
        await bot.edit_message_text("two", chat_id=chat.id, message_id=message.message_id)
        with pytest.raises(TelegramRetryAfter) as refusal:
            await bot.send_message_draft(chat.id, 1, text="three")
        await bot.delete_message(chat.id, message.message_id)
    await server.close()

    assert refusal.value.retry_after == 1
    assert server.flood_refusals == 1
    assert [call.error_code for call in server.calls] == [None, None, None, 429, None]


async def test_a_scripted_refusal_is_not_the_bots_fault(server: TelegramServer, bot: Bot) -> None:
    server.fail(Fault(kind=FaultKind.RETRY_AFTER, seconds=7))

    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.get_me()

    assert refusal.value.retry_after == 7
    assert server.flood_refusals == 0
