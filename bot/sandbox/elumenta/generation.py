"""One generation and how far it has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.sandbox.elumenta.order import Order


class Status(StrEnum):
    """The documented states; the last two are final."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(slots=True, kw_only=True)
class Generation:
    """What became of an order. It keeps the id it was given, whatever the shape is later."""

    id: str
    order: Order
    created_at: datetime
    status: Status = Status.PENDING
    text: str = ""
    error: str | None = None
    tokens: int = 0
    processing_ms: int | None = None
