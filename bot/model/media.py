"""Orders of pictures and videos."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.conversation import Question


class MediaKind(StrEnum):
    """What can be ordered besides answers."""

    IMAGE = "image"
    VIDEO = "video"


class JobState(StrEnum):
    """How far an order has come; the first five go on by themselves, the others are ends."""

    OFFERED = "offered"
    """Shown with its price; nothing is spent before its person agrees."""
    CREATED = "created"
    """Stored; the request was not sent yet."""
    UNKNOWN = "unknown"
    """The request went out; until its answer is stored nobody knows whether it was taken."""
    PENDING = "pending"
    """Taken, and being made."""
    READY = "ready"
    """Made and paid for, but not shown yet."""
    DELIVERED = "delivered"
    """Shown to its person."""
    REFUSED = "refused"
    """Not taken by the service; nothing was charged."""
    FAILED = "failed"
    """Taken and not made, or nowhere to be found; nothing was charged."""
    EXPIRED = "expired"
    """Not made in time; it can be looked at again."""
    DECLINED = "declined"
    """An offer, or an order that was not sent yet, which its person did not want."""
    LAPSED = "lapsed"
    """Not agreed to, or not sent, in time; nothing was spent."""
    DROPPED = "dropped"
    """Its person stopped waiting; it can be looked at again."""
    UNDELIVERABLE = "undeliverable"
    """Made and paid for, but the chat does not want the bot; kept for its return."""


RUNNING = frozenset({JobState.CREATED, JobState.UNKNOWN, JobState.PENDING, JobState.READY})
"""States in which somebody waits for a result."""

OPEN = RUNNING | {JobState.OFFERED}
"""States that soon change again."""

SHOWN = frozenset({JobState.READY, JobState.DELIVERED})
"""States with buttons under a result: people may press them before Telegram says that it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """What an order costs, in tokens; both are the same where the price is exact."""

    min_tokens: int
    max_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaResult:
    """A picture or video that was made; None is what the service did not tell."""

    url: str
    tokens_spent: int | None = None
    seed: int | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    """How long a video plays."""
    processing_seconds: float | None = None
    """How long it took to make."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an order ended without a result: what a `BotError` tells, ready to be stored."""

    key: str
    arguments: Mapping[str, str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """An order before it is stored.

    `params` go to the service as they are and have its names, such as `aspect_ratio`. An order
    repeated by a button names the job it repeats: each job can be repeated once.
    """

    question: Question
    kind: MediaKind
    model: str
    params: Mapping[str, str | int]
    price: PriceRange | None = None
    """None where the order needs nobody's consent."""
    again_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaJob:
    """An order of a picture or a video, and what became of it."""

    id: int
    question: Question
    kind: MediaKind
    model: str
    params: Mapping[str, str | int]
    price: PriceRange | None
    state: JobState
    created_at: datetime
    waiting_since: datetime | None
    """When the request went out, or when it was last asked to be looked at again."""
    finished_at: datetime | None
    generation_id: str | None
    eta_seconds: int | None
    result: MediaResult | None
    failure: Failure | None
    status_message_id: int | None
    """The Telegram message that says how far the job is."""
    looks: int
    """How often the service was asked about it since `waiting_since`."""
    failures: int
    """How many attempts at its present step went wrong in a row."""
    due_at: datetime | None
    """When there is something to do for it; None when all is done."""
    lease: str | None
    """Proof of whoever works on it; others cannot change it meanwhile."""
