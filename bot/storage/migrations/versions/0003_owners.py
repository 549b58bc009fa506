"""What is spent, what may be, who may spend it, and what was told once."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of a bot whose owner decides."""
    _create_expenses()
    _create_spending_limits()
    _create_access_rules()
    _create_admins()
    _create_notices()


def downgrade() -> None:
    """Leave a bot that makes pictures and videos for everybody."""
    for table in ("notices", "admins", "access_rules", "spending_limits", "expenses"):
        op.drop_table(table)


def _create_expenses() -> None:
    op.create_table(
        "expenses",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite")),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("item_id", sa.BigInteger, nullable=False),
        sa.Column("person_id", sa.BigInteger),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("reserved_tokens", sa.BigInteger, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_expenses"),
    )
    for columns in (
        ["kind", "item_id", "id"],
        ["person_id", "day", "tokens"],
        ["chat_id", "day", "tokens"],
        ["day", "tokens"],
    ):
        op.create_index(f"ix_expenses_{'_'.join(columns)}", "expenses", columns)


def _create_spending_limits() -> None:
    op.create_table(
        "spending_limits",
        sa.Column("subject_id", sa.BigInteger, nullable=False),
        sa.Column("tokens", sa.BigInteger, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name="pk_spending_limits"),
    )


def _create_access_rules() -> None:
    op.create_table(
        "access_rules",
        sa.Column("id", sa.BigInteger, nullable=False),
        sa.Column("standing", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_access_rules"),
    )


def _create_admins() -> None:
    op.create_table(
        "admins",
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("language", sa.Text),
        sa.Column("has_claimed", sa.Boolean, nullable=False),
        sa.Column("has_menu", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_admins"),
    )
    op.create_index(
        "uq_admins_has_claimed",
        "admins",
        ["has_claimed"],
        unique=True,
        sqlite_where=sa.text("has_claimed"),
        postgresql_where=sa.text("has_claimed"),
    )


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "about", name="pk_notices"),
    )
