"""What is served over HTTP, on a real port, and somebody who asks for it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO

from aiohttp import ClientSession, ClientTimeout
from yarl import URL

from bot.metrics import Metrics
from bot.model import Vital
from bot.web.application import create_application
from bot.web.health import Vitals
from bot.web.server import open_server
from bot.web.webhook import SECRET_HEADER, WebhookDoor

HERE = "127.0.0.1"
PATH = "/telegram/updates"
SECRET = "a-secret_of-256"
UPDATE = b'{"update_id": 7, "message": {"text": "between you and me"}}'
TELEGRAM = {SECRET_HEADER: SECRET, "Content-Type": "application/json"}


@dataclass(kw_only=True)
class Desk:
    """Takes updates in, or fails to."""

    taken: list[bytes] = field(default_factory=list)
    failure: Exception | None = None

    async def take(self, body: bytes) -> None:
        if self.failure is not None:
            raise self.failure
        self.taken.append(body)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What was answered."""

    status: int
    text: str
    headers: Mapping[str, str]


class Visitor:
    """Asks over HTTP."""

    def __init__(self, session: ClientSession, port: int) -> None:
        self._session = session
        self.port = port

    async def get(self, path: str) -> Answer:
        return await self.ask("GET", path)

    async def post(
        self, body: bytes = UPDATE, *, path: str = PATH, headers: Mapping[str, str] = TELEGRAM
    ) -> Answer:
        return await self.ask("POST", path, body=body, headers=headers)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        address = URL(f"http://{HERE}:{self.port}{path}", encoded=True)
        # The library warns of bytes, where they are many.
        data = BytesIO(body) if body else None
        async with self._session.request(method, address, data=data, headers=headers) as response:
            return Answer(
                status=response.status, text=await response.text(), headers=response.headers
            )

    async def write(self, request: bytes) -> bytes:
        """Send bytes as they are, and give the first line of what comes back."""
        reader, writer = await asyncio.open_connection(HERE, self.port)
        try:
            writer.write(request)
            return await reader.readline()
        finally:
            writer.close()


async def well() -> Vital:
    return Vital(is_well=True)


async def nothing() -> None:
    """Leave all gauges as they are."""


@asynccontextmanager
async def open_house(
    *,
    vitals: Vitals | None = None,
    is_ready: Callable[[], bool] = lambda: True,
    desk: Desk | None = None,
    path: str = PATH,
    metrics: Metrics | None = None,
    measure: Callable[[], Awaitable[None]] = nothing,
    patience_seconds: float = 60,
) -> AsyncIterator[Visitor]:
    """Serve; there is a webhook where there is a desk."""
    application = create_application(
        vitals={"database": well} if vitals is None else vitals,
        is_ready=is_ready,
        webhook=WebhookDoor(path=path, secret=SECRET, take=desk.take) if desk else None,
        metrics=metrics or Metrics(),
        measure=measure,
        patience_seconds=patience_seconds,
    )
    async with (
        open_server(application, host=HERE, port=0) as port,
        ClientSession(timeout=ClientTimeout(total=60)) as session,
    ):
        yield Visitor(session, port)
