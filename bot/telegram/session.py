"""Every call to Telegram: paced, repeated where that is safe, redirected when a group moved."""

from datetime import timedelta
from typing import Generic

import stamina
import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramEntityTooLarge,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    EditMessageReplyMarkup,
    EditMessageText,
    Response,
    SendChatAction,
    SendDocument,
    SendMessage,
    SendMessageDraft,
    SendPhoto,
    SendRichMessage,
    SendVideo,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType
from aiohttp import ClientConnectorError

from bot.metrics import Metrics
from bot.telegram.calls import CallCounting
from bot.telegram.pacer import Pacer

PATIENCE = timedelta(minutes=15)
"""How long a call that must arrive is tried while Telegram is away or wants quiet."""

log = structlog.get_logger(__name__)


class LiveSend(SendMessage):
    """The first sight of what is under way; worthless when late."""


class LiveEdit(EditMessageText):
    """News of what is under way; worthless when late."""


DROPPABLE = (LiveSend, LiveEdit, SendMessageDraft, SendChatAction)
"""Calls that are given up rather than repeated: a newer one follows."""

NewMessage = SendMessage | SendRichMessage | SendPhoto | SendVideo | SendDocument
"""Calls that make a message, and another one each time."""

UPLOADS = (SendPhoto, SendVideo, SendDocument)

PACED = (
    SendMessage,
    SendRichMessage,
    SendPhoto,
    SendVideo,
    SendDocument,
    EditMessageText,
    EditMessageReplyMarkup,
    SendMessageDraft,
    SendChatAction,
)
"""Calls that count towards the limits of a chat."""


def create_bot(token: str, *, api_url: str, pacer: Pacer, metrics: Metrics) -> Bot:
    """Build the connection to Telegram, without a parse mode: texts go out with entities."""
    bot = connect(token, api_url=api_url)
    bot.session.middleware(Delivery(pacer))
    bot.session.middleware(CallCounting(metrics))
    return bot


def connect(token: str, *, api_url: str) -> Bot:
    """Build a plain connection to Telegram, which neither waits nor repeats."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(api_url))
    lenient = DefaultBotProperties(allow_sending_without_reply=True)
    return Bot(token, session=session, default=lenient)


def describe(error: Exception) -> str:
    """Name a failure for the log; an answer that could not be read may quote people's words."""
    return str(error) if isinstance(error, TelegramAPIError) else type(error).__name__


def may_have_arrived(error: Exception) -> bool:
    """Tell the failures after which nobody knows whether Telegram did what it was asked."""
    match error:
        case TelegramEntityTooLarge():  # no accident, although aiogram counts it as one
            return False
        case TelegramNetworkError(__cause__=ClientConnectorError()):
            return False
        case TelegramNetworkError() | TelegramServerError() | ClientDecodeError():
            return True
        case _:
            return False


class Delivery(BaseRequestMiddleware):
    """Sees to it that a call arrives once, as far as Telegram lets one know.

    Telegram has no idempotency key: a new message whose answer got lost may have arrived, so a
    call repeats it once at most, and an upload not at all. Anything else may be repeated freely.
    """

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        decision = _Decision(method)
        async for attempt in stamina.retry_context(
            on=decision, attempts=None, timeout=PATIENCE, wait_initial=0.5, wait_max=10
        ):
            with attempt:
                return await self._send(make_request, bot, decision.method)
        raise AssertionError  # the loop above returns or raises

    async def _send(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        chat_id = _paced_chat(method)
        if chat_id is None:
            return await make_request(bot, method)

        await self._pacer.admit(chat_id, is_new_message=_is_new_message(method))
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            self._pacer.hold(chat_id, error.retry_after)
            raise


class _Decision(Generic[TelegramType]):
    """Whether a failed call is made again, and in which form."""

    def __init__(self, method: TelegramMethod[TelegramType]) -> None:
        self.method = method
        self._is_uncertain = False

    def __call__(self, error: Exception) -> bool | float:
        if isinstance(self.method, DROPPABLE):
            return False
        decision = self._decide(error)
        if decision is not False:
            name = self.method.__api_method__
            log.warning("call.repeated", method=name, failure=describe(error))
        return decision

    def _decide(self, error: Exception) -> bool | float:
        match error:
            case TelegramRetryAfter(retry_after=seconds):
                return float(seconds) if _paced_chat(self.method) is None else 0.0
            case TelegramMigrateToChat(migrate_to_chat_id=chat_id):
                self.method = self.method.model_copy(update={"chat_id": chat_id})
                return 0.0
            case TelegramNetworkError(__cause__=ClientConnectorError()):
                return True
            case _ if may_have_arrived(error):
                return self._may_repeat_blindly()
            case _:
                return False

    def _may_repeat_blindly(self) -> bool:
        """A new message that may have arrived is sent once more, not again and again.

        Whoever uploads decides that for himself: it is long and large.
        """
        if isinstance(self.method, UPLOADS):
            return False
        if not _is_new_message(self.method):
            return True
        was_uncertain, self._is_uncertain = self._is_uncertain, True
        return not was_uncertain


def _is_new_message(method: object) -> bool:
    return isinstance(method, NewMessage)


def _paced_chat(method: object) -> int | None:
    """The chat whose limits a call counts towards, if it does."""
    if isinstance(method, PACED) and isinstance(method.chat_id, int):
        return method.chat_id
    return None
