"""Whether the program is well, as far as its parts tell within a moment."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp.web import Request, Response, json_response

from bot.model import Vital

Vitals = Mapping[str, Callable[[], Awaitable[Vital]]]
"""Gives a sign of life of each part."""

OK, UNAVAILABLE = 200, 503

log = structlog.get_logger(__name__)


class Health:
    """Answers those who look after the program: is it well, is it to be given work."""

    def __init__(
        self, vitals: Vitals, *, is_ready: Callable[[], bool], patience_seconds: float
    ) -> None:
        self._vitals = vitals
        self._is_ready = is_ready
        self._patience_seconds = patience_seconds

    async def check(self) -> dict[str, Vital]:
        """Ask all parts at once; one that fails to answer is not well."""
        async with asyncio.TaskGroup() as tasks:
            asked = {
                name: tasks.create_task(self._ask(name, vital))
                for name, vital in self._vitals.items()
            }
        return {name: task.result() for name, task in asked.items()}

    async def healthz(self, _: Request) -> Response:
        vitals = await self.check()
        is_well = all(vital.is_well for vital in vitals.values())
        told = {
            "status": "ok" if is_well else "failing",
            "checks": {name: _told(vital) for name, vital in vitals.items()},
        }
        return json_response(told, status=OK if is_well else UNAVAILABLE)

    async def readyz(self, _: Request) -> Response:
        is_ready = self._is_ready()
        told = {"status": "ready" if is_ready else "not ready"}
        return json_response(told, status=OK if is_ready else UNAVAILABLE)

    async def _ask(self, name: str, vital: Callable[[], Awaitable[Vital]]) -> Vital:
        try:
            async with asyncio.timeout(self._patience_seconds):
                return await vital()
        except TimeoutError:
            return Vital(is_well=False, note="no answer in time")
        except Exception as error:
            log.exception("check.failed", check=name)
            return Vital(is_well=False, note=type(error).__name__)


def _told(vital: Vital) -> dict[str, bool | str | None]:
    return {
        "ok": vital.is_well,
        "note": vital.note,
        "at": vital.at.isoformat() if vital.at is not None else None,
    }
