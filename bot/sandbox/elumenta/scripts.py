"""What a test has told the stand-in to answer, until it was answered."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.sandbox.elumenta.making import Making
from bot.sandbox.elumenta.reply import Reply

T = TypeVar("T")


class Scripted:
    """Keeps the scripts of every path; each serves so many requests, the oldest first."""

    def __init__(self) -> None:
        self.order_scripts = Scripts[Reply | Making]()
        self.poll_scripts = Scripts[Reply]()
        self.price_scripts = Scripts[Reply]()
        self.balance_scripts = Scripts[Reply]()
        self.history_scripts = Scripts[Reply]()
        self.list_scripts = Scripts[Reply]()

    def script(
        self, answer: Reply | Making, *, contains: str | None = None, times: int = 1
    ) -> None:
        """Answer the next *times* requests whose newest text contains this with *answer*.

        Pictures and videos heed what a reply says about errors, cuts and waiting. Texts heed
        no making.
        """
        self.order_scripts.add(answer, contains=contains, times=times)

    def script_polls(self, reply: Reply, *, contains: str | None = None, times: int = 1) -> None:
        """Answer the next polls of generations whose prompt contains this with *reply*."""
        self.poll_scripts.add(reply, contains=contains, times=times)

    def script_prices(self, reply: Reply, *, times: int = 1) -> None:
        """Answer the next questions for a price with *reply*."""
        self.price_scripts.add(reply, times=times)

    def script_balances(self, reply: Reply, *, times: int = 1) -> None:
        """Answer the next questions for the balance with *reply*."""
        self.balance_scripts.add(reply, times=times)

    def script_history(self, reply: Reply, *, times: int = 1) -> None:
        """Answer the next questions for the history with *reply*."""
        self.history_scripts.add(reply, times=times)

    def script_models(self, reply: Reply, *, times: int = 1) -> None:
        """Answer the next questions for the list of models with *reply*."""
        self.list_scripts.add(reply, times=times)


class Scripts(Generic[T]):
    """Answers in the order in which they were scripted."""

    def __init__(self) -> None:
        self._scripts: list[_Script[T]] = []

    def add(self, answer: T, *, contains: str | None = None, times: int = 1) -> None:
        self._scripts.append(_Script(answer=answer, contains=contains or "", left=times))

    def take(self, text: str = "", *, skip: type | None = None) -> T | None:
        """Use up one answer to this text; those of the class *skip* are for others."""
        for script in self._scripts:
            is_for_others = skip is not None and isinstance(script.answer, skip)
            if script.left > 0 and script.contains in text and not is_for_others:
                script.left -= 1
                return script.answer
        return None


@dataclass(slots=True, kw_only=True)
class _Script(Generic[T]):
    answer: T
    contains: str
    left: int
