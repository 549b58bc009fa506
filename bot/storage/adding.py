"""How a question becomes a turn: one for each message, and one in place of each other turn."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Executable, Select, func, literal, select
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.model import Question, Turn, TurnState
from bot.storage.questions import question_values
from bot.storage.tables import turns


def insert_first(question: Question) -> Executable:
    """Build the storing of a question, which adds nothing when it was stored before."""
    return (
        insert(turns)
        .values({**_values_of(question), "answer": ""})
        .on_conflict_do_nothing()
        .returning(*turns.c)
    )


def insert_replacing(question: Question, replaced: Turn, *, is_continued: bool) -> Executable:
    """Build the storing of a question whose answer takes the place of another turn's.

    It adds nothing when that turn is not there any more, or has been replaced before. One that
    goes on with the answer begins with it.
    """
    row: dict[str, ColumnElement[object]] = {
        name: literal(value, turns.c[name].type) for name, value in _values_of(question).items()
    }
    row["replaces_id"] = turns.c.id
    row["answer"] = turns.c.answer if is_continued else literal("", turns.c.answer.type)
    row["continued_at"] = func.length(row["answer"])
    known = select(*row.values()).where(
        turns.c.id == replaced.id,
        turns.c.chat_id == question.key.chat_id,
        turns.c.state != TurnState.FORGOTTEN,
    )
    return insert(turns).from_select(list(row), known).on_conflict_do_nothing().returning(*turns.c)


def select_stored(question: Question, replaced: Turn | None) -> Select[*tuple[object, ...]]:
    """Select the turn that the same storing has added before, if nobody went on with it."""
    row = {**_values_of(question), "replaces_id": replaced.id if replaced else None}
    told_apart_by = ("chat_id", "message_id", "inline_message_id", "asked_at", "replaces_id")
    return select(turns).where(
        turns.c.state == TurnState.WAITING,
        *(turns.c[name] == row[name] for name in told_apart_by),
    )


def _values_of(question: Question) -> Mapping[str, object]:
    return {
        **question_values(question),
        "inline_message_id": question.inline_message_id,
        "state": TurnState.WAITING,
    }
