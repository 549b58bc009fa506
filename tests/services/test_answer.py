import pytest

from bot.elumenta import Finished, Generation, GenerationStatus, Started, TextDelta
from bot.errors import AnswerBroken, AnswerEmpty, ServiceFailed
from bot.model import TurnState
from bot.services.answer import Hearing
from bot.services.turns import StopReason


def heard(*pieces: str) -> Hearing:
    hearing = Hearing(lambda _piece: None)
    for piece in pieces:
        hearing.take(TextDelta(text=piece))
    return hearing


def test_pieces_are_passed_on_as_they_come_and_kept_together() -> None:
    written: list[str] = []
    hearing = Hearing(written.append)

    for event in (Started(id="7"), TextDelta(text="a"), TextDelta(text="b")):
        hearing.take(event)
    hearing.take(Finished(tokens_spent=3))

    assert written == ["a", "b"]
    assert (hearing.text, hearing.generation_id, hearing.tokens_spent) == ("ab", "7", 3)


def test_the_whole_answer_takes_the_place_of_its_pieces() -> None:
    hearing = heard("half")
    status = GenerationStatus.COMPLETED

    hearing.correct(Generation(id="7", status=status, text="half and half", tokens_spent=2))

    assert (hearing.text, hearing.tokens_spent) == ("half and half", 2)


@pytest.mark.parametrize(
    ("text", "stopped", "state"),
    [
        ("words", None, TurnState.ANSWERED),
        ("words", StopReason.PERSON, TurnState.STOPPED),
        ("", StopReason.PERSON, TurnState.STOPPED),
        ("words", StopReason.SHUTDOWN, TurnState.INTERRUPTED),
        ("", StopReason.SHUTDOWN, TurnState.INTERRUPTED),
    ],
)
def test_an_end_keeps_what_came(text: str, stopped: StopReason | None, state: TurnState) -> None:
    answer = heard(text).conclude(stopped=stopped, error=None)

    assert (answer.state, answer.text, answer.error) == (state, text, None)


def test_a_failure_after_words_is_a_break_and_before_them_its_own_reason() -> None:
    error = ServiceFailed()

    broken = heard("words").conclude(stopped=None, error=error)
    failed = heard().conclude(stopped=None, error=error)

    assert (broken.state, type(broken.error)) == (TurnState.BROKEN, AnswerBroken)
    assert (failed.state, failed.error) == (TurnState.FAILED, error)


@pytest.mark.parametrize("nothing", ["", " ", "\n\t"])
def test_an_answer_without_words_is_a_failure(nothing: str) -> None:
    answer = heard(nothing).conclude(stopped=None, error=None)

    assert (answer.state, type(answer.error)) == (TurnState.FAILED, AnswerEmpty)
