"""Orders of pictures and videos."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, Table

from bot.model import JobState, MediaKind
from bot.storage.columns import AnyInteger, AnyText, Arguments, UtcDateTime, one_of, row_id
from bot.storage.tables.naming import metadata

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
