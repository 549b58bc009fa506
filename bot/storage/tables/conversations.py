"""What was asked and answered, and the messages that show it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    false,
)

from bot.model import TurnState
from bot.storage.columns import AnyText, UtcDateTime, one_of, row_id
from bot.storage.tables.naming import metadata

turns = Table(
    "turns",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("message_id", BigInteger),
    Column("person_id", BigInteger),
    Column("language", AnyText, nullable=False),
    Column("prompt", AnyText, nullable=False),
    Column("answer", AnyText, nullable=False),
    Column("state", one_of(TurnState), nullable=False),
    Column("tokens_spent", BigInteger),
    Column("generation_id", AnyText),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    # Whether it was left waiting by a program that ended, and waits on in another.
    Column("resumed", Boolean, nullable=False, server_default=false()),
    # The turn whose answer it takes the place of, which may be deleted before it.
    Column("replaces_id", BigInteger),
    # So many characters of the answer are those of the turn that it replaces.
    Column("continued_at", Integer, nullable=False, server_default="0"),
    Column("inline_message_id", AnyText),
    UniqueConstraint("chat_id", "message_id", "asked_at"),
    # A button names its turn for ever, so the id of a deleted row is never given again.
    sqlite_autoincrement=True,
)

Index(None, turns.c.chat_id, turns.c.thread_id, turns.c.finished_at, turns.c.id)

Index(None, turns.c.person_id, turns.c.chat_id, turns.c.thread_id, turns.c.id)

Index(None, turns.c.finished_at)

# Nearly all rows have neither, so to have none is no way to find any.
Index(
    "uq_turns_replaces_id",
    turns.c.replaces_id,
    unique=True,
    sqlite_where=turns.c.replaces_id.is_not(None),
    postgresql_where=turns.c.replaces_id.is_not(None),
)

Index(
    "uq_turns_inline_message_id",
    turns.c.inline_message_id,
    unique=True,
    sqlite_where=turns.c.inline_message_id.is_not(None),
    postgresql_where=turns.c.inline_message_id.is_not(None),
)

Index(
    "ix_turns_undelivered",
    turns.c.chat_id,
    turns.c.id,
    sqlite_where=turns.c.delivered_at.is_(None),
    postgresql_where=turns.c.delivered_at.is_(None),
)

turn_messages = Table(
    "turn_messages",
    metadata,
    Column(
        "turn_id",
        BigInteger,
        ForeignKey(turns.c.id, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("message_id", BigInteger, nullable=False),
)
