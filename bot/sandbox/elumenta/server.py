"""The service on a port of this machine."""

from collections.abc import Mapping

from aiohttp import web

from bot.sandbox.elumenta.gate import Gate
from bot.sandbox.elumenta.jobs import Jobs
from bot.sandbox.elumenta.routes import Routes
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.storage import Storage

HOST = "127.0.0.1"
MAX_BODY_BYTES = 32 * 1024 * 1024
MAX_WAITING_CONNECTIONS = 1024

LEISURELY = {"image": 1.0, "video": 6.0}
BRISK = {"image": 0.05, "video": 0.3}


class ElumentaServer(Service):
    """A strict Elumenta that a test, or the demo, can start, script and break.

    Pictures and videos take the seconds given for their category; without any, as long as
    suits a person who watches, or hardly any time where the *pace* is 0.
    """

    def __init__(
        self, *, pace: float = 0.03, making_seconds: Mapping[str, float] | None = None
    ) -> None:
        usual = LEISURELY if pace else BRISK
        super().__init__(pace=pace, making_seconds={**usual, **(making_seconds or {})})
        self._storage = Storage()
        self._jobs = Jobs(self, self._storage)
        self._gate = Gate(self)
        self._runner: web.AppRunner | None = None

    async def start(self, *, port: int = 0) -> None:
        """Listen on *port*, or on any free one; `url` tells where."""
        app = web.Application(middlewares=[self._gate.admit], client_max_size=MAX_BODY_BYTES)
        app.add_routes([*Routes(self, self._jobs).table(), self._storage.route()])
        app.on_response_prepare.append(self._gate.sign)

        self._runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=1
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port, backlog=MAX_WAITING_CONNECTIONS)
        await site.start()
        self.url = f"http://{HOST}:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        """Cut whatever is open, make nothing any more and stop listening."""
        if self._runner is None:
            return
        self._jobs.close()
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
