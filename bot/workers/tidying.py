"""Forgets what is not needed any more."""

import asyncio
from datetime import timedelta

from bot.clock import utc_now
from bot.storage.inbox import InboxStore

KEPT = timedelta(days=2)
"""How long a handled update is known by its id: Telegram repeats one for a day at most."""
REST_SECONDS = 3600.0


async def tidy(inbox: InboxStore) -> None:
    """Keep the inbox small, until cancelled."""
    while True:
        await inbox.forget_done(utc_now() - KEPT)
        await asyncio.sleep(REST_SECONDS)
