from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stamina
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    DeleteMessage,
    Response,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVideo,
    TelegramMethod,
)
from aiohttp import ClientConnectorError
from aiohttp.client_reqrep import ConnectionKey

from bot.telegram.pacer import Pacer
from bot.telegram.session import Delivery, LiveSend

Method = TelegramMethod[Any]
Failure = Callable[[Method], Exception]

SEND = SendMessage(chat_id=7, text="hi")
NEW_MESSAGES = [
    SEND,
    SendPhoto(chat_id=7, photo="file-id"),
    SendVideo(chat_id=7, video="file-id"),
    SendDocument(chat_id=7, document="file-id"),
]


@pytest.fixture(autouse=True)
def impatience() -> Iterator[None]:
    """Waits between attempts take no time."""
    with stamina.set_testing(True, attempts=20):
        yield


class Telegram:
    """Fails as told, then accepts everything."""

    def __init__(self, *failures: Failure) -> None:
        self.failures = list(failures)
        self.received: list[Method] = []

    async def __call__(self, _bot: Bot, method: Method) -> Response[Any]:
        self.received.append(method)
        if self.failures:
            raise self.failures.pop(0)(method)
        return Response[Any](ok=True)


async def deliver(telegram: Telegram, method: Method, pacer: Pacer | None = None) -> None:
    bot = Bot("123456789:" + "a" * 35)
    await Delivery(pacer or Pacer())(telegram, bot, method)


def unreachable(method: Method) -> Exception:
    error = TelegramNetworkError(method=method, message="no way")
    key = ConnectionKey("host", 443, True, True, None, None, None)  # noqa: FBT003
    error.__cause__ = ClientConnectorError(key, OSError("refused"))
    return error


def lost(method: Method) -> Exception:
    return TelegramNetworkError(method=method, message="cut")


def flooded(method: Method) -> Exception:
    return TelegramRetryAfter(method=method, message="slow down", retry_after=0)


def moved(method: Method) -> Exception:
    return TelegramMigrateToChat(method=method, message="moved", migrate_to_chat_id=-100)


def wrong(method: Method) -> Exception:
    return TelegramBadRequest(method=method, message="wrong")


def too_large(method: Method) -> Exception:
    return TelegramEntityTooLarge(method=method, message="too large")


def broken(method: Method) -> Exception:
    return TelegramServerError(method=method, message="bad gateway")


async def test_what_was_never_sent_is_sent_until_it_arrives() -> None:
    telegram = Telegram(*[unreachable] * 5)

    await deliver(telegram, SEND)

    assert len(telegram.received) == 6


@pytest.mark.parametrize("failure", [lost, broken])
@pytest.mark.parametrize("message", NEW_MESSAGES)
async def test_a_new_message_that_may_have_arrived_is_sent_twice_at_most(
    failure: Failure, message: Method
) -> None:
    telegram = Telegram(*[failure] * 5)

    with pytest.raises((TelegramNetworkError, TelegramServerError)):
        await deliver(telegram, message)

    assert len(telegram.received) == 2


async def test_what_may_be_done_twice_is_repeated_freely() -> None:
    telegram = Telegram(lost, broken, lost, broken)

    await deliver(telegram, DeleteMessage(chat_id=7, message_id=1))

    assert len(telegram.received) == 5


async def test_flood_control_is_waited_out() -> None:
    telegram = Telegram(flooded, flooded)

    await deliver(telegram, SEND)

    assert len(telegram.received) == 3


async def test_a_call_to_a_group_that_moved_goes_where_it_went() -> None:
    telegram = Telegram(moved)

    await deliver(telegram, SendMessage(chat_id=-5, text="hi"))

    assert [getattr(call, "chat_id", None) for call in telegram.received] == [-5, -100]


@pytest.mark.parametrize("failure", [unreachable, lost, flooded, broken])
async def test_frames_are_never_repeated(
    failure: Failure,
) -> None:
    telegram = Telegram(failure)

    with pytest.raises((TelegramNetworkError, TelegramRetryAfter, TelegramServerError)):
        await deliver(telegram, LiveSend(chat_id=7, text="hi"))

    assert len(telegram.received) == 1


@pytest.mark.parametrize("failure", [wrong, too_large])
async def test_a_mistake_of_ours_is_not_repeated(failure: Failure) -> None:
    telegram = Telegram(failure)

    with pytest.raises((TelegramBadRequest, TelegramEntityTooLarge)):
        await deliver(telegram, NEW_MESSAGES[-1])

    assert len(telegram.received) == 1


@pytest.mark.parametrize("message", NEW_MESSAGES)
async def test_every_new_message_counts_towards_the_pace_of_its_chat(message: Method) -> None:
    pacer = Pacer(clock=lambda: 0)

    await deliver(Telegram(), message, pacer)

    assert pacer.delay(7, keep=1) > 0
