"""Which messages are meant for the bot, and what they ask."""

from aiogram.enums import ContentType
from aiogram.types import Chat, Message, MessageEntity, User

from bot.model import ConversationKey, Question
from bot.services.prompt import Quoted, TextFile, compose
from bot.telegram.rich_words import words_of

MEDIA = frozenset(
    {
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.DOCUMENT,
        ContentType.GAME,
        ContentType.LIVE_PHOTO,
        ContentType.LOCATION,
        ContentType.PAID_MEDIA,
        ContentType.PHOTO,
        ContentType.POLL,
        ContentType.RICH_MESSAGE,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)
"""What people send besides text; everything else is a note of Telegram's own."""


def conversation_of(message: Message) -> ConversationKey:
    """Find the memory a message belongs to.

    Telegram also numbers the reply threads of ordinary groups; only topics are conversations.
    """
    thread_id = message.message_thread_id if message.is_topic_message else None
    return ConversationKey(chat_id=message.chat.id, thread_id=thread_id)


def person_of(message: Message) -> int | None:
    """Say who wrote: a person, or the chat in whose name a hidden author did."""
    if message.sender_chat is not None:
        return message.sender_chat.id
    return message.from_user.id if message.from_user is not None else None


def is_from_bot(message: Message) -> bool:
    """Tell other bots, which must not be answered, from the accounts that stand for hidden people.

    What a channel publishes in its discussion group on its own is nobody's question either.
    """
    if message.is_automatic_forward:
        return True
    author = message.from_user
    return message.sender_chat is None and author is not None and author.is_bot


def is_addressed(message: Message, me: User) -> bool:
    """Say whether a message that is no command is meant for the bot."""
    if message.chat.type == "private":
        return True
    return is_reply_to(message, me) or any(_mentions(message, me))


def is_reply_to(message: Message, me: User) -> bool:
    """Say whether a message answers one of the bot's; the note that opens a topic is none."""
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return False
    return replied.from_user is not None and replied.from_user.id == me.id


def is_command(message: Message) -> bool:
    """Say whether a text, or what is written under a medium, begins with a command."""
    entities = message.entities or message.caption_entities or []
    return any(entity.type == "bot_command" and entity.offset == 0 for entity in entities)


def question_of(message: Message, text: str, *, language: str) -> Question:
    """Turn a message and the text it asks into a question.

    Raises PromptMissing when there is neither a text nor a message that it replies to.
    """
    return exact_question_of(message, prompt_of(message, text), language=language)


def prompt_of(message: Message, text: str, *, file: TextFile | None = None) -> str:
    """Put together what a message asks: who does, about what, and with which file.

    Raises PromptMissing when there is nothing of it.
    """
    is_alone = message.chat.type == "private" or message.guest_query_id is not None
    return compose(
        text,
        speaker=None if is_alone else _name(message.from_user, message.sender_chat),
        quoted=_quoted(message),
        file=file,
    )


def exact_question_of(message: Message, prompt: str, *, language: str) -> Question:
    """Turn a message into a question that is exactly this prompt."""
    return Question(
        key=conversation_of(message),
        message_id=message.message_id,
        person_id=person_of(message),
        language=language,
        asked_at=message.date,
        prompt=prompt,
    )


def quoted_text(message: Message) -> str:
    """Give the part that a person picked of the message they reply to, or else all of its text.

    In a topic, messages that reply to nothing still reply to the note that opened it.
    """
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        return ""
    rich = words_of(replied.rich_message) if replied.rich_message else ""
    picked = message.quote.text if message.quote else ""
    return picked or replied.text or replied.caption or rich


def text_without_mention(message: Message, me: User) -> str:
    """Give the text of a message without the mention that called the bot, at its start or end."""
    written = text = message.text or message.caption or ""
    for entity in _mentions(message, me):
        mention = entity.extract_from(written)
        text = text.strip().removeprefix(mention).removesuffix(mention)
    return text.strip(" ,:\n") if text != written else text


def _mentions(message: Message, me: User) -> list[MessageEntity]:
    text = message.text or message.caption or ""
    entities = message.entities or message.caption_entities or []
    name = f"@{me.username}".lower()
    return [
        entity
        for entity in entities
        if (entity.type == "mention" and entity.extract_from(text).lower() == name)
        or (entity.type == "text_mention" and entity.user is not None and entity.user.id == me.id)
    ]


def _quoted(message: Message) -> Quoted | None:
    replied, text = message.reply_to_message, quoted_text(message)
    if replied is None or not text:
        return None
    return Quoted(author=_name(replied.from_user, replied.sender_chat), text=text)


def _name(user: User | None, chat: Chat | None) -> str:
    if chat is not None:
        return chat.title or chat.full_name
    return user.full_name if user is not None else "?"
