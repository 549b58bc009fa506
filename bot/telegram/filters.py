"""Which messages go to which handler.

All of them are coroutines that never wait: aiogram runs anything else in a thread, magic filters
included, and conversations take their order from the order in which handlers begin.
"""

from aiogram.enums import ChatMemberStatus
from aiogram.types import ChatMemberRestricted, ChatMemberUpdated, Message, User

from bot.i18n import Translator
from bot.model import MediaKind
from bot.telegram.addressing import MEDIA, is_addressed, is_from_bot, is_reply_to
from bot.telegram.prompt_question import asked_kind

SPEAKING = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR})


async def from_person(message: Message) -> bool:
    """Let nothing through that another bot wrote, lest two bots talk for ever."""
    return not is_from_bot(message)


async def to_bot(message: Message, me: User) -> bool:
    """Let through a text that is addressed to the bot without a command."""
    return bool(message.text) and not _is_command(message) and is_addressed(message, me)


async def to_prompt_question(
    message: Message, me: User, translator: Translator
) -> dict[str, MediaKind] | None:
    """Let through what people reply to the question for a prompt, and say for what it asked."""
    replied = message.reply_to_message
    if replied is None or not is_reply_to(message, me) or _is_command(message):
        return None
    if not message.text and message.content_type not in MEDIA:
        return None
    kind = asked_kind(replied.text or "", translator)
    return None if kind is None else {"kind": kind}


async def private_command(message: Message) -> bool:
    """Let through any command of a private chat."""
    return message.chat.type == "private" and _is_command(message)


async def private_media(message: Message) -> bool:
    """Let through what people send in private besides text."""
    return message.chat.type == "private" and message.content_type in MEDIA


async def admission(event: ChatMemberUpdated) -> bool:
    """Let through that the bot may speak in a chat, be it new there, back, or promoted."""
    standing = event.new_chat_member
    if isinstance(standing, ChatMemberRestricted):
        return standing.is_member
    return standing.status in SPEAKING


async def migration(message: Message) -> bool:
    """Let through the note that a group became a supergroup."""
    return message.migrate_to_chat_id is not None


def _is_command(message: Message) -> bool:
    entities = message.entities or []
    return any(entity.type == "bot_command" and entity.offset == 0 for entity in entities)
