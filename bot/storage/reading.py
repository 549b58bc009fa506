"""How turns are read: the statement, and the values made of its rows."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from sqlalchemy import RowMapping, Select, select

from bot.model import Turn
from bot.storage.questions import read_question
from bot.storage.tables import turn_messages, turns


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
        replaces_id=row["replaces_id"],
        continued_at=row["continued_at"],
    )
