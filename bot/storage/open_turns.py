"""The turns that a program left open when it ended, and what becomes of them.

Whoever calls these holds the transaction.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Update, case, false, select, true, update

from bot.model import ExpenseKind, ExpenseOutcome, Turn, TurnState
from bot.storage.async_engine import AsyncConnection
from bot.storage.expenses import settle_open
from bot.storage.holding import UNDELIVERED
from bot.storage.reading import read_turns, select_turns
from bot.storage.tables import held_chats, turns


async def take_over(
    connection: AsyncConnection, chat_ids: Collection[int], now: datetime
) -> list[Turn]:
    """Decide about the open turns of some chats, and return all that are not delivered there."""
    # No open turn is delivered; saying so lets the database use its short index.
    here = UNDELIVERED & turns.c.chat_id.in_(chat_ids)
    waited = update(turns).where(here, turns.c.state == TurnState.WAITING)
    asked = update(turns).where(here, turns.c.state == TurnState.ASKING)

    unasked = await _change(connection, waited.values(_waiting_once_more(now)))
    unclear = await _change(connection, asked.values(state=TurnState.INTERRUPTED, finished_at=now))
    # Nobody will learn whether these are charged.
    await settle_open(connection, ExpenseKind.ANSWER, unclear, ExpenseOutcome.UNCLEAR, now=now)

    rows = (await connection.execute(select_turns().where(here))).mappings().all()
    return [replace(turn, was_asked=turn.id not in unasked) for turn in read_turns(rows)]


def let_wait_anew(replica_id: str) -> Update:
    """Build the forgetting of who waited before: a replica that ends in peace met no harm."""
    held = select(held_chats.c.chat_id).where(held_chats.c.replica_id == replica_id)
    return (
        update(turns)
        .where(UNDELIVERED, turns.c.resumed, turns.c.chat_id.in_(held))
        .values(resumed=false())
    )


def _waiting_once_more(now: datetime) -> dict[str, object]:
    was_resumed = turns.c.resumed
    return {
        "state": case((was_resumed, TurnState.INTERRUPTED), else_=turns.c.state),
        "finished_at": case((was_resumed, now)),
        "resumed": true(),
    }


async def _change(connection: AsyncConnection, statement: Update) -> frozenset[int]:
    return frozenset((await connection.scalars(statement.returning(turns.c.id))).all())
