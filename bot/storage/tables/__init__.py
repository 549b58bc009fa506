"""The tables, as the newest migration leaves them."""

from bot.storage.tables.conversations import turn_messages, turns
from bot.storage.tables.media import media_jobs
from bot.storage.tables.naming import metadata
from bot.storage.tables.owning import access_rules, admins, notices
from bot.storage.tables.personal import chat_preferences, erasures
from bot.storage.tables.sharing import held_chats, keepsakes, replicas, updates
from bot.storage.tables.spending import expenses, spending_limits

__all__ = [
    "access_rules",
    "admins",
    "chat_preferences",
    "erasures",
    "expenses",
    "held_chats",
    "keepsakes",
    "media_jobs",
    "metadata",
    "notices",
    "replicas",
    "spending_limits",
    "turn_messages",
    "turns",
    "updates",
]
