"""HTTP with the service: one address, one key, and no errors but our own."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic

import httpx

from bot.elumenta.answers import Answer, before_an_answer
from bot.elumenta.errors import ElumentaError, ProtocolError, StatusError
from bot.elumenta.failures import read_failure
from bot.elumenta.generation import RateLimits
from bot.elumenta.operations import API_PATH, operation_of
from bot.elumenta.retry import Patience, repeat
from bot.elumenta.wire import read_limits

MAX_CONNECTIONS = 1000
JSON = "application/json"

OnExchange = Callable[[str, int | None, float], object]
"""Hears what was asked, the status of the answer if one came, and after how many seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long the client waits."""

    connect_seconds: float = 10
    silence_seconds: float = 180
    """For an answer to begin, and then for each next piece of it."""
    answer_seconds: float = 900
    """For the whole of an answer."""


DEFAULT_TIMEOUTS = Timeouts()


class Connection:
    """Sends requests, repeats what is safe to repeat, and turns refusals into errors."""

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str,
        timeouts: Timeouts,
        patience: Patience,
        on_refusal: Callable[[StatusError], object],
        on_exchange: OnExchange,
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self.limits: RateLimits | None = None
        self._api_key = _checked(api_key)
        self._timeouts = timeouts
        self._patience = patience
        self._on_refusal = on_refusal
        self._on_exchange = on_exchange
        self._http = httpx.AsyncClient(
            base_url=base_url.rstrip("/").removesuffix(API_PATH) + API_PATH,
            headers={"Authorization": f"Bearer {api_key}"},
            timeout=httpx.Timeout(timeouts.silence_seconds, connect=timeouts.connect_seconds),
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS),
            transport=transport,
        )

    async def get(
        self, path: str, *, query: Mapping[str, str | int] | None = None, repeats: bool = True
    ) -> bytes:
        """Look something up, which costs nothing; without *repeats* it is tried only once."""
        request = self._http.build_request("GET", path, params=query)
        return await self._ask(request, repeats=repeats)

    async def ask(self, path: str, body: Mapping[str, object]) -> bytes:
        """Ask something that has much to say, and costs nothing either."""
        request = self._http.build_request("POST", path, json=body, headers={"Accept": JSON})
        return await self._ask(request, repeats=True)

    async def order(self, path: str, body: Mapping[str, object], *, accept: str) -> Answer:
        """Ask for something that costs; gives the open answer, for the caller to close."""
        request = self._http.build_request("POST", path, json=body, headers={"Accept": accept})
        return await repeat(partial(self._send, request), paid=True, patience=self._patience)

    async def close(self) -> None:
        await self._http.aclose()

    async def _ask(self, request: httpx.Request, *, repeats: bool) -> bytes:
        """Send what costs nothing, so that any failure of the service may be tried again."""

        async def ask_once() -> bytes:
            async with await self._send(request) as answer:
                return await answer.read()

        if not repeats:
            return await ask_once()
        return await repeat(ask_once, paid=False, patience=self._patience)

    async def _send(self, request: httpx.Request) -> Answer:
        response = await self._exchange(request)
        self.limits = read_limits(dict(response.headers)) or self.limits or RateLimits()
        answer = Answer(response, seconds=self._timeouts.answer_seconds)
        if response.is_success:
            return answer
        async with answer:
            raise await self._refusal(response, answer)

    async def _exchange(self, request: httpx.Request) -> httpx.Response:
        """Wait until an answer begins, and tell how long that took; giving up is not told."""
        operation, began_at = operation_of(request.url.path), monotonic()
        try:
            with before_an_answer():
                async with asyncio.timeout(self._timeouts.answer_seconds):
                    response = await self._http.send(request, stream=True)
        except ElumentaError:
            self._on_exchange(operation, None, monotonic() - began_at)
            raise
        self._on_exchange(operation, response.status_code, monotonic() - began_at)
        return response

    async def _refusal(self, response: httpx.Response, answer: Answer) -> ElumentaError:
        if not response.is_error:
            return ProtocolError(f"status {response.status_code} instead of an answer")

        body = b""
        with suppress(ElumentaError):
            body = await answer.read()
        body = body.replace(self._api_key.encode(), b"[key]")

        refusal = read_failure(response.status_code, response.headers, body)
        self._on_refusal(refusal)
        return refusal


def _checked(api_key: str) -> str:
    """Refuse what no header can carry: the library's own error would show the key."""
    if not api_key.isascii() or not api_key.isprintable() or " " in api_key:
        problem = "the API key holds characters that no key has"
        raise ValueError(problem)
    return api_key
