"""What an order costs, and whether its person has to agree first."""

import asyncio
from contextlib import suppress
from datetime import timedelta

import structlog

from bot.elumenta import ElumentaClient, ElumentaError
from bot.elumenta.catalog import MediaModel
from bot.model import MediaJob, PriceRange
from bot.services.generating import order_of
from bot.storage.jobs import JobStore

OFFER_STANDS = timedelta(minutes=15)
"""How long an offer can be agreed to."""

PATIENCE_SECONDS = 8.0
"""How long an offer waits for its price, and for the balance."""

log = structlog.get_logger(__name__)


class Pricing:
    """Puts a price on orders."""

    def __init__(self, client: ElumentaClient, jobs: JobStore, *, confirm_above: int) -> None:
        self._client = client
        self._jobs = jobs
        self._confirm_above = confirm_above

    def asking_price(self, model: MediaModel) -> PriceRange | None:
        """Give the catalogue's price of what needs somebody's consent, None for the rest."""
        if model.max_tokens <= self._confirm_above:
            return None
        return PriceRange(min_tokens=model.min_tokens, max_tokens=model.max_tokens)

    async def quote(self, job: MediaJob) -> MediaJob | None:
        """Put the exact price on an offer, or go ahead with it when it turns out to be cheap."""
        price = await self._exact_price(job)
        if price is None:
            return job
        if price.max_tokens <= self._confirm_above:
            return await self._jobs.approve(job)
        return await self._jobs.quote(job, price)

    async def balance(self) -> int | None:
        """Say how many tokens the account has left, if the service tells in time."""
        with suppress(ElumentaError, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                return (await self._client.get_balance()).tokens
        return None

    async def _exact_price(self, job: MediaJob) -> PriceRange | None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                price = await self._client.calculate_price(order_of(job))
        except (ElumentaError, TimeoutError) as error:
            log.warning("price.unknown", job=job.id, failure=repr(error))
            return None
        return PriceRange(min_tokens=price.tokens, max_tokens=price.tokens)
