"""Reads off what nobody counts: how much waits, and what is left."""

from math import nan

from bot.metrics import Metrics
from bot.services.gate import Gate
from bot.storage.inbox import InboxStore


class Gauges:
    """Brings the gauges up to date that show a state instead of what happened."""

    def __init__(self, metrics: Metrics, inbox: InboxStore, gate: Gate) -> None:
        self._metrics = metrics
        self._inbox = inbox
        self._gate = gate

    async def read(self) -> None:
        """Read all off; what nobody tells is not known any more."""
        limits, left = self._gate.limits, self._metrics.requests_left
        left.clear()
        for window, requests in (("hour", limits.remaining_hour), ("day", limits.remaining_day)):
            if requests is not None:
                left.labels(window=window).set(requests)
        self._metrics.people_waiting.set(self._gate.people_waiting)

        self._metrics.updates_waiting.set(nan)
        self._metrics.updates_waiting.set(await self._inbox.waiting())
