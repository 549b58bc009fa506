"""Topics of private chats, which are named by what is asked first in them."""

from textwrap import shorten

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import Message

from bot.storage.notices import NoticeStore
from bot.telegram.session import describe

NAMELESS = "nameless_topic"
"""A kind of notice: a topic which Telegram gave some name."""

MAX_NAME_LENGTH = 64
"""Half of what Telegram takes, and as much as a list of topics shows."""

log = structlog.get_logger(__name__)


class Topics:
    """Names the topics that people open by writing beside all others."""

    def __init__(self, bot: Bot, notices: NoticeStore) -> None:
        self._bot = bot
        self._notices = notices

    async def note(self, message: Message) -> None:
        """Remember that the topic that this message opens has no name of its own yet."""
        await self._notices.take(NAMELESS, _topic_of(message))

    async def name_after(self, message: Message, subject: str) -> None:
        """Name the topic of a question after it, once; where that is refused it stays as it is."""
        thread_id = message.message_thread_id if message.is_topic_message else None
        name = topic_name(subject)
        if message.chat.type != "private" or thread_id is None or not name:
            return
        if not await self._notices.forget(NAMELESS, _topic_of(message)):
            return
        try:
            await self._bot.edit_forum_topic(message.chat.id, thread_id, name=name)
        except AiogramError as error:
            log.info("topic.not_named", failure=describe(error))


def topic_name(subject: str) -> str:
    """Make one line of a question, cut at a word where it is long."""
    line = " ".join(subject.split())
    name = shorten(line, MAX_NAME_LENGTH, placeholder="…")
    return f"{line[: MAX_NAME_LENGTH - 1]}…" if name == "…" != line else name


def _topic_of(message: Message) -> str:
    return f"{message.chat.id}:{message.message_thread_id}"
