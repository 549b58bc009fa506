"""What a person asked, as columns that several tables have."""

from collections.abc import Mapping

from sqlalchemy import RowMapping

from bot.model import ConversationKey, Question


def question_values(question: Question) -> Mapping[str, object]:
    """Spread a question over its columns."""
    return {
        "chat_id": question.key.chat_id,
        "thread_id": question.key.thread_id,
        "message_id": question.message_id,
        "person_id": question.person_id,
        "language": question.language,
        "asked_at": question.asked_at,
        "prompt": question.prompt,
    }


def read_question(row: RowMapping) -> Question:
    """Make a question of its columns; an order has none for an inline message."""
    return Question(
        key=ConversationKey(chat_id=row["chat_id"], thread_id=row["thread_id"]),
        message_id=row["message_id"],
        person_id=row["person_id"],
        language=row["language"],
        asked_at=row["asked_at"],
        prompt=row["prompt"],
        inline_message_id=row.get("inline_message_id"),
    )
