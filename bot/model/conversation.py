"""Questions, and what becomes of them."""

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
    """What a person asked, when, and where the answer belongs.

    `message_id` is the Telegram message that asked; nothing is asked twice for one message. The
    time tells it from one of another bot, which counts its private messages from the start.
    `person_id` is negative, a chat's, where Telegram hides the author: anonymous admins and
    channels.
    """

    key: ConversationKey
    message_id: int | None
    person_id: int | None
    language: str
    asked_at: datetime
    prompt: str
    inline_message_id: str | None = None
    """The message that shows the answer where the bot is no member; it takes no part in any
    memory."""

    @property
    def payer_id(self) -> int:
        """Whoever shares the account's requests with others: the author, or else the chat."""
        return self.key.chat_id if self.person_id is None else self.person_id


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


REPEATABLE = frozenset({TurnState.ANSWERED, TurnState.STOPPED})
"""Ends after which a question may be asked once more for another answer."""

RETRIABLE = frozenset({TurnState.FAILED, TurnState.BROKEN, TurnState.INTERRUPTED})
"""Ends after which a question may be asked again."""


def is_owned(person_id: int | None, *, by: int | None) -> bool:
    """Say whether a button of *person_id* obeys the one who pressed it.

    Telegram tells who presses, but not who wrote as a chat: such buttons obey everybody.
    """
    return person_id is None or person_id < 0 or person_id == by


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question of a person and what became of it."""

    id: int
    question: Question
    state: TurnState
    answer: str
    message_ids: tuple[int, ...]
    """Telegram messages that show the answer, in order."""
    was_asked: bool = True
    """Whether its request may have been sent; else its messages say only that it waits."""
    replaces_id: int | None = None
    """The turn whose answer this one shall take the place of."""
    continued_at: int = 0
    """How many characters of the answer an earlier turn gave, which this one goes on with."""

    @property
    def earlier_answer(self) -> str:
        """What an earlier turn answered, which this one goes on with; else empty."""
        return self.answer[: self.continued_at]

    @property
    def own_answer(self) -> str:
        """What this turn answered itself."""
        return self.answer[self.continued_at :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One finished turn as the model sees it."""

    prompt: str
    answer: str
