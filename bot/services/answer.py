"""What is heard of an answer, and how it ends."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from bot.elumenta import ChatEvent, Finished, Generation, Started, TextDelta
from bot.errors import AnswerBroken, AnswerEmpty, BotError
from bot.model import ExpenseOutcome, TurnState
from bot.services.turns import StopReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a turn ended: the text that came, and what went wrong, if anything did."""

    state: TurnState
    text: str
    error: BotError | None = None
    tokens_spent: int | None = None
    """None where the service did not tell."""


class Hearing:
    """What has been heard of an answer so far; *write* gets each piece as it comes."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self.is_asked = False
        self.may_be_charged = False
        self.text = ""
        self.generation_id: str | None = None
        self.tokens_spent: int | None = None

    @property
    def outcome(self) -> ExpenseOutcome | None:
        """What the request came to; None where none was sent."""
        if not self.is_asked:
            return None
        if not self.may_be_charged:
            return ExpenseOutcome.FREE
        has_something = self.text or self.tokens_spent is not None
        return ExpenseOutcome.SPENT if has_something else ExpenseOutcome.UNCLEAR

    def take(self, event: ChatEvent) -> None:
        """Hear the next event of the stream."""
        match event:
            case TextDelta(text=text):
                self.text += text
                self._write(text)
            case Started(id=generation_id):
                self.generation_id = generation_id
            case Finished(id=generation_id, tokens_spent=tokens_spent):
                self.generation_id = generation_id or self.generation_id
                self.tokens_spent = tokens_spent
            case _:
                assert_never(event)

    def correct(self, whole: Generation) -> None:
        """Replace what came in pieces by the whole answer."""
        self.text = whole.text or ""
        self.tokens_spent = whole.tokens_spent

    def conclude(self, *, stopped: StopReason | None, error: BotError | None) -> Answer:
        """Say what became of the answer; whatever came of it is kept."""
        if error is not None:
            if self.text:
                return Answer(state=TurnState.BROKEN, text=self.text, error=AnswerBroken())
            return Answer(state=TurnState.FAILED, text="", error=error)
        match stopped:
            case StopReason.PERSON:
                return Answer(state=TurnState.STOPPED, text=self.text)
            case StopReason.SHUTDOWN:
                return Answer(state=TurnState.INTERRUPTED, text=self.text)
            case None if not self.text.strip():
                return Answer(state=TurnState.FAILED, text="", error=AnswerEmpty())
            case None:
                return Answer(state=TurnState.ANSWERED, text=self.text)
            case _:
                assert_never(stopped)
