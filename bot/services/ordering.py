"""Sends an order out: when the limits of the owner and of the account allow it, and once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from bot.clock import utc_now
from bot.elumenta import ElumentaClient, ElumentaError, NotFound, RateLimited
from bot.errors import BotError
from bot.model import Charge, ExpenseKind, JobState, MediaJob
from bot.services.catalogue import catalogued
from bot.services.directory import ModelDirectory
from bot.services.failures import explain_order, may_have_been_taken
from bot.services.gate import MOST_REFUSALS, Gate, OnWait, Place
from bot.services.generating import Generating, order_of
from bot.services.spending import SpendingService
from bot.storage.errors import LimitExceeded
from bot.storage.jobs import JobStore

STALE = timedelta(minutes=30)
"""An order that nobody worked on for so long is not sent by itself any more."""

ORDER_TOKENS = 100
"""What is reserved for a model that the catalogue does not have any more."""

log = structlog.get_logger(__name__)


class Ordering:
    """Takes a stored order to the service."""

    def __init__(
        self,
        client: ElumentaClient,
        jobs: JobStore,
        generating: Generating,
        gate: Gate,
        spending: SpendingService,
        *,
        directory: ModelDirectory,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._client = client
        self._jobs = jobs
        self._generating = generating
        self._gate = gate
        self._spending = spending
        self._directory = directory
        self._now = now

    async def submit(self, job: MediaJob, *, on_wait: OnWait) -> MediaJob | None:
        """Order it; *on_wait* hears until when it has to wait, as text.

        Gives the job as it is then, or None when somebody else changed it meanwhile.
        """
        if self._now() - (job.due_at or job.created_at) > STALE:
            return await self._jobs.end(job, JobState.LAPSED)
        try:
            tokens = self._charge(job).tokens
            if refusal := await self._spending.refusal(job.question, tokens=tokens):
                raise refusal
            async with self._gate.place(job.question.payer_id, on_wait=on_wait) as place:
                begun = await self._begin(job)
                return begun and await self._order(begun, place, refusals=job.failures)
        except BotError as refusal:
            return await self._generating.end(job, JobState.REFUSED, refusal)

    def _charge(self, job: MediaJob) -> Charge:
        model = catalogued(job.kind, job.model)
        tokens = ORDER_TOKENS if model is None else model.max_tokens
        return self._spending.charge_for(
            job.question,
            ExpenseKind(job.kind.value),
            model=job.model,
            tokens=tokens if job.price is None else job.price.max_tokens,
        )

    async def _begin(self, job: MediaJob) -> MediaJob | None:
        """Store that the request goes out, and reserve what it costs, before it does."""
        # Anew: while it waited, its person may have lost the leave, and a day may have begun.
        charge = self._charge(job)
        try:
            return await self._jobs.begin(job, charge)
        except LimitExceeded:
            raise await self._spending.explain(job.question, charge) from None

    async def _order(self, job: MediaJob, place: Place, *, refusals: int) -> MediaJob | None:
        try:
            generation = await self._client.generate(order_of(job))
        except ElumentaError as error:
            log.warning("order.failed", job=job.id, failure=repr(error))
            return await self._miss(job, error, refusals=refusals)
        place.leave()
        return await self._generating.take(job, generation)

    async def _miss(
        self, job: MediaJob, error: ElumentaError, *, refusals: int
    ) -> MediaJob | None:
        if isinstance(error, RateLimited):
            self._gate.close(error.retry_after)
            if refusals < MOST_REFUSALS:
                return await self._jobs.take_back(job, failures=refusals + 1)
        if may_have_been_taken(error):
            return await self._generating.wonder(job)

        if isinstance(error, NotFound):
            self._directory.doubt()
        reason = explain_order(error, model=job.model)
        return await self._generating.end(job, JobState.REFUSED, reason)
