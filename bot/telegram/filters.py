"""Which messages go to which handler.

All of them are coroutines that never wait: aiogram runs anything else in a thread, magic filters
included, and conversations take their order from the order in which handlers begin.
"""

from aiogram.types import Message, User

from bot.telegram.addressing import MEDIA, is_addressed, is_from_bot


async def from_person(message: Message) -> bool:
    """Let nothing through that another bot wrote, lest two bots talk for ever."""
    return not is_from_bot(message)


async def to_bot(message: Message, me: User) -> bool:
    """Let through a text that is addressed to the bot without a command."""
    return bool(message.text) and not _is_command(message) and is_addressed(message, me)


async def private_command(message: Message) -> bool:
    """Let through any command of a private chat."""
    return message.chat.type == "private" and _is_command(message)


async def private_media(message: Message) -> bool:
    """Let through what people send in private besides text."""
    return message.chat.type == "private" and message.content_type in MEDIA


async def migration(message: Message) -> bool:
    """Let through the note that a group became a supergroup."""
    return message.migrate_to_chat_id is not None


def _is_command(message: Message) -> bool:
    entities = message.entities or []
    return any(entity.type == "bot_command" and entity.offset == 0 for entity in entities)
