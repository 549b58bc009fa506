"""Answers as they arrive over HTTP, and the errors on their way."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Self

import httpx

from bot.elumenta.errors import ProtocolError, StreamBroken, TimedOut, Unreachable

MAX_BODY_BYTES = 8 * 1024 * 1024

_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class Answer:
    """An answer whose status is good and whose body is still arriving."""

    def __init__(self, response: httpx.Response, *, seconds: float) -> None:
        self._response = response
        self._seconds = seconds

    @property
    def content_type(self) -> str:
        """The bare type, such as `application/json`; empty when none is told."""
        header: str = self._response.headers.get("content-type", "")
        return header.partition(";")[0].strip().lower()

    async def chunks(self, *, size: int | None = None) -> AsyncGenerator[bytes]:
        """Give the body as it comes, or in pieces of *size* bytes.

        Raises StreamBroken when it stops coming.
        """
        until = asyncio.get_running_loop().time() + self._seconds
        chunks = self._response.aiter_bytes(size)
        while True:
            with _within_an_answer():
                async with asyncio.timeout_at(until):
                    chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield chunk

    async def read(self) -> bytes:
        """Give the whole body; raises ProtocolError when it outgrows MAX_BODY_BYTES."""
        body = bytearray()
        async with aclosing(self.chunks()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    problem = f"a body of more than {MAX_BODY_BYTES} bytes"
                    raise ProtocolError(problem)
        return bytes(body)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._response.aclose()


@contextmanager
def before_an_answer() -> Iterator[None]:
    """Turn what goes wrong until an answer begins into errors of ours."""
    try:
        yield
    except _NOTHING_SENT as error:
        problem = f"no connection: {type(error).__name__}"
        raise Unreachable(problem) from error
    except (httpx.TransportError, TimeoutError) as error:
        problem = f"no answer: {type(error).__name__}"
        raise TimedOut(problem) from error
    except ValueError:
        # The library reads the address of a redirect even where nobody follows it.
        problem = "a redirect to an address that nobody can read"
        raise ProtocolError(problem) from None


@contextmanager
def _within_an_answer() -> Iterator[None]:
    try:
        yield
    except (httpx.TransportError, TimeoutError) as error:
        problem = f"the answer broke off: {type(error).__name__}"
        raise StreamBroken(problem) from error
    except httpx.DecodingError as error:
        problem = "a body that is not compressed as it says"
        raise ProtocolError(problem) from error
