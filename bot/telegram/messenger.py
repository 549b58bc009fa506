"""Tells people in Telegram what they did not ask."""

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import SendMessage

from bot.i18n import Translator
from bot.model import ConversationKey
from bot.services.messenger import Note
from bot.telegram.sending import NO_PREVIEW, send_in_topic
from bot.telegram.session import describe

log = structlog.get_logger(__name__)


class TelegramMessenger:
    """Sends notes to the chats they are for."""

    def __init__(self, bot: Bot, translator: Translator) -> None:
        self._bot = bot
        self._translator = translator

    async def tell(
        self, key: ConversationKey, note: Note, *, language: str | None, is_quiet: bool = False
    ) -> bool:
        """Send a note, and say whether it surely arrived."""
        t = self._translator.for_locale(language)
        method = SendMessage(
            chat_id=key.chat_id,
            message_thread_id=key.thread_id,
            text=t(note.key, **note.arguments),
            link_preview_options=NO_PREVIEW,
            disable_notification=is_quiet,
        )
        try:
            await send_in_topic(self._bot, method)
        except AiogramError as error:
            log.warning("note.not_sent", note=note.key, failure=describe(error))
            return False
        return True
