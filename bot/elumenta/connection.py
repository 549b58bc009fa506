"""HTTP with the service: one address, one key, and no errors but our own."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Self

import httpx

from bot.elumenta.chat import RateLimits
from bot.elumenta.errors import (
    ElumentaError,
    ProtocolError,
    StreamBroken,
    TimedOut,
    Unreachable,
)
from bot.elumenta.failures import read_failure
from bot.elumenta.retry import Patience, repeat
from bot.elumenta.wire import read_limits

API_PATH = "/api/v2"
MAX_BODY_BYTES = 8 * 1024 * 1024
MAX_CONNECTIONS = 1000

_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long the client waits."""

    connect_seconds: float = 10
    silence_seconds: float = 180
    """For an answer to begin, and then for each next piece of it."""
    answer_seconds: float = 900
    """For the whole of an answer."""


class Connection:
    """Sends requests, repeats what is safe to repeat, and turns refusals into errors."""

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str,
        timeouts: Timeouts,
        patience: Patience,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self.limits: RateLimits | None = None
        self._api_key = _checked(api_key)
        self._timeouts = timeouts
        self._patience = patience
        self._http = httpx.AsyncClient(
            base_url=base_url.rstrip("/").removesuffix(API_PATH) + API_PATH,
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=httpx.Timeout(timeouts.silence_seconds, connect=timeouts.connect_seconds),
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS),
            transport=transport,
        )

    async def get(self, path: str) -> bytes:
        """Look something up; costs nothing, so any failure of the service is tried again."""
        request = self._http.build_request("GET", path)

        async def look_up() -> bytes:
            async with await self._send(request) as answer:
                return await answer.read()

        return await repeat(look_up, paid=False, patience=self._patience)

    async def order(self, path: str, body: Mapping[str, object], *, accept: str) -> "Answer":
        """Ask for something that costs; gives the open answer, for the caller to close."""
        request = self._http.build_request("POST", path, json=body, headers={"Accept": accept})
        return await repeat(partial(self._send, request), paid=True, patience=self._patience)

    async def close(self) -> None:
        await self._http.aclose()

    async def _send(self, request: httpx.Request) -> "Answer":
        with _before_an_answer():
            async with asyncio.timeout(self._timeouts.answer_seconds):
                response = await self._http.send(request, stream=True)

        self.limits = read_limits(dict(response.headers)) or self.limits
        answer = Answer(response, seconds=self._timeouts.answer_seconds)
        if response.is_success:
            return answer
        async with answer:
            raise await self._refusal(response, answer)

    async def _refusal(self, response: httpx.Response, answer: "Answer") -> ElumentaError:
        if not response.is_error:
            return ProtocolError(f"status {response.status_code} instead of an answer")

        body = b""
        with suppress(ElumentaError):
            body = await answer.read()
        body = body.replace(self._api_key.encode(), b"[key]")
        return read_failure(response.status_code, response.headers, body)


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

    async def chunks(self) -> AsyncGenerator[bytes]:
        """Give the body as it comes; raises StreamBroken when it stops coming."""
        until = asyncio.get_running_loop().time() + self._seconds
        chunks = self._response.aiter_bytes()
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


def _checked(api_key: str) -> str:
    """Refuse what no header can carry: the library's own error would show the key."""
    if not api_key.isascii() or not api_key.isprintable() or " " in api_key:
        problem = "the API key holds characters that no key has"
        raise ValueError(problem)
    return api_key


@contextmanager
def _before_an_answer() -> Iterator[None]:
    try:
        yield
    except _NOTHING_SENT as error:
        problem = f"no connection: {type(error).__name__}"
        raise Unreachable(problem) from error
    except (httpx.TransportError, TimeoutError) as error:
        problem = f"no answer: {type(error).__name__}"
        raise TimedOut(problem) from error


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
