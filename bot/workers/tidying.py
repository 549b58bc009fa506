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


class Tidying:
    """Tidies up every hour; with 0 *retention_days* history is kept for ever."""

    def __init__(
        self,
        inbox: InboxStore,
        erasing: ErasingService,
        retention: RetentionStore,
        *,
        retention_days: int,
    ) -> None:
        self._inbox = inbox
        self._erasing = erasing
        self._retention = retention
        self._retention_days = retention_days

    async def run(self) -> None:
        """Tidy up now and every hour, until cancelled."""
        while True:
            await self.tidy()
            await asyncio.sleep(REST_SECONDS)

    async def tidy(self) -> None:
        """Do all of it once; where one thing fails, the others are done all the same."""
        await contain("forgetting_updates", self._inbox.forget_done(utc_now() - KEPT))
        await contain("erasing", self._erasing.finish())
        if self._retention_days:
            await contain("retention", self._expire())

    async def _expire(self) -> None:
        oldest = utc_now() - timedelta(days=self._retention_days)
        deleted = await self._retention.delete_before(oldest)
        if deleted:
            log.info("history.expired", rows=deleted)
