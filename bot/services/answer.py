"""What is heard of an answer, and how it ends."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from bot.elumenta import ChatEvent, Finished, Generation, Started, TextDelta
from bot.errors import AnswerBroken, AnswerEmpty, BotError
from bot.model import ExpenseOutcome, TurnState
from bot.services.turns import StopReason

LONG_ANSWER = 4_000
"""Characters from which an answer may have met a limit of the model's own."""

SENTENCE_ENDS = tuple(".!?…。！？:;)]}>\"'»”’`*_~|")  # noqa: RUF001 - ends of sentences in many scripts
FENCE = "```"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a turn ended: the text that came, and what went wrong, if anything did."""

    state: TurnState
    text: str
    error: BotError | None = None
    tokens_spent: int | None = None
    """None where the service did not tell."""
    model: str | None = None
    """The model that was asked; None where none was."""
    vanished: str | None = None
    """The model that the chat had chosen, where the service does not have it any more."""
    is_cut: bool = False
    """Whether it seems to end where it was allowed to, in place of where it meant to."""


class Hearing:
    """What has been heard of an answer so far; *write* gets each piece as it comes."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write = write
        self.model: str | None = None
        self.vanished: str | None = None
        self.max_tokens: int | None = None
        """How long the answer may become, where the chat set that."""
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
        return replace(
            self._outcome(stopped, error),
            tokens_spent=self.tokens_spent,
            model=self.model,
            # Where nothing is answered, the service tells nothing about the model.
            vanished=self.vanished if self.text and error is None else None,
        )

    def _outcome(self, stopped: StopReason | None, error: BotError | None) -> Answer:
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
                is_cut = looks_cut(self.text, max_tokens=self.max_tokens)
                return Answer(state=TurnState.ANSWERED, text=self.text, is_cut=is_cut)
            case _:
                assert_never(stopped)


def looks_cut(text: str, *, max_tokens: int | None) -> bool:
    """Guess whether an answer ends because it was not allowed to be longer.

    The service does not tell. A token is a character at least, nearly always more; so a shorter
    answer has not met the limit, and one that ends like a sentence had nothing to add.
    """
    shortest = LONG_ANSWER if max_tokens is None else min(max_tokens, LONG_ANSWER)
    said = text.rstrip()
    if len(said) < shortest:
        return False
    return said.count(FENCE) % 2 == 1 or not said.endswith(SENTENCE_ENDS)
