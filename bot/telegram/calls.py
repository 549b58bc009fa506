"""Counts calls to Telegram, by how they end."""

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from bot.metrics import Metrics


class CallCounting(BaseRequestMiddleware):
    """Counts each attempt of each call; to be the last middleware, next to the connection."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        try:
            response = await make_request(bot, method)
        except AiogramError as error:
            self._count(method, outcome=_outcome(error))
            if isinstance(error, TelegramRetryAfter):
                self._metrics.flood_seconds.inc(error.retry_after)
            raise
        self._count(method, outcome="ok")
        return response

    def _count(self, method: TelegramMethod[TelegramType], *, outcome: str) -> None:
        self._metrics.telegram_calls.labels(method=method.__api_method__, outcome=outcome).inc()


def _outcome(error: AiogramError) -> str:
    match error:
        case TelegramRetryAfter():
            return "flood"
        case TelegramEntityTooLarge():
            return "refused"
        case TelegramNetworkError():
            return "network"
        case TelegramServerError() | ClientDecodeError():
            return "server"
        case _:
            return "refused"
