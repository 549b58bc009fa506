"""Long polling: asks Telegram for updates, again and again, and notices when that fails."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramConflictError
from aiogram.methods import TelegramMethod
from aiogram.utils.backoff import Backoff, BackoffConfig

from bot.clock import utc_now
from bot.metrics import Metrics
from bot.model import Arrival, Vital
from bot.telegram.arrivals import RawUpdate, read_arrivals
from bot.telegram.session import describe

POLL_SECONDS = 30
"""How long Telegram may wait for an update before it answers that there is none."""
SILENCE_SECONDS = 15
"""How much longer an answer may take before the connection is taken for dead."""
UNWELL_AFTER = timedelta(seconds=POLL_SECONDS + 2 * SILENCE_SECONDS)
PAUSES = BackoffConfig(min_delay=0.5, max_delay=10.0, factor=1.5, jitter=0.1)

log = structlog.get_logger(__name__)


class GetRawUpdates(TelegramMethod[list[RawUpdate]]):
    """getUpdates, of which nothing is read yet but the ids."""

    __returning__ = list[RawUpdate]
    __api_method__ = "getUpdates"

    offset: int | None
    timeout: int
    allowed_updates: list[str]


class Polling:
    """Fetches updates over a connection of its own, made anew when it stops answering.

    Asking for the next ones tells Telegram to forget the last ones, so *take* stores them first.
    """

    def __init__(
        self,
        bot: Bot,
        connect: Callable[[], Bot],
        take: Callable[[Sequence[Arrival]], Awaitable[None]],
        *,
        kinds: list[str],
        metrics: Metrics,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._bot = bot
        self._connect = connect
        self._take = take
        self._kinds = kinds
        self._metrics = metrics
        self._now = now
        self._offset: int | None = None
        self._trouble = "nothing has been fetched yet"
        self._fetched_at: datetime | None = None

    async def open(self) -> None:
        """Take updates from a webhook, which Telegram would post them to instead."""
        await self._bot.delete_webhook()

    async def run(self) -> None:
        """Fetch until cancelled; what goes wrong is waited out."""
        pauses = Backoff(PAUSES)
        while True:
            async with self._connect().context() as bot:
                try:
                    while True:
                        await self._fetch(bot)
                        pauses.reset()
                except (AiogramError, TimeoutError, UnicodeDecodeError) as error:
                    self._note(error)
            await pauses.asleep()

    async def vital(self) -> Vital:
        """Tell when getUpdates last ended well, and what has been wrong since."""
        at = self._fetched_at
        is_recent = at is not None and self._now() - at < UNWELL_AFTER
        return Vital(is_well=is_recent and not self._trouble, note=self._trouble, at=at)

    async def _fetch(self, bot: Bot) -> None:
        """Fetch once; a call that hangs beyond what Telegram was told is a dead connection.

        Whether it works is known at once where that is not known yet.
        """
        seconds = 0 if self._trouble else POLL_SECONDS
        method = GetRawUpdates(offset=self._offset, timeout=seconds, allowed_updates=self._kinds)
        async with asyncio.timeout(seconds + SILENCE_SECONDS):
            updates = await bot(method)
        self._metrics.updates.labels(mode="polling").inc(len(updates))
        await self._take(read_arrivals(update.model_dump_json() for update in updates))
        # None is waiting for an empty answer to be confirmed, and ids may begin anew after a week.
        self._offset = updates[-1].update_id + 1 if updates else None
        self._trouble, self._fetched_at = "", self._now()

    def _note(self, error: Exception) -> None:
        is_conflict = isinstance(error, TelegramConflictError)
        self._trouble = "another program takes the updates" if is_conflict else describe(error)
        if is_conflict:
            self._metrics.conflicts.inc()
        if isinstance(error, TimeoutError):
            self._metrics.rebuilds.inc()
        log.warning("updates.not_fetched", failure=self._trouble)
