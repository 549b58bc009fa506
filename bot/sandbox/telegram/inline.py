"""What people type after the name of the bot in any chat, and the results they may pick."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from bot.sandbox.telegram.model import Button, Entity, Person
from bot.sandbox.telegram.query import Query

MAX_QUERY_LENGTH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineResult:
    """An article that a person may pick, and the message that comes of it."""

    id: str
    title: str
    description: str | None
    text: str
    entities: list[Entity]
    buttons: list[list[Button]]


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineAnswer:
    """What a person is shown above the field where they type."""

    results: tuple[InlineResult, ...]
    button: str | None
    """The label of a button that leads to the chat with the bot."""
    cache_seconds: int
    is_personal: bool
    next_offset: str


@dataclass(kw_only=True, eq=False)
class InlineQuery(Query[InlineAnswer]):
    """Words that a person typed after the name of the bot."""

    # How long exactly is not documented; bots that took longer were refused.
    valid_seconds: ClassVar[float] = 10

    person: Person
    text: str
    offset: str
    is_delivered: bool = False
    """Whether the bot was asked: it need not want to be, and others' answers may do."""

    def __str__(self) -> str:
        return f"the inline query {self.text!r}"


class InlineCache:
    """Answers that Telegram gives again without asking the bot, even to others.

    Only those that the bot called personal stay with the person who asked.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[tuple[str, str, int | None], tuple[float, InlineAnswer]] = {}

    def keep(self, query: InlineQuery, answer: InlineAnswer) -> None:
        reader = query.person.id if answer.is_personal else None
        expires_at = self._clock() + answer.cache_seconds
        self._kept[query.text, query.offset, reader] = expires_at, answer

    def find(self, query: InlineQuery) -> InlineAnswer | None:
        for reader in (query.person.id, None):
            expires_at, answer = self._kept.get((query.text, query.offset, reader), (0, None))
            if answer is not None and self._clock() < expires_at:
                return answer

        return None
