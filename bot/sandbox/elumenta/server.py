"""The service on a port of this machine."""

from aiohttp import web

from bot.sandbox.elumenta.gate import Gate
from bot.sandbox.elumenta.routes import Routes
from bot.sandbox.elumenta.service import Service

HOST = "127.0.0.1"
MAX_BODY_BYTES = 32 * 1024 * 1024
MAX_WAITING_CONNECTIONS = 1024


class ElumentaServer(Service):
    """A strict Elumenta that a test, or the demo, can start, script and break."""

    def __init__(self, *, pace: float = 0.03) -> None:
        super().__init__(pace=pace)
        self.url = ""
        self._gate = Gate(self)
        self._runner: web.AppRunner | None = None

    async def start(self, *, port: int = 0) -> None:
        """Listen on *port*, or on any free one; `url` tells where."""
        app = web.Application(middlewares=[self._gate.admit], client_max_size=MAX_BODY_BYTES)
        app.add_routes(Routes(self).table())
        app.on_response_prepare.append(self._gate.sign)

        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port, backlog=MAX_WAITING_CONNECTIONS)
        await site.start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Cut whatever is open and stop listening."""
        if self._runner is None:
            return
        self._gate.drop()
        await self._runner.cleanup()
        self._runner = None

    @property
    def down(self) -> bool:
        """Whether the service is gone: connections are closed at once, open streams too."""
        return self._gate.down

    @down.setter
    def down(self, value: bool) -> None:
        self._gate.down = value
        if value:
            self._gate.drop()
