"""What chats decided for themselves, and who wants to be forgotten."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, Table

from bot.model import Preference
from bot.storage.columns import AnyText, UtcDateTime
from bot.storage.tables.naming import metadata

chat_preferences = Table(
    "chat_preferences",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column(Preference.CHAT_MODEL, AnyText),
    Column(Preference.IMAGE_MODEL, AnyText),
    Column(Preference.VIDEO_MODEL, AnyText),
    Column(Preference.IMAGE_SIZE, AnyText),
    Column(Preference.VIDEO_SECONDS, Integer),
    Column(Preference.VIDEO_ASPECT, AnyText),
    Column(Preference.SYSTEM_PROMPT, AnyText),
    Column(Preference.TEMPERATURE, Float),
    Column(Preference.MAX_TOKENS, Integer),
    Column(Preference.LANGUAGE, AnyText),
    Column(Preference.STREAMING, AnyText),
    Column(Preference.RICH_MESSAGES, Boolean),
    Column(Preference.SHOWS_COST, Boolean),
    Column("changed_at", UtcDateTime, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("asked_at", UtcDateTime, nullable=False),
    # The owner's, until the end of which some things are kept.
    Column("day", Date, nullable=False),
)
