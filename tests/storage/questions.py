"""A question, and how it gets into the store."""

from datetime import UTC, datetime

from bot.model import ConversationKey, Question, Turn
from bot.storage.history import HistoryStore

FIRST_MOMENT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

TOPIC = ConversationKey(chat_id=-1001234567890, thread_id=7)
QUESTION = Question(
    key=TOPIC,
    message_id=1,
    person_id=5_000_000_001,
    language="ru",
    asked_at=FIRST_MOMENT,
    prompt="Где библиотека?",
)


async def added(history: HistoryStore, question: Question = QUESTION) -> Turn:
    turn = await history.add(question)
    assert turn is not None
    return turn
