"""How turns are read: the statements, and the values made of their rows."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from sqlalchemy import RowMapping, Select, func, select

from bot.model import ConversationKey, Turn, TurnState
from bot.storage.matching import belongs_to
from bot.storage.questions import read_question
from bot.storage.tables import turn_messages, turns

REMEMBERED = (
    TurnState.ANSWERED,
    TurnState.STOPPED,
    TurnState.BROKEN,
    TurnState.INTERRUPTED,
)
MOST_EXCHANGES = 200


def select_turns() -> Select[*tuple[object, ...]]:
    """Select turns in the order they were asked, one row for each message of an answer."""
    return (
        select(*turns.c, turn_messages.c.message_id.label("shown_in"))
        .outerjoin_from(turns, turn_messages, turn_messages.c.turn_id == turns.c.id)
        .order_by(turns.c.id, turn_messages.c.part)
    )


def read_turns(rows: Iterable[RowMapping]) -> list[Turn]:
    """Make the turns of the rows of `select_turns`."""
    found = []
    for _, group in groupby(rows, key=itemgetter("id")):
        first, *others = group
        shown_in = [row["shown_in"] for row in (first, *others)]
        found.append(read_turn(first, message_ids=tuple(filter(None, shown_in))))
    return found


def read_turn(row: RowMapping, message_ids: tuple[int, ...] = ()) -> Turn:
    """Make a turn of a row of the table."""
    return Turn(
        id=row["id"],
        question=read_question(row),
        state=row["state"],
        answer=row["answer"],
        message_ids=message_ids,
    )


def select_window(key: ConversationKey, *, characters: int) -> Select[str, str]:
    """Select the prompts and answers of the newest turns that fit, oldest first.

    The sum runs back in time over sizes alone, so no text is copied that will not be used.
    """
    size = func.length(turns.c.prompt) + func.length(turns.c.answer)
    newest = (
        select(turns.c.id, turns.c.finished_at, size.label("size"))
        .where(belongs_to(turns, key), turns.c.state.in_(REMEMBERED), turns.c.answer != "")
        .order_by(turns.c.finished_at.desc(), turns.c.id.desc())
        .limit(MOST_EXCHANGES)
        .subquery()
    )
    backwards = (newest.c.finished_at.desc(), newest.c.id.desc())
    so_far = func.sum(newest.c.size).over(order_by=backwards, rows=(None, 0))
    summed = select(newest, so_far.label("so_far")).subquery()
    return (
        select(turns.c.prompt, turns.c.answer)
        .join(summed, summed.c.id == turns.c.id)
        .where(summed.c.so_far <= characters)
        .order_by(summed.c.finished_at, summed.c.id)
    )
