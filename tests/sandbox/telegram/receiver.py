"""A bot's side of a webhook, which answers as a test says."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field

from aiohttp import web
from pydantic import BaseModel

HOST = "127.0.0.1"


class Posted(BaseModel):
    """An update as it was posted."""

    update_id: int


@dataclass
class Receiver:
    """Notes what is posted; unless told otherwise it acknowledges everything at once."""

    ids: list[int] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    """What the next posts are answered with."""
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    """Answers wait for it."""
    at_once: int = 0
    most_at_once: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self.gate.set()
        self._came = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/hook"

    @property
    def times(self) -> dict[int, int]:
        """How often each update came."""
        counts = defaultdict[int, int](int)
        for update_id in self.ids:
            counts[update_id] += 1
        return counts

    async def start(self) -> None:
        application = web.Application()
        application.router.add_post("/hook", self._take)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def received(self, count: int) -> None:
        """Wait until so many posts have come."""
        async with asyncio.timeout(20), self._came:
            await self._came.wait_for(lambda: len(self.ids) >= count)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.text()
        self.bodies.append(body)
        self.ids.append(Posted.model_validate_json(body).update_id)
        self.headers.append(dict(request.headers))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        async with self._came:
            self._came.notify_all()

        await self.gate.wait()
        self.at_once -= 1
        return self.answers.pop(0) if self.answers else web.Response()
