"""Brings what was made from the service to its person, through a file that nobody else sees."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import BinaryIO, assert_never
from weakref import WeakValueDictionary

import structlog

from bot.clock import utc_now
from bot.elumenta import Downloader, ElumentaError, TooLarge
from bot.metrics import Metrics
from bot.model import MediaJob
from bot.services.courier import Courier, Delivery, Media, Outcome
from bot.services.looking import back_off
from bot.storage.jobs import JobStore

MAX_UPLOAD_BYTES = 50_000_000
"""What bots may upload (https://core.telegram.org/bots/api#sending-files); more goes as a link."""

MOST_FAILURES = 6
"""Failures in a row, over some minutes, after which a link takes the place of the file."""

UNSURE_FAILURES = 3
"""What an upload counts for that may have arrived, so that few copies of it can."""

AT_ONCE = 16
"""Files on their way at the same time, which bounds the disk they need."""

SHOW_AGAIN = timedelta(seconds=10)
"""Until a result is sent again that Telegram did not get."""

log = structlog.get_logger(__name__)


class Delivering:
    """Downloads results and hands them to the courier."""

    def __init__(
        self,
        downloader: Downloader,
        courier: Courier,
        jobs: JobStore,
        metrics: Metrics,
        *,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._downloader = downloader
        self._courier = courier
        self._jobs = jobs
        self._metrics = metrics
        self._now = now
        self._places = asyncio.Semaphore(AT_ONCE)
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def deliver(self, job: MediaJob) -> MediaJob | None:
        """Give a person what was made; the download is repeated by itself, nothing else is."""
        try:
            delivery = await self._send(job)
        except (ElumentaError, OSError) as error:
            log.warning("download.failed", job=job.id, failure=repr(error))
            self._metrics.deliveries.labels(outcome="not_downloaded").inc()
            return await self._try_later(job, failures=1)

        self._metrics.deliveries.labels(outcome=delivery.outcome).inc()
        match delivery.outcome:
            case Outcome.DONE:
                log.info("job.delivered", job=job.id)
                return await self._jobs.deliver(job, message_id=delivery.message_id)
            case Outcome.UNWANTED:
                return await self._keep(job)
            case Outcome.DELAYED:
                return await self._jobs.postpone(
                    job, due_at=self._now() + SHOW_AGAIN, failures=job.failures
                )
            case Outcome.UNSURE:
                return await self._try_later(job, failures=UNSURE_FAILURES)
            case _:
                assert_never(delivery.outcome)

    async def send_file(self, job: MediaJob) -> bool:
        """Send a result once more, as a file; False when it cannot be had or sent now."""
        async with self._place(job):
            try:
                with TemporaryFile() as file:
                    media = await self._download(job, file)
                    delivery = await self._courier.send_file(job, media)
            except (ElumentaError, OSError) as error:
                log.warning("download.failed", job=job.id, failure=repr(error))
                return False
        return delivery.outcome is Outcome.DONE

    async def _send(self, job: MediaJob) -> Delivery:
        """Send a result as a file, or a link to one that is too large or cannot be had."""
        async with self._place(job):
            if job.failures >= MOST_FAILURES:
                return await self._courier.deliver(job, None)
            with TemporaryFile() as file:
                try:
                    media = await self._download(job, file)
                except TooLarge:
                    media = None
                return await self._courier.deliver(job, media)

    @asynccontextmanager
    async def _place(self, job: MediaJob) -> AsyncIterator[None]:
        """Wait for a place; one chat takes one, lest its pace holds up all others."""
        chat_id = job.question.key.chat_id
        turn = self._turns.setdefault(chat_id, asyncio.Lock())
        async with turn, self._places:
            yield

    async def _keep(self, job: MediaJob) -> MediaJob | None:
        """Put a result aside; the chat may refuse media only, and still take a word about it."""
        kept = await self._jobs.keep(job)
        if kept is not None:
            await self._courier.show(kept)
        return kept

    async def _download(self, job: MediaJob, file: BinaryIO) -> Media:
        address = job.result.url if job.result is not None else ""
        got = await self._downloader.fetch(address, to=file, limit=MAX_UPLOAD_BYTES)
        return Media(file=file, size=got.size, content_type=got.content_type)

    async def _try_later(self, job: MediaJob, *, failures: int) -> MediaJob | None:
        due_at = self._now() + back_off(job.failures)
        return await self._jobs.postpone(job, due_at=due_at, failures=job.failures + failures)
