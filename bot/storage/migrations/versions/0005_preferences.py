"""Answers in place of others, the preferences of chats, and who wants to be forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_turns_person_id_chat_id_thread_id_id": ["person_id", "chat_id", "thread_id", "id"],
    "ix_turns_finished_at": ["finished_at"],
}
UNIQUE = ("replaces_id", "inline_message_id")


def upgrade() -> None:
    """Create the tables of a bot that every chat can set up for itself."""
    _extend_turns()
    _create_chat_preferences()
    _create_erasures()


def downgrade() -> None:
    """Leave a bot that is the same in every chat."""
    op.drop_table("erasures")
    op.drop_table("chat_preferences")
    for name in (*INDEXES, *(f"uq_turns_{column}" for column in UNIQUE)):
        op.drop_index(name, "turns")
    for column in ("inline_message_id", "continued_at", "replaces_id"):
        op.drop_column("turns", column)


def _extend_turns() -> None:
    op.add_column("turns", sa.Column("replaces_id", sa.BigInteger))
    op.add_column(
        "turns", sa.Column("continued_at", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("turns", sa.Column("inline_message_id", sa.Text))
    for name, columns in INDEXES.items():
        op.create_index(name, "turns", columns)
    for column in UNIQUE:
        is_given = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"uq_turns_{column}",
            "turns",
            [column],
            unique=True,
            sqlite_where=is_given,
            postgresql_where=is_given,
        )


def _create_chat_preferences() -> None:
    op.create_table(
        "chat_preferences",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("chat_model", sa.Text),
        sa.Column("image_model", sa.Text),
        sa.Column("video_model", sa.Text),
        sa.Column("image_size", sa.Text),
        sa.Column("video_seconds", sa.Integer),
        sa.Column("video_aspect", sa.Text),
        sa.Column("system_prompt", sa.Text),
        sa.Column("temperature", sa.Float),
        sa.Column("max_tokens", sa.Integer),
        sa.Column("language", sa.Text),
        sa.Column("streaming", sa.Text),
        sa.Column("rich_messages", sa.Boolean),
        sa.Column("shows_cost", sa.Boolean),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_chat_preferences"),
    )


def _create_erasures() -> None:
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_erasures"),
    )
