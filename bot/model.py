"""The values that all layers share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One finished turn as the model sees it."""

    prompt: str
    answer: str


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
    """An offer that its person did not want."""
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


class Standing(StrEnum):
    """What the owner decided about a person or a group."""

    ALLOWED = "allowed"
    DENIED = "denied"
    ASKED = "asked"
    """Nothing yet; they would like to use the bot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRule:
    """What holds for a person (id above 0) or a group (below 0)."""

    id: int
    standing: Standing
    name: str
    """As Telegram showed it last; empty where nobody knows."""
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """What is remembered of somebody who owns, or owned, the bot."""

    person_id: int
    language: str | None
    has_claimed: bool
    """They opened the one-time link."""
    has_menu: bool
    """Their menu shows the commands of admins."""
