"""What every request passes: it is recorded, recognised and counted."""

import time
from collections.abc import Awaitable, Callable

from aiohttp import hdrs, web
from pydantic import JsonValue, TypeAdapter, ValidationError

from bot.sandbox.elumenta.records import Request
from bot.sandbox.elumenta.refusals import Refusal
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.storage import FILES

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

SEEN = web.RequestKey("seen", Request)
_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class Gate:
    """Stands in front of all handlers; while it is down, nobody gets an answer."""

    def __init__(self, service: Service) -> None:
        self.down = False
        self._service = service
        self._open: list[web.Request] = []

    def drop(self) -> None:
        """Cut every connection that waits for an answer or reads one."""
        for request in self._open:
            _abort(request)

    @web.middleware
    async def admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer through *handler*, unless the request is refused."""
        self._open.append(request)
        try:
            request[SEEN] = await _record(request)
            self._keep(request)
            if self.down:
                _abort(request)
                return web.Response()
            return await self._answer(request, handler)
        finally:
            self._open.remove(request)

    async def sign(self, request: web.Request, response: web.StreamResponse) -> None:
        """Add the limits to an answer that is about to go out, and note its status."""
        if request.transport is None or request.transport.is_closing():
            return
        if not _is_download(request):
            response.headers.update(self._service.limits.headers())
        if SEEN in request:
            request[SEEN].status = response.status
            self._service.changed()

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            if not _is_download(request):
                self._check(request)
            return await handler(request)
        except Refusal as refusal:
            answer = refusal
        except web.HTTPClientError as error:
            answer = Refusal(error.status, f"{request.method} '{request.path}': {error.reason}")
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)

    def _keep(self, request: web.Request) -> None:
        service = self._service
        kept = service.downloads if _is_download(request) else service.requests
        kept.append(request[SEEN])
        service.changed()

    def _check(self, request: web.Request) -> None:
        service = self._service
        service.authenticate(request.headers.get(hdrs.AUTHORIZATION))
        if request.method == hdrs.METH_POST or service.polls_count:
            service.limits.count(plan=service.plan)
        if request.path in service.missing:
            raise Refusal(404, f"No path '{request.path}'")


async def _record(request: web.Request) -> Request:
    at = time.monotonic()
    try:
        body = _JSON.validate_json(await request.read())
    except ValidationError:
        body = None
    return Request(
        at=at, method=request.method, path=request.path, headers=request.headers, body=body
    )


def _is_download(request: web.Request) -> bool:
    """Say whether it goes to the storage host, which knows neither keys nor limits."""
    return request.path.startswith(FILES)


def _abort(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
