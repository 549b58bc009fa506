"""What is stored about a person."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasable:
    """How much would go if a person were forgotten."""

    turns: int
    """Their questions with the answers, in all chats."""
    jobs: int
    """Their orders of pictures and videos, in all chats."""
