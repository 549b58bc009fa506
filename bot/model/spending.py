"""What requests cost, and what may be spent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EVERYBODY = 0
"""The subject of the limit that holds for all people and chats together."""


class ExpenseKind(StrEnum):
    """What tokens are spent on."""

    ANSWER = "answer"
    IMAGE = "image"
    VIDEO = "video"


class ExpenseOutcome(StrEnum):
    """What became of a request that costs tokens."""

    OPEN = "open"
    """About to be sent, or sent; its tokens are reserved."""
    SPENT = "spent"
    """Charged."""
    UNCLEAR = "unclear"
    """Nobody knows whether it was charged; what was reserved counts."""
    FREE = "free"
    """It failed, and nothing was charged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What a request may cost, for the ledger to reserve before it is sent.

    Limits are told by subject: a person (above 0), a group (below 0), or `EVERYBODY`. They are
    those of the settings, 0 for none; what the owner set for one subject comes before them.
    """

    kind: ExpenseKind
    model: str
    tokens: int
    day: date
    """The owner's day."""
    limits: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What a subject has used of a day's limit, in tokens."""

    subject_id: int
    tokens: int
    limit: int | None
    """None: it may spend what it wants."""

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.tokens)

    @property
    def scope(self) -> str:
        """Whose limit it is, as texts name it: of a person, of a chat, or of all."""
        if self.subject_id == EVERYBODY:
            return "all"
        return "person" if self.subject_id > 0 else "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpentByKind:
    """What was spent on one kind of thing."""

    kind: ExpenseKind
    tokens: int
    requests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyUse:
    """What was asked of one model on one day; failures are requests that gave nothing."""

    day: date
    kind: ExpenseKind
    model: str
    tokens: int
    requests: int
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the bot was used for in a span of days, and by how many."""

    people: int
    chats: int
    days: tuple[DailyUse, ...]
