"""Asks the service about orders, unless it wants quiet."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.clock import utc_now
from bot.elumenta import RateLimited
from bot.model import JobState, MediaJob
from bot.services.courier import Courier
from bot.services.gate import Gate
from bot.services.generating import Generating
from bot.services.looking import is_begun_again
from bot.storage.jobs import JobStore

SHOW_SECONDS = 3.0
"""How long an order waits for the chat to say how far it is."""

DEFAULT_PAUSE_SECONDS = 60.0
"""For a rate limit that does not say how long it lasts."""
SHORTEST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 24 * 3600.0

log = structlog.get_logger(__name__)


class Looking:
    """Looks at one job after another; a rate limit that one meets holds for all."""

    def __init__(
        self,
        jobs: JobStore,
        generating: Generating,
        courier: Courier,
        gate: Gate,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._jobs = jobs
        self._generating = generating
        self._courier = courier
        self._gate = gate
        self._now = now
        self._paused_until = now()

    async def look(self, job: MediaJob) -> MediaJob | None:
        """Ask the service, unless it wants quiet: then nobody asks it until that is over."""
        if self._now() >= self._paused_until:
            try:
                return await self._ask(job)
            except RateLimited as error:
                self._pause(error.retry_after)
        return await self._generating.hold(job, until=self._paused_until)

    async def show_anew(self, job: MediaJob) -> None:
        """Let the status message say more, if there is one by now and the chat is quick."""
        await self._show(job)

    async def show_wait(self, job: MediaJob, until: str) -> None:
        """Let the status message say until when an order waits."""
        await self._show(job, waiting_until=until)

    async def _ask(self, job: MediaJob) -> MediaJob | None:
        if is_begun_again(job) or (job.state is JobState.UNKNOWN and job.looks == 0):
            await self.show_anew(job)
        if job.state is JobState.PENDING:
            return await self._generating.look(job)
        found = await self._generating.find(job)
        if found is not None and found.state is JobState.PENDING:
            await self.show_anew(found)
        return found

    async def _show(self, job: MediaJob, *, waiting_until: str | None = None) -> None:
        current = await self._jobs.get(job.id)
        if current is not None and current.status_message_id is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(SHOW_SECONDS):
                    await self._courier.show(current, waiting_until=waiting_until)

    def _pause(self, retry_after: float | None) -> None:
        seconds = DEFAULT_PAUSE_SECONDS if retry_after is None else retry_after
        seconds = min(max(seconds, SHORTEST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)
        self._paused_until = self._now() + timedelta(seconds=seconds)
        # What refuses a look refuses orders as well; the reverse is not known.
        self._gate.close(seconds)
        log.warning("polling.paused", seconds=seconds)
