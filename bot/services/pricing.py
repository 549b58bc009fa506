"""What an order costs, and whether its person has to agree first."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog

from bot.elumenta import ElumentaClient, ElumentaError
from bot.elumenta.catalog import MediaModel
from bot.model import JobState, MediaJob, PriceRange, Question
from bot.services.access import AccessService
from bot.services.balance import BalanceService
from bot.services.gate import Gate
from bot.services.generating import Generating, order_of
from bot.services.spending import SpendingService
from bot.storage.jobs import JobStore

OFFER_STANDS = timedelta(minutes=15)
"""How long an offer can be agreed to."""

PATIENCE_SECONDS = 8.0
"""How long an offer waits for its price, and for the balance."""

log = structlog.get_logger(__name__)


def asking_price(model: MediaModel, *, confirm_above: int) -> PriceRange | None:
    """Give the catalogue's price of what needs somebody's consent, None for the rest."""
    if model.max_tokens <= confirm_above:
        return None
    return PriceRange(min_tokens=model.min_tokens, max_tokens=model.max_tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class Funds:
    """What somebody may know of the tokens that an order would be paid with."""

    balance: int | None = None
    """Of the account; for its owner, in private."""
    allowance: int | None = None
    """What is left to them today, where there is a limit."""


class Pricing:
    """Puts a price on orders."""

    def __init__(
        self,
        client: ElumentaClient,
        jobs: JobStore,
        generating: Generating,
        *,
        gate: Gate,
        spending: SpendingService,
        balance: BalanceService,
        access: AccessService,
        confirm_above: int,
    ) -> None:
        self._client = client
        self._jobs = jobs
        self._generating = generating
        self._gate = gate
        self._spending = spending
        self._balance = balance
        self._access = access
        self._confirm_above = confirm_above

    async def quote(self, job: MediaJob) -> MediaJob | None:
        """Put the exact price on an offer: it may be cheap enough, or more than is left today."""
        price = await self._exact_price(job)
        if price is not None:
            quoted = await self._jobs.quote(job, price)
            if quoted is None or price.max_tokens <= self._confirm_above:
                return quoted and await self._jobs.approve(quoted)
            job = quoted

        least = job.price.min_tokens if job.price is not None else 0
        if refusal := await self._spending.refusal(job.question, tokens=least):
            return await self._generating.end(job, JobState.REFUSED, refusal)
        return job

    async def funds(self, question: Question) -> Funds:
        """Say what an offer may tell of the tokens that are left."""
        person_id, chat_id = question.person_id, question.key.chat_id
        standings = await self._spending.standings(person_id=person_id, chat_id=chat_id)
        # What a person has left is nothing that a group should read.
        subject_id = chat_id if chat_id < 0 else person_id
        is_owner = chat_id > 0 and self._access.is_admin(person_id)
        return Funds(
            balance=await self._account() if is_owner else None,
            allowance=next((one.left for one in standings if one.subject_id == subject_id), None),
        )

    async def _account(self) -> int | None:
        with suppress(ElumentaError, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                return (await self._balance.get()).tokens
        return None

    async def _exact_price(self, job: MediaJob) -> PriceRange | None:
        """Ask what it costs, unless requests are scarce: the catalogue's range does as well."""
        try:
            with self._gate.spare_place(job.question.payer_id) as place:
                if place is None:
                    return None
                async with asyncio.timeout(PATIENCE_SECONDS):
                    price = await self._client.calculate_price(order_of(job))
                place.leave()
        except (ElumentaError, TimeoutError) as error:
            log.warning("price.unknown", job=job.id, failure=repr(error))
            return None
        return PriceRange(min_tokens=price.tokens, max_tokens=price.tokens)
