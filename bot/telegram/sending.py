"""How a message gets to its place, and how it is changed there, whatever people did meanwhile."""

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import EditMessageText
from aiogram.types import LinkPreviewOptions, Message

from bot.telegram.session import NewMessage, describe

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

NOT_MODIFIED = "message is not modified"
"""Telegram's only sign that an edit had been made before; its error code says nothing."""

log = structlog.get_logger(__name__)


async def send_in_topic(
    bot: Bot, method: NewMessage, *, timeout_seconds: int | None = None
) -> Message:
    """Send a message to its topic, or beside it when the topic is gone."""
    try:
        return await bot(method, request_timeout=timeout_seconds)
    except TelegramBadRequest as error:
        if method.message_thread_id is None:
            raise
        # The topic may be gone: an answer beside its place is better than none.
        log.warning("topic.left", failure=describe(error))
        bare = {"message_thread_id": None, "reply_parameters": None}
        return await bot(method.model_copy(update=bare), request_timeout=timeout_seconds)


async def edit(bot: Bot, method: EditMessageText) -> bool:
    """Change a message; False when it is gone or cannot be changed any more."""
    try:
        await bot(method)
    except TelegramBadRequest as error:
        return NOT_MODIFIED in error.message
    return True
