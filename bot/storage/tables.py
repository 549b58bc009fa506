"""The tables, as the newest migration leaves them."""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from bot.storage.columns import AnyText, UtcDateTime, row_id, turn_state

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

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
    Column("state", turn_state(), nullable=False),
    Column("tokens_spent", BigInteger),
    Column("generation_id", AnyText),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    UniqueConstraint("chat_id", "message_id", "asked_at"),
    # A button names its turn for ever, so the id of a deleted row is never given again.
    sqlite_autoincrement=True,
)

Index(None, turns.c.chat_id, turns.c.thread_id, turns.c.finished_at, turns.c.id)

Index(
    "ix_turns_undelivered",
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
