"""The page over HTTP: its files, a stream of what can be seen, and a way to act."""

import asyncio
import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from aiohttp import hdrs, web
from pydantic import ValidationError

from bot.sandbox.cast import NotOnStage
from bot.sandbox.page.actions import ACTION, Director
from bot.sandbox.page.guard import FRONT_DOOR, Guard
from bot.sandbox.page.mishaps import Mishaps
from bot.sandbox.page.scene import Scene
from bot.sandbox.page.stream import stream
from bot.sandbox.phrases import LANGUAGES, page_words
from bot.sandbox.stage import Stage
from bot.sandbox.telegram.errors import ImpossibleError

HOST = "127.0.0.1"
SITE = Path(str(files("bot.sandbox.page"))) / "site"
CLOSING_SECONDS = 0.5
PORTS_TO_TRY = 20


@asynccontextmanager
async def open_page(stage: Stage, *, port: int) -> AsyncIterator[str]:
    """Serve the page and give its address, on the next free port if this one is taken."""
    page = Page(stage)
    runner = web.AppRunner(page.application(), access_log=None, shutdown_timeout=CLOSING_SECONDS)
    await runner.setup()
    try:
        await _listen(runner, port)
        taken: int = runner.addresses[0][1]
        page.guard.listen_on(taken)
        yield f"http://{HOST}:{taken}"
    finally:
        await runner.cleanup()


class Page:
    """Answers the browser."""

    def __init__(self, stage: Stage) -> None:
        mishaps = Mishaps(stage.telegram, stage.elumenta)
        self.guard = Guard()
        self._stage = stage
        self._scene = Scene(stage, mishaps)
        self._director = Director(stage, mishaps)
        self._closing = asyncio.Event()

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self.guard.admit])
        application.on_response_prepare.append(self.guard.sign)
        application.on_shutdown.append(self._close)
        application.add_routes(
            [
                web.get(FRONT_DOOR, self._index),
                web.static("/site", SITE),
                web.get("/words/{language}", self._words),
                web.get("/scene/{person}", self._stream),
                web.get("/media/{key}/{name}", self._media),
                web.post("/actions", self._act),
            ]
        )
        return application

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(SITE / "index.html")

    async def _words(self, request: web.Request) -> web.StreamResponse:
        language = request.match_info["language"]
        if language not in LANGUAGES:
            raise web.HTTPNotFound
        return web.json_response(page_words(language))

    async def _media(self, request: web.Request) -> web.StreamResponse:
        """Send a photo or a video to look at, anything else to keep."""
        file = self._stage.cast.file(request.match_info["key"], request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        if file.kind in ("photo", "video"):
            return web.FileResponse(file.path, headers={hdrs.CONTENT_TYPE: file.mime_type})

        headers = {
            hdrs.CONTENT_TYPE: "application/octet-stream",
            hdrs.CONTENT_DISPOSITION: "attachment",
        }
        return web.FileResponse(file.path, headers=headers)

    async def _act(self, request: web.Request) -> web.StreamResponse:
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            action = ACTION.validate_json(await request.read())
            outcome = await self._director.perform(action)
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False)[0]["msg"]
            return web.json_response({"problem": problem}, status=400)
        except (NotOnStage, ImpossibleError) as error:
            return web.json_response({"problem": str(error)}, status=409)
        return web.json_response(outcome)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        person = request.match_info["person"]
        try:
            return await stream(self._scene, person, request, closing=self._closing)
        except NotOnStage as error:
            raise web.HTTPNotFound from error

    async def _close(self, _: web.Application) -> None:
        self._closing.set()


async def _listen(runner: web.AppRunner, port: int) -> None:
    for candidate in range(port, port + PORTS_TO_TRY) if port else (0,):
        try:
            await web.TCPSite(runner, HOST, candidate).start()
        except OSError as error:
            if error.errno != errno.EADDRINUSE or candidate == port + PORTS_TO_TRY - 1:
                raise
        else:
            return
