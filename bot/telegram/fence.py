"""Keeps a replica from speaking in chats that others may see to by now."""

from collections.abc import Callable

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import AiogramError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType


class Silenced(AiogramError):
    """A call was not made, since this replica may have been taken for dead."""


class Fence(BaseRequestMiddleware):
    """Lets no call through while *may_speak* says no: it asks at the last moment."""

    def __init__(self, may_speak: Callable[[], bool]) -> None:
        self._may_speak = may_speak

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        if not self._may_speak():
            raise Silenced
        return await make_request(bot, method)
