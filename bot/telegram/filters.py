"""Which messages go to which handler.

All of them are coroutines that never wait: aiogram runs anything else in a thread, magic filters
included, and conversations take their order from the order in which handlers begin.
"""

from aiogram.enums import ChatMemberStatus
from aiogram.types import (
    CallbackQuery,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
    User,
)

from bot.i18n import Translator
from bot.model import MediaKind
from bot.services.access import AccessService
from bot.telegram.addressing import MEDIA, is_addressed, is_from_bot, is_reply_to, person_of
from bot.telegram.prompt_question import asked_kind

SPEAKING = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR})
GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.KICKED})


async def from_person(message: Message) -> bool:
    """Let nothing through that another bot wrote, lest two bots talk for ever."""
    return not is_from_bot(message)


async def from_admin(event: Message | CallbackQuery, access: AccessService) -> bool:
    """Let through what an admin wrote or pressed under their own name."""
    person_id = person_of(event) if isinstance(event, Message) else event.from_user.id
    return access.is_admin(person_id)


async def private(message: Message) -> bool:
    """Let through what nobody else can read."""
    return message.chat.type == "private"


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


async def departure(event: ChatMemberUpdated) -> bool:
    """Let through that the bot is in a group no longer."""
    return event.chat.type != "private" and event.new_chat_member.status in GONE


async def migration(message: Message) -> bool:
    """Let through the note that a group became a supergroup."""
    return message.migrate_to_chat_id is not None


def _is_command(message: Message) -> bool:
    entities = message.entities or []
    return any(entity.type == "bot_command" and entity.offset == 0 for entity in entities)
