"""What a subject may spend on a day, and what it has used, as parts of statements."""

from datetime import date

from sqlalchemy import BigInteger, ColumnElement, cast, func, literal, select
from sqlalchemy.sql.functions import coalesce

from bot.model import EVERYBODY
from bot.storage.tables import expenses, spending_limits


def limit_of(subject_id: int, default: int) -> ColumnElement[int]:
    """Build the daily limit: what the owner set, else *default*; 0 stands for none."""
    is_meant = spending_limits.c.subject_id == subject_id
    set_by_owner = select(spending_limits.c.tokens).where(is_meant).scalar_subquery()
    return coalesce(set_by_owner, literal(default, BigInteger))


def used_by(subject_id: int, day: date) -> ColumnElement[int]:
    """Build the sum of a day, which holds what is reserved as well."""
    # PostgreSQL adds up to a decimal number.
    total = cast(coalesce(func.sum(expenses.c.tokens), 0), BigInteger)
    of_day = select(total).where(expenses.c.day == day)
    if subject_id == EVERYBODY:
        return of_day.scalar_subquery()
    payer = expenses.c.person_id if subject_id > 0 else expenses.c.chat_id
    return of_day.where(payer == subject_id).scalar_subquery()


def has_room_for(tokens: int, *, subject_id: int, default: int, day: date) -> ColumnElement[bool]:
    """Tell whether a subject may spend so much more."""
    limit = limit_of(subject_id, default)
    used = used_by(subject_id, day)
    return (limit == 0) | (used + tokens <= limit)
