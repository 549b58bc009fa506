"""Forgets what is not needed any more, and what people want to be forgotten."""

import asyncio
from datetime import timedelta

import structlog

from bot.clock import utc_now
from bot.services.erasing import ErasingService
from bot.storage.inbox import InboxStore
from bot.storage.retention import RetentionStore
from bot.workers.supervisor import contain

KEPT = timedelta(days=2)
"""How long a handled update is known by its id: Telegram repeats one for a day at most."""
REST_SECONDS = 3600.0

log = structlog.get_logger(__name__)


async def tidy(
    inbox: InboxStore,
    erasing: ErasingService,
    retention: RetentionStore,
    *,
    retention_days: int,
) -> None:
    """Tidy up every hour, until cancelled; 0 *retention_days* keep history for ever."""
    while True:
        await tidy_once(inbox, erasing, retention, retention_days=retention_days)
        await asyncio.sleep(REST_SECONDS)


async def tidy_once(
    inbox: InboxStore,
    erasing: ErasingService,
    retention: RetentionStore,
    *,
    retention_days: int,
) -> None:
    """Do all of it; where one thing fails, the others are done all the same."""
    await contain("forgetting_updates", inbox.forget_done(utc_now() - KEPT))
    await contain("erasing", erasing.finish())
    if retention_days:
        await contain("retention", _expire(retention, retention_days))


async def _expire(retention: RetentionStore, days: int) -> None:
    deleted = await retention.delete_before(utc_now() - timedelta(days=days))
    if deleted:
        log.info("history.expired", rows=deleted)
