"""The tables, as the newest migration leaves them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from bot.model import ExpenseKind, ExpenseOutcome, JobState, MediaKind, Standing, TurnState
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

expenses = Table(
    "expenses",
    metadata,
    Column("id", row_id(), primary_key=True),
    Column("kind", one_of(ExpenseKind), nullable=False),
    # The turn or the job that is paid for, by the kind.
    Column("item_id", BigInteger, nullable=False),
    Column("person_id", BigInteger),
    Column("chat_id", BigInteger, nullable=False),
    Column("model", AnyText, nullable=False),
    Column("day", Date, nullable=False),
    Column("reserved_tokens", BigInteger, nullable=False),
    # What counts: first what is reserved, and in the end what was spent.
    Column("tokens", BigInteger, nullable=False),
    Column("outcome", one_of(ExpenseOutcome), nullable=False),
    Column("reserved_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
)

Index(None, expenses.c.kind, expenses.c.item_id, expenses.c.id)

# What is used of a limit is summed up before each request, from one of these alone.
Index(None, expenses.c.person_id, expenses.c.day, expenses.c.tokens)
Index(None, expenses.c.chat_id, expenses.c.day, expenses.c.tokens)
Index(None, expenses.c.day, expenses.c.tokens)

spending_limits = Table(
    "spending_limits",
    metadata,
    Column("subject_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tokens", BigInteger, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

access_rules = Table(
    "access_rules",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("standing", one_of(Standing), nullable=False),
    Column("name", AnyText, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
)

admins = Table(
    "admins",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", AnyText),
    Column("has_claimed", Boolean, nullable=False),
    Column("has_menu", Boolean, nullable=False),
)

# The bot is claimed once, by one person.
Index(
    "uq_admins_has_claimed",
    admins.c.has_claimed,
    unique=True,
    sqlite_where=admins.c.has_claimed,
    postgresql_where=admins.c.has_claimed,
)

notices = Table(
    "notices",
    metadata,
    Column("kind", AnyText, primary_key=True),
    Column("about", AnyText, primary_key=True),
    Column("told_at", UtcDateTime, nullable=False),
)
