"""Who holds which chat: the statements by which replicas share the work.

Whoever takes or claims something keeps the replica it is for from being buried until the
transaction ends. On SQLite, which has a single writer, nothing is locked.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Delete,
    Executable,
    FromClause,
    Select,
    Update,
    case,
    delete,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.storage.tables import held_chats, replicas, turns, updates

MOST_CHATS = 200
"""So many are taken at once, for those who live to share the chats of one that died."""
INNOCENT_ATTEMPTS = 2
"""Programs may end for any reason; an update that outlasted so many may be what ends them."""
MOST_ATTEMPTS = 4

Moment = ColumnElement[datetime]

UNDONE = updates.c.done_at.is_(None)
UNDELIVERED = turns.c.delivered_at.is_(None)


def bury_dead(replica_id: str, now: Moment) -> Executable:
    """Build the end of the other replicas whose lease ran out; their chats are free then."""
    dead = (
        select(replicas.c.id)
        .where(replicas.c.alive_until <= now, replicas.c.id != replica_id)
        .with_for_update(skip_locked=True)
    )
    return delete(replicas).where(replicas.c.id.in_(dead)).returning(replicas.c.id)


def take_chats(
    replica_id: str, bot_id: int, now: Moment, *, presses_only: bool = False
) -> Executable:
    """Build the taking of chats that need somebody and have nobody."""
    waiting = select(updates.c.chat_id).where(updates.c.bot_id == bot_id, UNDONE)
    left_open = select(turns.c.chat_id).where(UNDELIVERED)
    needy = (
        waiting.where(updates.c.is_press).distinct() if presses_only else union(waiting, left_open)
    ).subquery("needy")
    # Whoever takes several chats takes them in one order, so that no two wait for each other.
    free = (
        select(needy.c.chat_id, replicas.c.id)
        .join(replicas, _is_alive(replica_id, now))
        .where(~exists().where(held_chats.c.chat_id == needy.c.chat_id))
        .order_by(needy.c.chat_id)
        .limit(MOST_CHATS)
        .with_for_update(key_share=True, read=True, of=replicas)
    )
    return (
        insert(held_chats)
        .from_select([held_chats.c.chat_id, held_chats.c.replica_id], free)
        .on_conflict_do_nothing()
        .returning(held_chats.c.chat_id)
    )


def select_left_open(chat_ids: Collection[int]) -> Executable:
    """Select those of some chats in which somebody left turns open."""
    return select(turns.c.chat_id).distinct().where(UNDELIVERED, turns.c.chat_id.in_(chat_ids))


def claim_updates(
    replica_id: str, bot_id: int, now: Moment, *, limit: int, presses_only: bool = False
) -> Executable:
    """Build the claiming of updates from chats that a replica holds, those stored first at first.

    Of those that ended two programs, one is claimed at a time, and what came after the others in
    their chats waits. One that was claimed too often is closed instead, and comes without a body.
    """
    is_new = _is_new(updates, replica_id, bot_id, presses_only=presses_only)
    is_next = _is_next(replica_id, bot_id, presses_only=presses_only)
    mine = (
        select(updates.c.id)
        .join(held_chats, held_chats.c.chat_id == updates.c.chat_id)
        .join(replicas, _is_alive(replica_id, now) & (replicas.c.id == held_chats.c.replica_id))
        .where(is_new, is_next)
        .order_by(updates.c.id)
        .limit(limit)
        .with_for_update(key_share=True, read=True, of=(replicas, held_chats))
        .cte("mine")
    )
    is_hopeless = updates.c.attempts >= MOST_ATTEMPTS
    return (
        update(updates)
        .where(updates.c.id.in_(select(mine.c.id)), is_new)
        .values(
            replica_id=replica_id,
            attempts=updates.c.attempts + 1,
            done_at=case((is_hopeless, now)),
            body=case((~is_hopeless, updates.c.body)),
        )
        .returning(*updates.c)
    )


def give_back(replica_id: str) -> Update:
    """Build the giving back of the updates that a replica claimed, as if it never had."""
    return (
        update(updates)
        .where(UNDONE, updates.c.replica_id == replica_id)
        .values(replica_id=None, attempts=updates.c.attempts - 1)
    )


def let_go(replica_id: str, chat_ids: Collection[int]) -> Delete:
    """Build the letting go of chats, for any replica to take."""
    return delete(held_chats).where(
        held_chats.c.replica_id == replica_id, held_chats.c.chat_id.in_(chat_ids)
    )


def select_held(replica_id: str, chat_ids: Collection[int]) -> Executable:
    """Select those of some chats that a replica holds, but for those it claims from just now."""
    return (
        select(held_chats.c.chat_id)
        .where(held_chats.c.replica_id == replica_id, held_chats.c.chat_id.in_(chat_ids))
        .with_for_update(skip_locked=True)
    )


def is_quiet() -> ColumnElement[bool]:
    """Match the held chats in which nothing is left to do."""
    chat_id = held_chats.c.chat_id
    return chat_id.not_in(select(updates.c.chat_id).where(UNDONE)) & chat_id.not_in(
        select(turns.c.chat_id).where(UNDELIVERED)
    )


def hold_too(chat_id: int, new_chat_id: int) -> Executable:
    """Build the holding of a second chat by whoever holds the first one."""
    holder = select(literal(new_chat_id, BigInteger), held_chats.c.replica_id).where(
        held_chats.c.chat_id == chat_id
    )
    columns = [held_chats.c.chat_id, held_chats.c.replica_id]
    return insert(held_chats).from_select(columns, holder).on_conflict_do_nothing()


def _is_next(replica_id: str, bot_id: int, *, presses_only: bool) -> ColumnElement[bool]:
    """Match new updates that nothing in their chats has to be tried before."""
    suspects = updates.alias("suspects")
    is_suspect = _is_new(suspects, replica_id, bot_id, presses_only=presses_only)
    is_suspect &= _was_claimed(suspects, INNOCENT_ATTEMPTS)
    first = _first_of(suspects, replica_id).where(is_suspect).cte("first")
    first_id = select(first.c.id).scalar_subquery()
    waits = exists().where(
        suspects.c.chat_id == updates.c.chat_id,
        suspects.c.id < updates.c.id,
        suspects.c.id.is_distinct_from(first_id),
        is_suspect,
    )
    return or_(updates.c.attempts < INNOCENT_ATTEMPTS, updates.c.id == first_id) & ~waits


def _first_of(suspects: FromClause, replica_id: str) -> Select[int]:
    """Select the first of what may have ended a program, unless another one is tried just now."""
    tried = updates.alias("tried")
    is_trying = exists().where(
        tried.c.done_at.is_(None),
        _was_claimed(tried, INNOCENT_ATTEMPTS + 1),
        tried.c.replica_id == replica_id,
    )
    return (
        select(func.min(suspects.c.id).label("id"))
        .join(held_chats, held_chats.c.chat_id == suspects.c.chat_id)
        .where(held_chats.c.replica_id == replica_id, ~is_trying)
    )


def _is_new(
    table: FromClause, replica_id: str, bot_id: int, *, presses_only: bool
) -> ColumnElement[bool]:
    is_new = (
        table.c.done_at.is_(None)
        & table.c.replica_id.is_distinct_from(replica_id)
        & (table.c.bot_id == bot_id)
    )
    return is_new & table.c.is_press if presses_only else is_new


def _was_claimed(table: FromClause, times: int) -> ColumnElement[bool]:
    # A database finds their index by the number itself, not by a parameter.
    return (table.c.attempts > literal_column("0")) & (table.c.attempts >= times)


def _is_alive(replica_id: str, now: Moment) -> ColumnElement[bool]:
    return (replicas.c.id == replica_id) & (replicas.c.alive_until > now)
