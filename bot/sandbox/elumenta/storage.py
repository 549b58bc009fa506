"""The storage host: whoever knows the address of a file may have it."""

import asyncio
import secrets
from dataclasses import dataclass, field

from aiohttp import hdrs, web

from bot.sandbox.elumenta.contents import CONTENT_TYPES, contents
from bot.sandbox.elumenta.making import Making
from bot.sandbox.elumenta.media_order import MediaOrder
from bot.sandbox.elumenta.refusals import Refusal

FILES = "/files/"


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """A result, which is drawn anew, and the same, whenever it is asked for."""

    order: MediaOrder
    seed: int
    making: Making
    failures_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.failures_left = self.making.file_failures


class Storage:
    """Hands out what was made."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}

    def route(self) -> web.RouteDef:
        return web.get(f"{FILES}{{secret}}/{{name}}", self.send, allow_head=False)

    def keep(self, name: str, file: StoredFile) -> str:
        """Store a file and return its path, which nobody can guess."""
        path = f"{FILES}{secrets.token_urlsafe(16)}/{name}.{file.order.extension}"
        self._files[path] = file
        return path

    async def send(self, request: web.Request) -> web.StreamResponse:
        """Send a file; a caller who shows it the key of the API has a leak, and is refused."""
        if hdrs.AUTHORIZATION in request.headers:
            raise Refusal(400, "Only one authorization mechanism allowed: the address itself")
        file = self._files.get(request.path)
        if file is None:
            raise Refusal(404, f"No file '{request.path}'")
        if file.failures_left > 0:
            file.failures_left -= 1
            return web.Response(status=file.making.file_status)

        found = await asyncio.to_thread(
            contents, file.order, seed=file.seed, size_bytes=file.making.size_bytes
        )
        response = web.StreamResponse()
        response.content_type = CONTENT_TYPES[file.order.extension]
        response.content_length = found.size
        await response.prepare(request)
        for piece in found.pieces():
            await response.write(piece)
        await response.write_eof()
        return response
