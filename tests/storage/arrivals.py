"""Updates as they arrive, and how replicas come by them."""

from datetime import timedelta

from bot.model import Arrival, Claimed
from bot.storage.inbox import InboxStore

BOT = 123456
CHAT, GROUP = 42, -1001234567890
LEASE = timedelta(seconds=30)


def arrivals(*update_ids: int, chat_id: int = CHAT, is_press: bool = False) -> list[Arrival]:
    return [
        Arrival(
            update_id=update_id,
            chat_id=chat_id,
            body=f'{{"update_id": {update_id}}}',
            is_press=is_press,
        )
        for update_id in update_ids
    ]


async def claimed(
    inbox: InboxStore, replica_id: str, *, limit: int = 100, presses_only: bool = False
) -> list[int]:
    """Claim updates, and return their numbers."""
    return numbers(
        await inbox.claim(replica_id, bot_id=BOT, limit=limit, presses_only=presses_only)
    )


def numbers(found: Claimed) -> list[int]:
    return [update.update_id for update in found.updates]
