"""Every failure becomes one sentence in the person's language."""

import structlog
from aiogram import Router
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent, Message

from bot.errors import BotError
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.pacer import Pacer
from bot.telegram.session import describe

MAX_DELAY_SECONDS = 5.0
"""A refusal that Telegram's limits would delay for longer is not worth telling."""

log = structlog.get_logger(__name__)


def create_router() -> Router:
    """Answer for all handlers; they do not catch."""
    router = Router(name=__name__)
    router.errors.register(refuse, ExceptionTypeFilter(BotError))
    router.errors.register(lose, ExceptionTypeFilter(TelegramForbiddenError))
    router.errors.register(miss, ExceptionTypeFilter(AiogramError))
    router.errors.register(fail)
    return router


async def refuse(event: ErrorEvent, languages: ChatLanguages, pacer: Pacer) -> None:
    """Tell a person what they can be told, unless they get to hear it faster than they can read.

    Otherwise whoever floods a chat would fill the queue of everybody's answers with refusals.
    """
    message = _message(event)
    if message is not None and pacer.delay(message.chat.id) > MAX_DELAY_SECONDS:
        log.info("refusal.dropped", key=str(event.exception))
    elif isinstance(event.exception, BotError):
        await _tell(event, languages, event.exception)


async def lose(event: ErrorEvent) -> None:
    """Note that a chat does not want the bot any more; there is nobody to tell."""
    log.info("chat.lost", failure=describe(event.exception))


async def miss(event: ErrorEvent, languages: ChatLanguages) -> None:
    """Note a call that Telegram did not take, without its traceback: that may quote people."""
    log.error("call.failed", failure=describe(event.exception))
    await _tell(event, languages, BotError())


async def fail(event: ErrorEvent, languages: ChatLanguages) -> None:
    """Log a mistake of ours and say that there was one."""
    log.error("update.failed", update=event.update.update_id, exc_info=event.exception)
    await _tell(event, languages, BotError())


def _message(event: ErrorEvent) -> Message | None:
    return event.update.message or event.update.edited_message


async def _tell(event: ErrorEvent, languages: ChatLanguages, error: BotError) -> None:
    """Answer the message or the press; whoever asks from another chat is answered by handlers."""
    cause: Message | CallbackQuery | None = _message(event) or event.update.callback_query
    if cause is None:
        return

    place = cause if isinstance(cause, Message) else cause.message
    t = languages.localizer(None if place is None else place.chat.id, cause.from_user)
    text = t(error.key, **error.arguments)
    try:
        if isinstance(cause, Message):
            await cause.reply(text)
        else:
            await _answer(cause, text, is_refused=isinstance(event.exception, BotError))
    except AiogramError as failure:
        log.warning("error.not_told", key=error.key, failure=describe(failure))


async def _answer(press: CallbackQuery, text: str, *, is_refused: bool) -> None:
    """Pop it up; what broke after the press was answered is told in a message instead."""
    try:
        await press.answer(text, show_alert=True)
    except TelegramBadRequest:
        if is_refused or not isinstance(press.message, Message):
            raise
        await press.message.reply(text)
