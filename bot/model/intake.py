"""What Telegram sends, on its way to a handler."""

from dataclasses import dataclass


class UpdateUnreadable(ValueError):
    """What came is no update."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An update as Telegram sent it.

    `chat_id` is the chat it belongs to, a person where there is no chat, and 0 where there is
    neither: updates with the same one are handled in order.
    """

    update_id: int
    chat_id: int
    body: str
    """The update, as JSON."""
    is_press: bool = False
    """Whether somebody pressed a button, perhaps to stop what keeps the program busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUpdate:
    """An update that was claimed, to be handled now."""

    id: int
    update_id: int
    chat_id: int
    body: str
    attempts: int
    """How often it was claimed, this time included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What a replica has to see to."""

    taken_over: frozenset[int]
    """Chats that nobody saw to any more: what was left open there comes first."""
    updates: tuple[StoredUpdate, ...]
    is_more: bool = False
    """Whether there may be more to claim at once."""
