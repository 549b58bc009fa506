"""Which rows belong to a conversation, and which obey a person."""

from sqlalchemy import ColumnElement, Table

from bot.model import ConversationKey


def belongs_to(table: Table, key: ConversationKey) -> ColumnElement[bool]:
    """Match the rows of one conversation."""
    # Comparing with None gives IS NULL, which both databases look up in the index.
    return (table.c.chat_id == key.chat_id) & (table.c.thread_id == key.thread_id)


def owned_by(table: Table, person_id: int | None) -> ColumnElement[bool]:
    """Match the rows whose buttons obey this person, as `bot.model.is_owned` says."""
    owner = table.c.person_id
    return owner.is_(None) | (owner < 0) | (owner == person_id)
