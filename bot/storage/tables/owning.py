"""Who may use the bot, who owns it, and what people were told once."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Table

from bot.model import Standing
from bot.storage.columns import AnyText, UtcDateTime, one_of
from bot.storage.tables.naming import metadata

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
