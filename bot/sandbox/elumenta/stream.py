"""Server-sent events, in every way the wire may carry them."""

import asyncio
import json

from aiohttp import web

from bot.sandbox.elumenta.reply import Wire
from bot.sandbox.elumenta.shapes import Json


class EventStream:
    """Writes events to a caller; the headers go out with open()."""

    def __init__(self, request: web.Request, wire: Wire) -> None:
        self._request = request
        self._wire = wire
        self._response = web.StreamResponse(headers={"Cache-Control": "no-cache"})
        self._response.content_type = "text/event-stream"

    async def open(self) -> None:
        await self._response.prepare(self._request)

    async def send(self, event: Json) -> None:
        """Send one event; raises ConnectionError when nobody listens."""
        await self._write(json.dumps(event, ensure_ascii=False))

    async def done(self) -> None:
        """Send the literal that ends a stream."""
        await self._write("[DONE]")

    async def close(self) -> web.StreamResponse:
        """End the body cleanly."""
        await self._response.write_eof()
        return self._response

    def cut(self) -> web.StreamResponse:
        """Close the connection in the middle of the body."""
        hang_up(self._request)
        return self._response

    async def _write(self, payload: str) -> None:
        encoded = encode(payload, self._wire)
        if self._wire is not Wire.BYTES:
            await self._response.write(encoded)
            return

        for byte in encoded:
            await self._response.write(bytes([byte]))
            await asyncio.sleep(0)


def encode(payload: str, wire: Wire) -> bytes:
    """Spell one event in bytes."""
    match wire:
        case Wire.CRLF:
            event = f"data: {payload}\r\n\r\n"
        case Wire.COMMENTS:
            event = f": keep-alive\n\n: before\ndata: {payload}\n: after\n\n"
        case Wire.TIGHT:
            event = f"data:{payload}\n\n"
        case Wire.PLAIN | Wire.BYTES:
            event = f"data: {payload}\n\n"
    return event.encode()


def hang_up(request: web.Request) -> None:
    """Close the connection after what was written, without a proper end."""
    if request.transport is not None:
        request.transport.close()
