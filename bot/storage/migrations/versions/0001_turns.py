"""Turns, and the messages that show their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of a bot that holds a conversation."""
    _create_turns()
    _create_turn_messages()


def downgrade() -> None:
    """Leave an empty database."""
    op.drop_table("turn_messages")
    op.drop_table("turns")


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite")),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tokens_spent", sa.BigInteger),
        sa.Column("generation_id", sa.Text),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_turns"),
        sa.UniqueConstraint(
            "chat_id", "message_id", "asked_at", name="uq_turns_chat_id_message_id_asked_at"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_turns_chat_id_thread_id_finished_at_id",
        "turns",
        ["chat_id", "thread_id", "finished_at", "id"],
    )
    op.create_index(
        "ix_turns_undelivered",
        "turns",
        ["id"],
        sqlite_where=sa.text("delivered_at IS NULL"),
        postgresql_where=sa.text("delivered_at IS NULL"),
    )


def _create_turn_messages() -> None:
    op.create_table(
        "turn_messages",
        sa.Column("turn_id", sa.BigInteger, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("message_id", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("turn_id", "part", name="pk_turn_messages"),
        sa.ForeignKeyConstraint(
            ["turn_id"], ["turns.id"], name="fk_turn_messages_turn_id_turns", ondelete="CASCADE"
        ),
    )
