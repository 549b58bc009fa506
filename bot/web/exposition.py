"""Shows what was counted in the form that Prometheus reads."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp.web import Request, StreamResponse
from prometheus_client import (
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.aiohttp import make_aiohttp_handler

from bot.metrics import Metrics
from bot.web.health import Health

log = structlog.get_logger(__name__)


class Exposition:
    """Brings up to date what changes by itself, and shows everything.

    *measure* sets the gauges that nobody keeps up to date.
    """

    def __init__(
        self,
        metrics: Metrics,
        health: Health,
        *,
        measure: Callable[[], Awaitable[None]],
        patience_seconds: float,
    ) -> None:
        self._metrics = metrics
        self._health = health
        self._measure = measure
        self._patience_seconds = patience_seconds
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=metrics.registry)
        # When each number began is a second number for each, which Prometheus has no use for.
        disable_created_metrics()  # type: ignore[no-untyped-call] # has no annotations
        self._show = make_aiohttp_handler(metrics.registry)

    async def metrics(self, request: Request) -> StreamResponse:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._check())
            tasks.create_task(self._bring_up_to_date())
        return await self._show(request)

    async def _check(self) -> None:
        for name, vital in (await self._health.check()).items():
            self._metrics.checks.labels(check=name).set(vital.is_well)

    async def _bring_up_to_date(self) -> None:
        """Measure, as far as that succeeds in time; everything else is shown anyway."""
        try:
            async with asyncio.timeout(self._patience_seconds):
                await self._measure()
        except Exception:
            log.exception("gauges.not_measured")
