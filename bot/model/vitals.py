"""How the parts of the program are doing."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """A sign of life of one part of the program."""

    is_well: bool
    note: str = ""
    """What is wrong, or good to know, for the operator."""
    at: datetime | None = None
    """When the part did its work last."""
