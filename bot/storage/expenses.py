"""What is spent, written in the transaction that changes what it is spent on.

Whoever calls these holds the transaction: it keeps the state of a turn or a job and its expense
together, whenever the program dies.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Update,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from bot.model import Charge, ExpenseKind, ExpenseOutcome
from bot.storage.async_engine import AsyncConnection
from bot.storage.errors import LimitExceeded
from bot.storage.limits import has_room_for, limit_of
from bot.storage.tables import expenses

LOCK = 5208132
"""Known to PostgreSQL by this number: whoever holds it may take the room that limits leave."""

MOST_TOKENS = 10**12
"""No request costs so much; a larger number is a mistake of the service, and sums must hold."""


async def reserve(
    connection: AsyncConnection,
    charge: Charge,
    *,
    item_id: int,
    person_id: int | None,
    chat_id: int,
    now: datetime,
) -> None:
    """Set the tokens aside if every limit has room for them, else raise LimitExceeded.

    What the same item had reserved before, and not settled, makes room for it.
    """
    await _keep_others_from_reserving(connection, charge)
    await release(connection, charge.kind, item_id)

    row = {
        "kind": charge.kind,
        "item_id": item_id,
        "person_id": person_id,
        "chat_id": chat_id,
        "model": charge.model,
        "day": charge.day,
        "reserved_tokens": charge.tokens,
        "tokens": charge.tokens,
        "outcome": ExpenseOutcome.OPEN,
        "reserved_at": now,
    }
    values = [literal(value, expenses.c[name].type) for name, value in row.items()]
    reserved = insert(expenses).from_select(list(row), select(*values).where(*_fits(charge)))
    if (await connection.execute(reserved.returning(expenses.c.id))).first() is None:
        raise LimitExceeded


async def release(connection: AsyncConnection, kind: ExpenseKind, item_id: int) -> None:
    """Take back what an item has reserved, as if it had never been asked for."""
    await connection.execute(
        delete(expenses).where(
            expenses.c.kind == kind,
            expenses.c.item_id == item_id,
            expenses.c.outcome == ExpenseOutcome.OPEN,
        )
    )


async def settle(
    connection: AsyncConnection,
    kind: ExpenseKind,
    item_id: int,
    outcome: ExpenseOutcome,
    *,
    tokens: int | None = None,
    now: datetime,
) -> None:
    """Note what became of the newest expense of an item, also when it seemed settled before.

    None keeps the number of tokens that was reserved. What was charged stays charged.
    """
    newest = (
        select(func.max(expenses.c.id))
        .where(expenses.c.kind == kind, expenses.c.item_id == item_id)
        .scalar_subquery()
    )
    await connection.execute(
        _settling(outcome, tokens, now).where(
            expenses.c.id == newest, expenses.c.outcome != ExpenseOutcome.SPENT
        )
    )


async def settle_open(
    connection: AsyncConnection,
    kind: ExpenseKind,
    item_ids: Collection[int],
    outcome: ExpenseOutcome,
    *,
    tokens: int | None = None,
    now: datetime,
) -> None:
    """Note what became of those expenses of some items that nothing is known of yet."""
    await connection.execute(
        _settling(outcome, tokens, now).where(
            expenses.c.kind == kind,
            expenses.c.item_id.in_(item_ids),
            expenses.c.outcome == ExpenseOutcome.OPEN,
        )
    )


async def _keep_others_from_reserving(connection: AsyncConnection, charge: Charge) -> None:
    """Lock what limits leave, where there are any, until the transaction ends.

    On PostgreSQL two programs would each see the same room otherwise, and both take it. SQLite has
    a single writer.
    """
    if connection.dialect.name == "sqlite":
        return
    limits = (limit_of(subject_id, default) for subject_id, default in charge.limits.items())
    is_limited = or_(false(), *(limit != 0 for limit in limits))
    await connection.execute(select(func.pg_advisory_xact_lock(LOCK)).where(is_limited))


def _fits(charge: Charge) -> list[ColumnElement[bool]]:
    """Tell of each limit whether it has room for a charge."""
    return [
        has_room_for(charge.tokens, subject_id=subject_id, default=default, day=charge.day)
        for subject_id, default in charge.limits.items()
    ]


def _settling(outcome: ExpenseOutcome, tokens: int | None, now: datetime) -> Update:
    return update(expenses).values(
        outcome=outcome, tokens=_what_counts(outcome, tokens), settled_at=now
    )


def _what_counts(outcome: ExpenseOutcome, tokens: int | None) -> ColumnElement[int] | int:
    if outcome is ExpenseOutcome.FREE:
        return 0
    if tokens is None or not 0 <= tokens <= MOST_TOKENS:
        return expenses.c.reserved_tokens
    return tokens
