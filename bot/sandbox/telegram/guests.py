"""Questions to the bot in groups that it does not belong to."""

from dataclasses import dataclass

from bot.sandbox.telegram.model import Message
from bot.sandbox.telegram.query import Query
from bot.sandbox.telegram.room import Room


@dataclass(kw_only=True, eq=False)
class GuestQuery(Query[Message]):
    """A message that summons the bot; the result is the one message it may answer with."""

    room: Room
    message: Message

    def __str__(self) -> str:
        return f"the guest query {self.message.text!r}"
