"""What the stand-in remembers of its callers."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue


@dataclass(slots=True, kw_only=True)
class Request:
    """One HTTP request; `at` is a reading of time.monotonic()."""

    at: float
    method: str
    path: str
    headers: Mapping[str, str]
    body: JsonValue
    """The decoded JSON, or None where there was none."""
    status: int | None = None
    """What was answered; None while, or because, nothing is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Tokens really taken from the balance."""

    generation_id: str
    model: str
    tokens: int
