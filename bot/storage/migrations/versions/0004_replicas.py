"""What arrived from Telegram, and how replicas share the work on it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

UNDELIVERED = sa.text("delivered_at IS NULL")


def upgrade() -> None:
    """Create the tables of a bot that runs in several places at once."""
    _create_updates()
    _create_replicas()
    _create_held_chats()
    _create_keepsakes()

    op.add_column(
        "turns", sa.Column("resumed", sa.Boolean, nullable=False, server_default=sa.false())
    )
    _index_undelivered(["chat_id", "id"])
    # There is nothing to tell of these, so nobody is to look for them again and again.
    op.execute(
        "UPDATE turns SET delivered_at = coalesce(finished_at, asked_at) "
        "WHERE delivered_at IS NULL AND state IN ('dropped', 'forgotten')"
    )


def downgrade() -> None:
    """Leave a bot that runs in one place."""
    _index_undelivered(["id"])
    op.drop_column("turns", "resumed")

    for table in ("keepsakes", "held_chats", "replicas", "updates"):
        op.drop_table(table)


def _create_updates() -> None:
    op.create_table(
        "updates",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite")),
        sa.Column("bot_id", sa.BigInteger, nullable=False),
        sa.Column("update_id", sa.BigInteger, nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text),
        sa.Column("is_press", sa.Boolean, nullable=False),
        sa.Column("replica_id", sa.Text),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_updates"),
        sa.UniqueConstraint("update_id", "bot_id", name="uq_updates_update_id_bot_id"),
        sqlite_autoincrement=True,
    )
    for name, columns, where in (
        ("ix_updates_undone", ["id", "chat_id"], sa.text("done_at IS NULL")),
        (
            "ix_updates_claimed",
            ["chat_id", "id"],
            sa.text("done_at IS NULL AND attempts > 0"),
        ),
        ("ix_updates_done", ["done_at"], sa.text("done_at IS NOT NULL")),
    ):
        op.create_index(name, "updates", columns, sqlite_where=where, postgresql_where=where)


def _create_replicas() -> None:
    op.create_table(
        "replicas",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_replicas"),
    )


def _create_held_chats() -> None:
    op.create_table(
        "held_chats",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("replica_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_held_chats"),
        sa.ForeignKeyConstraint(
            ["replica_id"],
            ["replicas.id"],
            name="fk_held_chats_replica_id_replicas",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_held_chats_replica_id", "held_chats", ["replica_id"])


def _create_keepsakes() -> None:
    op.create_table(
        "keepsakes",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_keepsakes"),
    )


def _index_undelivered(columns: list[str]) -> None:
    op.drop_index("ix_turns_undelivered", "turns")
    op.create_index(
        "ix_turns_undelivered",
        "turns",
        columns,
        sqlite_where=UNDELIVERED,
        postgresql_where=UNDELIVERED,
    )
