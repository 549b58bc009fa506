"""What arrived from Telegram, and how replicas share the work on it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.columns import AnyText, UtcDateTime, row_id
from bot.storage.tables.naming import metadata

updates = Table(
    "updates",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("bot_id", BigInteger, nullable=False),
    Column("update_id", BigInteger, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    # Emptied when it is done: only its number is needed from then on.
    Column("body", AnyText),
    Column("is_press", Boolean, nullable=False),
    # Whoever handles it, or did: a replica that is gone leaves its id behind.
    Column("replica_id", Text),
    Column("attempts", Integer, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    # Nearly all rows are of one bot, so its number is no way to find any.
    UniqueConstraint("update_id", "bot_id"),
    # The ids tell the order, also after rows are deleted.
    sqlite_autoincrement=True,
)

Index(
    "ix_updates_undone",
    updates.c.id,
    updates.c.chat_id,
    sqlite_where=updates.c.done_at.is_(None),
    postgresql_where=updates.c.done_at.is_(None),
)

Index(
    "ix_updates_claimed",
    updates.c.chat_id,
    updates.c.id,
    sqlite_where=updates.c.done_at.is_(None) & (updates.c.attempts > 0),
    postgresql_where=updates.c.done_at.is_(None) & (updates.c.attempts > 0),
)

Index(
    "ix_updates_done",
    updates.c.done_at,
    sqlite_where=updates.c.done_at.is_not(None),
    postgresql_where=updates.c.done_at.is_not(None),
)

replicas = Table(
    "replicas",
    metadata,
    Column("id", Text, primary_key=True),
    Column("alive_until", UtcDateTime, nullable=False),
)

held_chats = Table(
    "held_chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    # Whoever buries a replica frees its chats: none is held by a replica that is not there.
    Column("replica_id", Text, ForeignKey(replicas.c.id, ondelete="CASCADE"), nullable=False),
)

Index(None, held_chats.c.replica_id)

keepsakes = Table(
    "keepsakes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", AnyText, nullable=False),
)
