"""Who may use the bot, and who owns it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
