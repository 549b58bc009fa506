"""Orders of pictures and videos."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of a bot that makes pictures and videos."""
    op.create_table("media_jobs", *_columns(), *_constraints(), sqlite_autoincrement=True)
    _create_indexes()


def downgrade() -> None:
    """Leave a bot that holds a conversation."""
    op.drop_table("media_jobs")


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite")),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("min_tokens", sa.BigInteger),
        sa.Column("max_tokens", sa.BigInteger),
        sa.Column("again_of", sa.BigInteger),
        sa.Column("generation_id", sa.Text),
        sa.Column("eta_seconds", sa.BigInteger),
        sa.Column("result_url", sa.Text),
        sa.Column("tokens_spent", sa.BigInteger),
        sa.Column("seed", sa.BigInteger),
        sa.Column("width", sa.BigInteger),
        sa.Column("height", sa.BigInteger),
        sa.Column("duration_seconds", sa.Float),
        sa.Column("processing_seconds", sa.Float),
        sa.Column("failure_key", sa.Text),
        sa.Column("failure_arguments", sa.Text),
        sa.Column("status_message_id", sa.BigInteger),
        sa.Column("result_message_id", sa.BigInteger),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("file_taken_at", sa.DateTime(timezone=True)),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("lease", sa.Text),
        sa.Column("leased_until", sa.DateTime(timezone=True)),
    ]


def _constraints() -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name="pk_media_jobs"),
        sa.UniqueConstraint("again_of", name="uq_media_jobs_again_of"),
        sa.UniqueConstraint("generation_id", name="uq_media_jobs_generation_id"),
        sa.ForeignKeyConstraint(
            ["again_of"], ["media_jobs.id"], name="fk_media_jobs_again_of_media_jobs"
        ),
    ]


def _create_indexes() -> None:
    op.create_index(
        "uq_media_jobs_chat_id_message_id_asked_at",
        "media_jobs",
        ["chat_id", "message_id", "asked_at"],
        unique=True,
        sqlite_where=sa.text("again_of IS NULL"),
        postgresql_where=sa.text("again_of IS NULL"),
    )
    op.create_index(
        "ix_media_jobs_due",
        "media_jobs",
        ["due_at"],
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_media_jobs_chat_id_thread_id_id", "media_jobs", ["chat_id", "thread_id", "id"]
    )
    op.create_index("ix_media_jobs_created_at", "media_jobs", ["created_at"])
