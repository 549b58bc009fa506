"""Forgetting people who want to be forgotten."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from bot.model import Erasable
from bot.services.owner_day import OwnerDay
from bot.services.turns import TurnQueue
from bot.storage.erasing import ErasureStore

SETTLE_SECONDS = 10.0
"""How long stopped answers may take to be shown before all else is deleted."""

log = structlog.get_logger(__name__)


class ErasingService:
    """Deletes what is stored about a person, also what was under way when they wanted that.

    What they spent today is kept until midnight, as it counts towards limits; so is what the
    owner decided about them. *wake* is called when orders may have been taken back.
    """

    def __init__(
        self,
        store: ErasureStore,
        turns: TurnQueue,
        day: OwnerDay,
        *,
        wake: Callable[[], None],
        settle_seconds: float = SETTLE_SECONDS,
    ) -> None:
        self._store = store
        self._turns = turns
        self._day = day
        self._wake = wake
        self._settle_seconds = settle_seconds

    async def count(self, person_id: int) -> Erasable:
        """Tell how much would go."""
        return await self._store.count(person_id)

    async def erase(self, person_id: int) -> None:
        """Stop what the person asked and delete what is stored; repeating it does no harm.

        What cannot be stopped, or runs elsewhere, is deleted by `finish` once it has ended.
        """
        self._turns.stop_person(person_id)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._settle_seconds):
                await self._turns.without(person_id)

        await self._store.erase(person_id, before_day=self._day.today())
        self._wake()
        log.info("person.erased")

    async def finish(self) -> None:
        """Delete what has ended since its person was forgotten."""
        await self._store.finish(before_day=self._day.today())
