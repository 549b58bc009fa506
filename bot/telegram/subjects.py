"""Whom a command of an admin is about: an id, the author of a message, or a group."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import Chat, Message, User

from bot.telegram.addressing import is_from_bot
from bot.telegram.session import describe

ID = re.compile(r"-?[0-9]{1,19}")
LARGEST_ID = 2**63 - 1
"""What the database takes."""

MAX_NAME_LENGTH = 60
LOOKED_UP_AT_ONCE = 5

JOINERS = "\u200c\u200d"
"""Characters that show nothing but hold emoji and letters of some scripts together."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person (id above 0) or a group (below 0), and what the command says besides."""

    id: int
    name: str = ""
    """As this chat shows it; empty where only the id is known."""
    language: str | None = None
    rest: str = ""


def subject_of(message: Message, args: str, *, values: int = 0) -> Subject | None:
    """Find out whom a command means; None when it does not say.

    It is an id if there are more words than the *values* that the command takes besides. Else it
    is the author of the message that the command replies to (a chat, where that hides its author)
    or, in a group and without a reply, the group itself.
    """
    words = args.split()
    if len(words) > values:
        return _named(words)

    subject = _around(message)
    if subject is not None:
        return replace(subject, rest=" ".join(words))
    return _named(words) if message.chat.type == "private" else None


def person_name(user: User) -> str:
    """Give what a person is called, fit for a line of text."""
    return _one_line(user.full_name, user.username)


def chat_name(chat: Chat) -> str:
    """Give what a group, or the person of a private chat, is called, fit for a line of text."""
    return _one_line(chat.title or chat.full_name, chat.username)


def label(subject_id: int, name: str) -> str:
    """Name somebody so that an owner can tell them from whoever has the same name."""
    return f"{name} ({subject_id})" if name else str(subject_id)


async def look_up_name(bot: Bot, subject_id: int) -> str:
    """Ask Telegram what a person or a group is called; empty where it does not tell."""
    try:
        return chat_name(await bot.get_chat(subject_id))
    except AiogramError as error:
        log.info("name.not_found", failure=describe(error))
        return ""


async def look_up_names(bot: Bot, subject_ids: Iterable[int]) -> dict[int, str]:
    """Ask Telegram what many are called, a few at a time."""
    at_once = asyncio.Semaphore(LOOKED_UP_AT_ONCE)

    async def look_up(subject_id: int) -> tuple[int, str]:
        async with at_once:
            return subject_id, await look_up_name(bot, subject_id)

    return dict(await asyncio.gather(*map(look_up, subject_ids)))


def _named(words: list[str]) -> Subject | None:
    if not words or not ID.fullmatch(words[0]):
        return None
    number = int(words[0])
    if number == 0 or abs(number) > LARGEST_ID:
        return None
    return Subject(id=number, rest=" ".join(words[1:]))


def _around(message: Message) -> Subject | None:
    replied = message.reply_to_message
    if replied is not None and replied.forum_topic_created is None:
        return _author(replied)
    if message.chat.type == "private":
        return None
    return Subject(id=message.chat.id, name=chat_name(message.chat))


def _author(message: Message) -> Subject | None:
    """Name who wrote; nobody means the bot itself, to whose messages people reply as well."""
    if is_from_bot(message):
        return None
    if message.sender_chat is not None:
        return Subject(id=message.sender_chat.id, name=chat_name(message.sender_chat))

    user = message.from_user
    if user is None:
        return None
    return Subject(id=user.id, name=person_name(user), language=user.language_code)


def _one_line(name: str, username: str | None) -> str:
    """Leave out what would let a name look like something else, or like several lines."""
    shown = (char if char.isprintable() or char in JOINERS else " " for char in name)
    line = " ".join("".join(shown).split())
    if len(line) > MAX_NAME_LENGTH:
        line = f"{line[: MAX_NAME_LENGTH - 1].rstrip()}…"
    return f"{line} @{username}".strip() if username else line
