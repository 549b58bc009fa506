"""A tap on a button, and what the bot makes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.telegram.change import Change
from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.model import CallbackAnswer

VALID_SECONDS = 30


@dataclass(kw_only=True, eq=False)
class Press:
    """A button that was pressed and shows a spinner until the bot answers."""

    id: str
    data: str
    change: Change
    clock: Callable[[], float]
    pressed_at: float = field(init=False)
    _answer: CallbackAnswer | None = None

    def __post_init__(self) -> None:
        self.pressed_at = self.clock()

    async def answer(self, timeout: float = 5) -> CallbackAnswer:  # noqa: ASYNC109 - a test's own words
        """Wait for the bot; `AssertionError` when the spinner never ends."""
        try:
            return await self.change.until(lambda: self._answer, seconds=timeout)
        except TimeoutError as error:
            message = f"the press of {self.data!r} was not answered within {timeout} s"
            raise AssertionError(message) from error

    def resolve(self, answer: CallbackAnswer) -> None:
        """Take the bot's answer, once and in time."""
        if self._answer is not None or self.clock() - self.pressed_at > VALID_SECONDS:
            refuse("query is too old and response timeout expired or query ID is invalid")

        self._answer = answer
        self.change.announce()
