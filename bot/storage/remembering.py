"""What a conversation remembers, and how much of it fits into a request."""

from sqlalchemy import ColumnElement, FromClause, Row, Select, exists, func, select, true

from bot.model import ConversationKey, Exchange, TurnState
from bot.storage.matching import belongs_to
from bot.storage.tables import turns

REMEMBERED = (
    TurnState.ANSWERED,
    TurnState.STOPPED,
    TurnState.BROKEN,
    TurnState.INTERRUPTED,
)
MOST_EXCHANGES = 200


def is_remembered(key: ConversationKey) -> ColumnElement[bool]:
    """Match the turns of a conversation whose answers nothing has taken the place of.

    What stands in a message elsewhere is no part of any conversation.
    """
    newer = turns.alias("newer")
    is_replaced = exists().where(newer.c.replaces_id == turns.c.id, _has_answer(newer))
    # What came in between may have failed, so that the newest answer replaces another turn.
    is_answered_anew = exists().where(
        newer.c.chat_id == turns.c.chat_id,
        newer.c.message_id == turns.c.message_id,
        newer.c.id > turns.c.id,
        # Another bot numbers its private messages from the start, and replaces nothing.
        newer.c.replaces_id.is_not(None),
        _has_answer(newer),
    )
    return (
        belongs_to(turns, key)
        & _has_answer(turns)
        & turns.c.inline_message_id.is_(None)
        & ~is_replaced
        & ~is_answered_anew
    )


def select_window(
    key: ConversationKey, *, characters: int, without_message: int | None
) -> Select[str, str, int]:
    """Select the prompts and answers of the newest turns that fit, oldest first.

    The newest one of all is there in any case. The sum runs back in time over sizes alone, so no
    text is copied that will not be used.
    """
    size = func.length(turns.c.prompt) + func.length(turns.c.answer)
    newest = (
        select(turns.c.id, turns.c.finished_at, size.label("size"))
        .where(is_remembered(key), _is_not_of(without_message))
        .order_by(turns.c.finished_at.desc(), turns.c.id.desc())
        .limit(MOST_EXCHANGES)
        .subquery()
    )
    backwards = (newest.c.finished_at.desc(), newest.c.id.desc())
    so_far = func.sum(newest.c.size).over(order_by=backwards, rows=(None, 0))
    summed = select(newest, so_far.label("so_far")).subquery()
    is_newest = summed.c.so_far == summed.c.size
    return (
        select(turns.c.prompt, turns.c.answer, summed.c.so_far)
        .join(summed, summed.c.id == turns.c.id)
        .where((summed.c.so_far <= characters) | is_newest)
        .order_by(summed.c.finished_at, summed.c.id)
    )


def read_exchange(row: Row[str, str, int], *, characters: int) -> Exchange:
    """Make an exchange of a row of `select_window`; of one that is too long both texts are cut."""
    prompt, answer, so_far = row
    if so_far <= characters:
        return Exchange(prompt=prompt, answer=answer)
    answer = answer[: characters // 2]
    return Exchange(prompt=prompt[: characters - len(answer)], answer=answer)


def _has_answer(table: FromClause) -> ColumnElement[bool]:
    return table.c.state.in_(REMEMBERED) & (table.c.answer != "")


def _is_not_of(message_id: int | None) -> ColumnElement[bool]:
    if message_id is None:
        return true()
    return turns.c.message_id.is_distinct_from(message_id)
