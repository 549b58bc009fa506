"""One generation and how far it has come."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.sandbox.elumenta.media_order import MediaOrder
from bot.sandbox.elumenta.order import Order


class Status(StrEnum):
    """The documented states; the last two are final."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A picture or a video that was made, and where it lies."""

    url: str
    width: int
    height: int
    duration: int | None
    seed: int | None


@dataclass(slots=True, kw_only=True)
class Generation:
    """What became of an order. It keeps the id it was given, whatever the shape is later."""

    id: str
    order: Order | MediaOrder
    created_at: datetime
    status: Status = Status.PENDING
    text: str = ""
    result: Result | None = None
    error: str | None = None
    tokens: int = 0
    processing_ms: int | None = None
    takes: float | None = None
    """Seconds that a picture or a video needs."""
    eta_seconds: int | None = None
    """The same as its caller is told."""
    completed_at: datetime | None = None
    made_at: float | None = None
    """When it was completed, as a reading of time.monotonic()."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)
