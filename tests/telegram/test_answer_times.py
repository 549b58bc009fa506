from bot.metrics import Metrics
from bot.model import TurnState
from bot.services.answer import Answer
from bot.telegram.answer_times import AnswerTimes
from tests.counts import counted


def test_only_the_first_words_are_timed() -> None:
    metrics = Metrics()
    answer = AnswerTimes(metrics)

    for _ in range(3):
        answer.hear()

    assert counted(metrics.first_words) == {(): 1}
    assert counted(metrics.whole_answers) == {(): 0}


def test_an_answer_is_counted_with_its_cost() -> None:
    metrics = Metrics()

    AnswerTimes(metrics).end(Answer(state=TurnState.ANSWERED, text="Hi", tokens_spent=3))
    AnswerTimes(metrics).end(Answer(state=TurnState.FAILED, text=""))

    assert counted(metrics.answers) == {("answered",): 1, ("failed",): 1}
    assert counted(metrics.tokens) == {("answer",): 3}


def test_an_answer_is_timed_when_it_is_shown() -> None:
    metrics = Metrics()

    AnswerTimes(metrics).show()

    assert counted(metrics.whole_answers) == {(): 1}
    assert counted(metrics.first_words) == {(): 0}
