"""Server-sent events from a body that may be hostile, late or cut short."""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

import httpx
from httpx_sse import EventSource

from bot.elumenta.errors import ProtocolError

MAX_EVENT_BYTES = 1024 * 1024

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_BLANK_LINE = re.compile(rb"(?<=\n)[\r\n]|(?<=\r)\r")
_HEADERS = {"content-type": "text/event-stream"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """What one event carries; not whole where the body ended before the event did."""

    text: str
    whole: bool


async def read_payloads(chunks: AsyncIterator[bytes]) -> AsyncGenerator[Payload]:
    """Read the events that carry something, in order.

    Raises ProtocolError as soon as an event outgrows MAX_EVENT_BYTES, and what *chunks* raises.
    """
    body = _Body(chunks)
    source = EventSource(httpx.Response(200, headers=_HEADERS, content=body))

    async with aclosing(source.aiter_sse()) as events:
        async for event in events:
            if event.data:
                yield Payload(text=event.data, whole=not body.ended)


class _Body:
    """The bytes of a stream as httpx-sse reads them right."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self.ended = False
        self._chunks = chunks

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        event_bytes, last = 0, b""
        async for chunk in _without_mark(self._chunks):
            first, *others = _BLANK_LINE.split(last + chunk)
            sizes = [event_bytes + len(first) - len(last), *map(len, others)]
            if max(sizes) > MAX_EVENT_BYTES:
                problem = f"an event of more than {MAX_EVENT_BYTES} bytes"
                raise ProtocolError(problem)

            event_bytes, last = sizes[-1], chunk[-1:]
            yield chunk

        # httpx-sse drops a last event without its blank line, and with it perhaps the only
        # sign that the answer is whole.
        self.ended = True
        yield b"\n\n"


async def _without_mark(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes]:
    """Drop a byte order mark, which httpx-sse would take for a part of the first field."""
    head = b""
    async for chunk in chunks:
        head += chunk
        if not _BYTE_ORDER_MARK.startswith(head):
            break
    if head := head.removeprefix(_BYTE_ORDER_MARK):
        yield head

    async for chunk in chunks:
        yield chunk
