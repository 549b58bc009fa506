from contextlib import suppress
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.methods import GetMe, Response, SendMessage

from bot.metrics import Metrics
from bot.telegram.calls import CallCounting
from bot.telegram.session import LiveSend
from tests.counts import counted
from tests.telegram.failures import (
    HowItFails,
    Method,
    broken,
    flooded,
    forbidden,
    late,
    lost,
    moved,
    too_large,
    unreachable,
    unreadable,
    wrong,
)

OUTCOMES = [
    (unreachable, "network"),
    (lost, "network"),
    (late, "network"),
    (flooded, "flood"),
    (broken, "server"),
    (unreadable, "server"),
    (wrong, "refused"),
    (forbidden, "refused"),
    (moved, "refused"),
    (too_large, "refused"),
]


async def call(method: Method, metrics: Metrics, failure: HowItFails | None = None) -> None:
    """Make a call that fails as told, or succeeds."""

    async def answer(_bot: Bot, method: Method) -> Response[Any]:
        if failure is not None:
            raise failure(method)
        return Response[Any](ok=True)

    await CallCounting(metrics)(answer, Bot("123456789:" + "a" * 35), method)


async def test_calls_are_counted_by_what_telegram_calls_them() -> None:
    metrics = Metrics()

    for method in (
        GetMe(),
        SendMessage(chat_id=7, text="hi"),
        LiveSend(chat_id=7, text="h"),
    ):
        await call(method, metrics)

    assert counted(metrics.telegram_calls) == {("getMe", "ok"): 1, ("sendMessage", "ok"): 2}


@pytest.mark.parametrize(("failure", "outcome"), OUTCOMES)
async def test_a_failure_is_counted_and_goes_on(failure: HowItFails, outcome: str) -> None:
    metrics = Metrics()

    with pytest.raises(AiogramError):
        await call(GetMe(), metrics, failure)

    assert counted(metrics.telegram_calls) == {("getMe", outcome): 1}


async def test_the_quiet_that_telegram_demands_adds_up() -> None:
    def demanding(method: Method) -> Exception:
        return TelegramRetryAfter(method=method, message="slow down", retry_after=14)

    metrics = Metrics()
    for _ in range(2):
        with suppress(TelegramRetryAfter):
            await call(GetMe(), metrics, demanding)

    assert counted(metrics.flood_seconds) == {(): 28}
