"""The webhook: has Telegram post updates here, and sees to it that it goes on doing so."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import WebhookInfo

from bot.clock import utc_now
from bot.metrics import Metrics
from bot.model import Arrival, Vital
from bot.settings import SettingsInvalid
from bot.telegram.arrivals import read_arrival
from bot.telegram.session import describe

CHECK_SECONDS = 20.0
UNWELL_AFTER = timedelta(seconds=15 * CHECK_SECONDS)
MOST_CONNECTIONS = 100
"""As many as Telegram offers: an update is acknowledged as soon as it is stored."""

log = structlog.get_logger(__name__)


class Webhook:
    """What Telegram knows of where to post updates; all replicas say the same."""

    def __init__(
        self,
        bot: Bot,
        take: Callable[[Sequence[Arrival]], Awaitable[None]],
        *,
        url: str,
        secret: str,
        kinds: list[str],
        metrics: Metrics,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._bot = bot
        self.path = urlsplit(url).path or "/"
        self.secret = secret
        self._take = take
        self._url = url
        self._kinds = kinds
        self._metrics = metrics
        self._now = now
        self._trouble = ""
        self._checked_at: datetime | None = None

    async def open(self) -> None:
        """Tell Telegram where to post; raises SettingsInvalid when it will not."""
        try:
            await self._set()
        except AiogramError as error:
            problem = f"WEBHOOK_URL: Telegram does not take it ({describe(error)})"
            raise SettingsInvalid([problem]) from None
        self._checked_at = self._now()

    async def receive(self, body: bytes) -> None:
        """Store what was posted, an update as JSON; raises UpdateUnreadable for anything else."""
        arrival = read_arrival(body)
        self._metrics.updates.labels(mode="webhook").inc()
        if arrival is not None:
            await self._take([arrival])

    async def run(self) -> None:
        """Look, until cancelled, whether Telegram still posts here; somebody may change that."""
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                await self.check()
            except AiogramError as error:
                self._trouble = describe(error)
                log.warning("webhook.not_checked", failure=self._trouble)

    async def vital(self) -> Vital:
        """Tell when Telegram was last asked, and what it says is wrong."""
        at = self._checked_at
        is_recent = at is not None and self._now() - at < UNWELL_AFTER
        return Vital(is_well=is_recent, note=self._trouble, at=at)

    async def check(self) -> None:
        """Ask Telegram once; raises AiogramError."""
        known = await self._bot.get_webhook_info()
        self._trouble = self._trouble_of(known)
        if known.url != self._url or self._trouble:
            # Somebody may have changed the address, or the secret, which nobody is told.
            log.warning("webhook.set_again", failure=self._trouble)
            await self._set()
        self._checked_at = self._now()

    def _trouble_of(self, known: WebhookInfo) -> str:
        """Tell why Telegram could not post lately; it says so for ever after."""
        failed_at = known.last_error_date
        if failed_at is None or self._checked_at is None or failed_at < self._checked_at:
            return ""
        return known.last_error_message or ""

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._url,
            secret_token=self.secret,
            allowed_updates=self._kinds,
            max_connections=MOST_CONNECTIONS,
        )
