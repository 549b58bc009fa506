"""What the service makes, and what every answer tells besides."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class GenerationStatus(StrEnum):
    """How far a generation has come."""

    PENDING = "pending"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """What the service made, or is still making; None is what it did not tell."""

    id: str
    status: GenerationStatus
    model: str | None = None
    text: str | None = None
    url: str | None = None
    error: str | None = None
    tokens_spent: int | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    """How long a video or a sound plays."""
    seed: int | None = None
    processing_seconds: float | None = None
    """How long it took to make."""
    eta_seconds: float | None = None
    """How long it will still take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PastGeneration:
    """A generation as the account's history shows it."""

    generation: Generation
    prompt: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """How many requests the account has left; None is what the service did not tell."""

    limit_hour: int | None = None
    remaining_hour: int | None = None
    limit_day: int | None = None
    remaining_day: int | None = None
    hour_resets_at: datetime | None = None
