"""Which messages go to which handler.

All of them are coroutines that never wait: aiogram runs anything else in a thread, magic filters
included, and conversations take their order from the order in which handlers begin.
"""

from aiogram.enums import ChatMemberStatus, ChatType, ContentType
from aiogram.types import (
    CallbackQuery,
    ChatMemberRestricted,
    ChatMemberUnion,
    ChatMemberUpdated,
    Message,
    User,
)

from bot.i18n import Translator
from bot.model import MediaKind
from bot.services.access import AccessService
from bot.telegram.addressing import (
    MEDIA,
    is_addressed,
    is_command,
    is_from_bot,
    is_reply_to,
    person_of,
)
from bot.telegram.pastes import Pastes
from bot.telegram.prompt_question import asked_kind

SPEAKING = frozenset({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR})
GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.KICKED})


async def from_person(message: Message, me: User) -> bool:
    """Let nothing through that a bot wrote, lest two bots talk for ever.

    What somebody picked of this bot's own results stands in their name, and is answered already.
    """
    is_own = message.via_bot is not None and message.via_bot.id == me.id
    return not is_own and not is_from_bot(message)


async def from_admin(event: Message | CallbackQuery, access: AccessService) -> bool:
    """Let through what an admin wrote or pressed under their own name."""
    person_id = person_of(event) if isinstance(event, Message) else event.from_user.id
    return access.is_admin(person_id)


async def from_welcome(message: Message, access: AccessService) -> bool:
    """Let through guests whom the bot serves wherever they are; others get no answer at all.

    Hidden authors could be anybody, so they have to be in nobody's list.
    """
    person_id = person_of(message)
    if person_id is None or is_from_bot(message) or access.is_denied(message.chat.id):
        return False
    is_known = person_id > 0 or access.is_open
    return is_known and access.allows(person_id=person_id, chat_id=person_id)


async def private(message: Message) -> bool:
    """Let through what nobody else can read."""
    return message.chat.type == "private"


async def to_bot(message: Message, me: User) -> bool:
    """Let through a text or a file that is addressed to the bot without a command."""
    is_readable = bool(message.text) or message.content_type == ContentType.DOCUMENT
    return is_readable and not is_command(message) and is_addressed(message, me)


async def to_paste(message: Message, pastes: Pastes) -> bool:
    """Let through what goes on with a text that its app had to send in several messages."""
    return not is_command(message) and pastes.expects(message)


async def to_prompt_question(
    message: Message, me: User, translator: Translator
) -> dict[str, MediaKind] | None:
    """Let through what people reply to the question for a prompt, and say for what it asked."""
    replied = message.reply_to_message
    if replied is None or not is_reply_to(message, me) or is_command(message):
        return None
    if not message.text and message.content_type not in MEDIA:
        return None
    kind = asked_kind(replied.text or "", translator)
    return None if kind is None else {"kind": kind}


async def private_command(message: Message) -> bool:
    """Let through any command of a private chat."""
    return message.chat.type == "private" and is_command(message)


async def private_media(message: Message) -> bool:
    """Let through what people send in private besides text."""
    return message.chat.type == "private" and message.content_type in MEDIA


async def admission(event: ChatMemberUpdated) -> bool:
    """Let through that the bot may speak in a chat, be it new there, back, or promoted."""
    return _is_inside(event.new_chat_member)


async def entry(event: ChatMemberUpdated) -> bool:
    """Let through that the bot has come to a group of which it was no member."""
    is_new = _is_inside(event.new_chat_member) and not _is_inside(event.old_chat_member)
    return is_new and event.chat.type in GROUPS


async def implicit_topic(message: Message) -> bool:
    """Let through that somebody wrote beside all topics in private, which opened one."""
    created = message.forum_topic_created
    is_private = message.chat.type == "private"
    return is_private and created is not None and bool(created.is_name_implicit)


async def departure(event: ChatMemberUpdated) -> bool:
    """Let through that the bot is in a group no longer."""
    return event.chat.type != "private" and event.new_chat_member.status in GONE


async def migration(message: Message) -> bool:
    """Let through the note that a group became a supergroup."""
    return message.migrate_to_chat_id is not None


def _is_inside(member: ChatMemberUnion) -> bool:
    if isinstance(member, ChatMemberRestricted):
        return member.is_member
    return member.status in SPEAKING
