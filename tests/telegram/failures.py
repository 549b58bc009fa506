"""What may become of a call to Telegram."""

from collections.abc import Callable
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError
from aiohttp.client_reqrep import ConnectionKey

Method = TelegramMethod[Any]
HowItFails = Callable[[Method], Exception]


class Failing(BaseRequestMiddleware):
    """Lets calls fail before they go out, and counts them."""

    def __init__(self, failure: HowItFails, *, method: str) -> None:
        self._failure = failure
        self._method = method
        self.failed = 0

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if method.__api_method__ != self._method:
            return await make_request(bot, method)
        self.failed += 1
        raise self._failure(method)


def unreachable(method: Method) -> Exception:
    error = TelegramNetworkError(method=method, message="no way")
    key = ConnectionKey("host", 443, True, True, None, None, None)  # noqa: FBT003
    error.__cause__ = ClientConnectorError(key, OSError("refused"))
    return error


def lost(method: Method) -> Exception:
    return TelegramNetworkError(method=method, message="cut")


def late(method: Method) -> Exception:
    error = TelegramNetworkError(method=method, message="timeout")
    error.__cause__ = TimeoutError()
    return error


def broken(method: Method) -> Exception:
    return TelegramServerError(method=method, message="bad gateway")


def unreadable(_method: Method) -> Exception:
    return ClientDecodeError("Failed to decode object", ValueError("no JSON"), "<html>")


def flooded(method: Method) -> Exception:
    return TelegramRetryAfter(method=method, message="slow down", retry_after=0)


def moved(method: Method) -> Exception:
    return TelegramMigrateToChat(method=method, message="moved", migrate_to_chat_id=-100)


def wrong(method: Method) -> Exception:
    return TelegramBadRequest(method=method, message="Bad Request: wrong")


def forbidden(method: Method) -> Exception:
    return TelegramForbiddenError(method=method, message="Forbidden: bot was blocked")


def too_large(method: Method) -> Exception:
    return TelegramEntityTooLarge(method=method, message="too large")


UNSURE = [lost, late, broken, unreadable]
"""Failures after which nobody knows whether the call was carried out."""

CERTAIN = [unreachable, flooded, moved, wrong, forbidden, too_large]
"""Failures after which it certainly was not."""
