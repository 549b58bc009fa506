"""The values that all layers share."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationKey:
    """Where a conversation lives: a chat, or one topic of a forum."""

    chat_id: int
    thread_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person asked, and where the answer belongs.

    `message_id` is the Telegram message that asked; nothing is asked twice for one message.
    `person_id` is missing where Telegram hides the author: anonymous admins and channels.
    """

    key: ConversationKey
    message_id: int | None
    person_id: int | None
    language: str
    prompt: str


class TurnState(StrEnum):
    """How far a turn has come; all but the first two are ends."""

    WAITING = "waiting"
    """Stored, nothing spent yet."""
    ASKING = "asking"
    """The request is on its way and may have been paid for."""
    ANSWERED = "answered"
    """The whole answer is stored."""
    STOPPED = "stopped"
    """The person had enough; what came is stored."""
    BROKEN = "broken"
    """The service stopped in the middle; what came is stored."""
    FAILED = "failed"
    """Nothing came."""
    INTERRUPTED = "interrupted"
    """The bot itself was stopped in the middle; what came, if anything, is stored."""
    DROPPED = "dropped"
    """Taken back by its person before it was asked."""
    FORGOTTEN = "forgotten"
    """Its texts are gone; the row remains so that its message is not asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question of a person and what became of it."""

    id: int
    question: Question
    state: TurnState
    answer: str
    reason: str
    """Message key of what the person is told when the turn failed or broke, else empty."""
    message_ids: tuple[int, ...]
    """Telegram messages that show the answer, in order."""
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One finished turn as the model sees it."""

    prompt: str
    answer: str
