"""The files that a bot fetches, https://core.telegram.org/bots/api#getfile."""

import asyncio

from aiohttp import web

from bot.sandbox.telegram.errors import refuse_unknown
from bot.sandbox.telegram.faults import DOWNLOAD, FaultKind, FaultScript, strike
from bot.sandbox.telegram.files import ANY_TYPE
from bot.sandbox.telegram.model import File
from bot.sandbox.telegram.world import World


class Downloads:
    """Serves what `getFile` gave the path of, unless something goes wrong on the way."""

    def __init__(self, world: World, faults: FaultScript) -> None:
        self.begun = 0
        """How often somebody asked for a file."""
        self._world = world
        self._faults = faults

    async def serve(self, request: web.Request) -> web.StreamResponse:
        self.begun += 1
        fault = self._faults.take(DOWNLOAD, None)
        await strike(fault)

        path = request.match_info["path"]
        file = self._world.files.lent(path, now=self._world.clock())
        if file is None:
            refuse_unknown()
        if fault is not None and fault.kind is FaultKind.LOST_ANSWER:
            return await _break_off(request, file)
        return web.FileResponse(file.path, headers={"Content-Type": ANY_TYPE})


async def _break_off(request: web.Request, file: File) -> web.StreamResponse:
    """Serve half of a file."""
    response = web.StreamResponse(headers={"Content-Type": ANY_TYPE})
    response.content_length = file.size
    await response.prepare(request)
    content = await asyncio.to_thread(file.path.read_bytes)
    await response.write(content[: file.size // 2])

    if request.transport is not None:
        request.transport.close()
    return response
