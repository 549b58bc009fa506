"""The tables, as the newest migration leaves them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from bot.model import JobState, MediaKind, TurnState
from bot.storage.columns import AnyInteger, AnyText, Arguments, UtcDateTime, one_of, row_id

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
    Column("state", one_of(TurnState), nullable=False),
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

media_jobs = Table(
    "media_jobs",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("thread_id", BigInteger),
    Column("message_id", BigInteger),
    Column("person_id", BigInteger),
    Column("language", AnyText, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("kind", one_of(MediaKind), nullable=False),
    Column("model", AnyText, nullable=False),
    Column("prompt", AnyText, nullable=False),
    Column("params", Arguments, nullable=False),
    Column("state", one_of(JobState), nullable=False),
    Column("min_tokens", BigInteger),
    Column("max_tokens", BigInteger),
    Column("again_of", BigInteger, ForeignKey("media_jobs.id"), unique=True),
    Column("generation_id", AnyText, unique=True),
    Column("eta_seconds", AnyInteger),
    Column("result_url", AnyText),
    Column("tokens_spent", AnyInteger),
    Column("seed", AnyInteger),
    Column("width", AnyInteger),
    Column("height", AnyInteger),
    Column("duration_seconds", Float),
    Column("processing_seconds", Float),
    Column("failure_key", AnyText),
    Column("failure_arguments", Arguments),
    Column("status_message_id", BigInteger),
    Column("result_message_id", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("waiting_since", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("file_taken_at", UtcDateTime),
    Column("looks", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("due_at", UtcDateTime),
    Column("lease", AnyText),
    Column("leased_until", UtcDateTime),
    # People read the number of a job in the chat, so it is never given again either.
    sqlite_autoincrement=True,
)

# A job repeated by a button has the message of the first one.
Index(
    "uq_media_jobs_chat_id_message_id_asked_at",
    media_jobs.c.chat_id,
    media_jobs.c.message_id,
    media_jobs.c.asked_at,
    unique=True,
    sqlite_where=media_jobs.c.again_of.is_(None),
    postgresql_where=media_jobs.c.again_of.is_(None),
)

Index(
    "ix_media_jobs_due",
    media_jobs.c.due_at,
    sqlite_where=media_jobs.c.due_at.is_not(None),
    postgresql_where=media_jobs.c.due_at.is_not(None),
)

Index(None, media_jobs.c.chat_id, media_jobs.c.thread_id, media_jobs.c.id)

Index(None, media_jobs.c.created_at)
