"""A reverse proxy in front of several bots, as nginx or Caddy would be."""

import itertools
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientConnectionError, ClientConnectorError, ClientSession, TCPConnector, web

HOST = "127.0.0.1"
NOT_FORWARDED = frozenset({"host", "connection", "content-length", "transfer-encoding"})


class Proxy:
    """Hands requests to the backends in turn; one that refuses the connection is skipped."""

    def __init__(self, session: ClientSession) -> None:
        self.backends: list[str] = []
        """The addresses of those that answer, without a path."""
        self.served = Counter[str]()
        """How many requests each of them has answered."""
        self.url = ""
        self._session = session
        self._turns = itertools.count()

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.read()
        turn = next(self._turns)
        for step in range(len(self.backends)):
            backend = self.backends[(turn + step) % len(self.backends)]
            try:
                return await self._forward(request, backend, body)
            except ClientConnectorError:
                continue
            except ClientConnectionError:
                # It may have done what was asked, so nobody else is asked.
                break
        return web.Response(status=502)

    async def _forward(self, request: web.Request, backend: str, body: bytes) -> web.Response:
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in NOT_FORWARDED
        }
        async with self._session.request(
            request.method, backend + request.path_qs, data=body, headers=headers
        ) as answer:
            content = await answer.read()

        self.served[backend] += 1
        return web.Response(status=answer.status, body=content)


@asynccontextmanager
async def open_proxy() -> AsyncIterator[Proxy]:
    """Listen on a free port of this machine."""
    async with ClientSession(connector=TCPConnector(limit=0, force_close=True)) as session:
        proxy = Proxy(session)
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", proxy.handle)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, HOST, 0).start()
        proxy.url = f"http://{HOST}:{runner.addresses[0][1]}"
        try:
            yield proxy
        finally:
            await runner.cleanup()
