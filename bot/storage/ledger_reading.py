"""How the ledger is summed up: the statements, and the values made of their rows."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from bot.model import ExpenseKind, ExpenseOutcome, Spending
from bot.storage.letting_go import NOWHERE
from bot.storage.limits import limit_of, used_by
from bot.storage.tables import expenses

FAILURES = (ExpenseOutcome.FREE, ExpenseOutcome.UNCLEAR)


def select_spendings(subjects: Mapping[int, int], day: date) -> CompoundSelect[int, int, int]:
    """Select each subject with what it has used and may use, in no order."""
    return union_all(
        *(
            select(
                literal(subject_id, BigInteger).label("subject_id"),
                used_by(subject_id, day).label("tokens"),
                limit_of(subject_id, default).label("limit"),
            )
            for subject_id, default in subjects.items()
        )
    )


def read_spending(row: Row[int, int, int]) -> Spending:
    """Make a spending of a row of `select_spendings`."""
    subject_id, tokens, limit = row
    return Spending(subject_id=subject_id, tokens=tokens, limit=limit or None)


def select_by_kind(within: ColumnElement[bool]) -> Select[ExpenseKind, int, int]:
    """Select what was, or may have been, charged for each kind."""
    return (
        select(expenses.c.kind, _total().label("tokens"), func.count().label("requests"))
        .where(within, expenses.c.outcome != ExpenseOutcome.FREE)
        .group_by(expenses.c.kind)
    )


def select_people_and_chats(within: ColumnElement[bool]) -> Select[int, int]:
    """Select how many there were of both; who is hidden, or forgotten, is not counted."""
    person = case((expenses.c.person_id > 0, expenses.c.person_id))
    chat = case((expenses.c.chat_id != NOWHERE, expenses.c.chat_id))
    return select(func.count(person.distinct()), func.count(chat.distinct())).where(within)


def select_daily_use(
    within: ColumnElement[bool],
) -> Select[date, ExpenseKind, str, int, int, int]:
    """Select what was asked of each model on each day, the first day first."""
    failure = case((expenses.c.outcome.in_(FAILURES), 1))
    return (
        select(
            expenses.c.day,
            expenses.c.kind,
            expenses.c.model,
            _total().label("tokens"),
            func.count().label("requests"),
            func.count(failure).label("failures"),
        )
        .where(within)
        .group_by(expenses.c.day, expenses.c.model, expenses.c.kind)
        .order_by(expenses.c.day, expenses.c.model, expenses.c.kind)
    )


def _total() -> ColumnElement[int]:
    # PostgreSQL adds up to a decimal number.
    return cast(func.sum(expenses.c.tokens), BigInteger)
