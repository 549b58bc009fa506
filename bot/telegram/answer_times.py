"""How long a person waits for an answer, and what became of it."""

from time import monotonic

from bot.metrics import Metrics
from bot.model import ExpenseKind
from bot.services.answer import Answer


class AnswerTimes:
    """Counts one answer, from the moment at which this is built."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._began_at = monotonic()
        self._has_words = False

    def hear(self) -> None:
        """Note that words came."""
        if not self._has_words:
            self._has_words = True
            self._metrics.first_words.observe(monotonic() - self._began_at)

    def end(self, answer: Answer) -> None:
        """Note how it ended, and what it cost."""
        self._metrics.answers.labels(state=answer.state).inc()
        self._metrics.tokens.labels(kind=ExpenseKind.ANSWER).inc(answer.tokens_spent or 0)

    def show(self) -> None:
        """Note that all of it is shown."""
        self._metrics.whole_answers.observe(monotonic() - self._began_at)
