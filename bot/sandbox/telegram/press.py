"""A tap on a button, and what the bot makes of it."""

from dataclasses import dataclass

from bot.sandbox.telegram.model import CallbackAnswer
from bot.sandbox.telegram.query import Query


@dataclass(kw_only=True, eq=False)
class Press(Query[CallbackAnswer]):
    """A button that was pressed and shows a spinner until the bot answers."""

    data: str

    def __str__(self) -> str:
        return f"the press of {self.data!r}"
