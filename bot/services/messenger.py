"""How people hear of what they did not ask; the bot's side of it is in `bot.telegram`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.model import ConversationKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A message key and its arguments, for somebody to be told in their language."""

    key: str
    arguments: Mapping[str, str | int] = field(default_factory=dict)


class Messenger(Protocol):
    """Tells people something; a failure is an answer, never an error."""

    async def tell(
        self, key: ConversationKey, note: Note, *, language: str | None, is_quiet: bool = False
    ) -> bool:
        """Send a message, and say whether it arrived; a quiet one makes no sound."""
