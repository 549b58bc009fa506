"""What becomes of the turns of a conversation that is forgotten, or of a group that moves.

Whoever calls these holds the transaction.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.sql.functions import coalesce

from bot.model import ConversationKey, TurnState
from bot.storage.async_engine import AsyncConnection
from bot.storage.holding import hold_too
from bot.storage.matching import belongs_to
from bot.storage.tables import turn_messages, turns

KEPT = (TurnState.WAITING, TurnState.ASKING, TurnState.FORGOTTEN)


async def forget(connection: AsyncConnection, key: ConversationKey, now: datetime) -> int:
    """Empty the texts of all ended turns of a conversation, and return how many."""
    forgotten = (
        update(turns)
        .where(belongs_to(turns, key), turns.c.state.not_in(KEPT))
        .values(
            state=TurnState.FORGOTTEN,
            prompt="",
            answer="",
            delivered_at=coalesce(turns.c.delivered_at, now),
        )
    )
    return (await connection.execute(forgotten)).rowcount


async def move(connection: AsyncConnection, old_chat_id: int, new_chat_id: int) -> int:
    """Move the turns of a chat to another, and return how many; their messages stay behind."""
    moved = select(turns.c.id).where(turns.c.chat_id == old_chat_id)
    await connection.execute(delete(turn_messages).where(turn_messages.c.turn_id.in_(moved)))
    result = await connection.execute(
        update(turns)
        .where(turns.c.chat_id == old_chat_id)
        .values(chat_id=new_chat_id, message_id=None)
    )
    await connection.execute(hold_too(old_chat_id, new_chat_id))
    return result.rowcount
