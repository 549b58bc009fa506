"""What somebody waits for until the bot answers it by its id."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Generic, TypeVar

from bot.sandbox.telegram.change import Change

T = TypeVar("T")


@dataclass(kw_only=True, eq=False)
class Query(Generic[T]):
    """A question that a bot answers once and soon, or not at all."""

    valid_seconds: ClassVar[float] = 30

    id: str
    change: Change
    clock: Callable[[], float]
    asked_at: float = field(init=False)
    result: T | None = field(init=False, default=None)
    """What the bot answered; None as long as it did not."""

    def __post_init__(self) -> None:
        self.asked_at = self.clock()

    @property
    def is_open(self) -> bool:
        return self.result is None and self.clock() - self.asked_at <= self.valid_seconds

    async def answer(self, timeout: float = 5) -> T:  # noqa: ASYNC109 - a test's own words
        """Wait for the bot; `AssertionError` when it stays silent."""
        try:
            return await self.change.until(lambda: self.result, seconds=timeout)
        except TimeoutError as error:
            message = f"{self} was not answered within {timeout} s"
            raise AssertionError(message) from error

    def resolve(self, result: T) -> None:
        self.result = result
        self.change.announce()
