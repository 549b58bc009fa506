"""The HTTP side: reads calls, lets misfortune happen, answers as the Bot API does."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from bot.sandbox.telegram.downloads import Downloads
from bot.sandbox.telegram.errors import ApiError, refuse, refuse_unknown
from bot.sandbox.telegram.faults import (
    AnswerLostError,
    FaultScript,
    ServerBrokenError,
    linger,
    strike,
)
from bot.sandbox.telegram.flood import FloodControl
from bot.sandbox.telegram.methods import METHODS, Method
from bot.sandbox.telegram.model import JsonObject
from bot.sandbox.telegram.uploads import Upload, read_multipart
from bot.sandbox.telegram.world import World

MAX_REQUEST_BYTES = 64 * 1024 * 1024
JSON_OBJECT = TypeAdapter(JsonObject)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of the Bot API as it came in, and how it ended.

    A call without an answer has `ok` False and no error code; if it broke off half-way, nothing
    else is known of it. Uploaded files are objects with `name` and `size` among the parameters.
    """

    at: float
    """When it came, by the clock of `time.monotonic`."""
    method: str
    parameters: JsonObject
    chat_id: int | None
    ok: bool
    error_code: int | None = None
    description: str = ""


class Gateway:
    """Answers HTTP requests out of the world, and keeps a record of all calls but polls."""

    def __init__(self, world: World, *, token: str, flood: FloodControl) -> None:
        self.calls: list[Call] = []
        self.faults = FaultScript()
        self.down = False
        self.refused_connections = 0
        self.downloads = Downloads(world, self.faults)
        self._world = world
        self._token = token
        self._flood = flood

    def application(self) -> web.Application:
        application = web.Application(client_max_size=MAX_REQUEST_BYTES)
        application.router.add_route("*", "/bot{token}/{method}", self._handle)
        application.router.add_get("/file/bot{token}/{path:.+}", self._download)
        application.router.add_get("/media/{key}/{name}", self._show)
        return application

    async def _handle(self, request: web.Request) -> web.Response:
        if self.down:
            self.refused_connections += 1
            self._world.change.announce()
            return _cut(request)
        if request.match_info["token"] != self._token:
            return _refuse(ApiError(401, "Unauthorized"))

        name = request.match_info["method"]
        at = time.monotonic()
        parameters: JsonObject = {}
        try:
            form, uploads = await self._read(request, METHODS.get(name, Method))
            parameters = form | {key: upload.as_json() for key, upload in uploads.items()}
            result = await self._carry_out(name, form, uploads)
        except ApiError as error:
            self._record(at, name, parameters, code=error.code, description=error.description)
            return _refuse(error)
        except ServerBrokenError as error:
            self._record(at, name, parameters, code=error.status, description="a page of HTML")
            return _page(error.status)
        except (AnswerLostError, ConnectionResetError):
            self._record(at, name, parameters, description="no answer")
            return _cut(request)

        self._record(at, name, parameters, ok=True)
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Serve a file to the bot."""
        if self.down:
            return _cut(request)
        if request.match_info["token"] != self._token:
            return _refuse(ApiError(401, "Unauthorized"))

        try:
            return await self.downloads.serve(request)
        except ApiError as error:
            return _refuse(error)
        except ServerBrokenError as error:
            return _page(error.status)
        except AnswerLostError:
            return _cut(request)

    async def _show(self, request: web.Request) -> web.StreamResponse:
        """Serve a file to people's apps, which know no token."""
        if self.down:
            return _cut(request)

        file = self._world.files.shown(request.match_info["key"], request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound
        return web.FileResponse(file.path, headers={"Content-Type": file.mime_type})

    async def _read(
        self, request: web.Request, method: type[Method]
    ) -> tuple[JsonObject, Mapping[str, Upload]]:
        """Collect the parameters from the address and the body, whatever its type."""
        if request.content_type == "application/json":
            return method.decode(dict(request.query)) | _json_object(await request.read()), {}
        if request.content_type == "multipart/form-data":
            texts, uploads = await read_multipart(request, self._world.files.folder)
            return method.decode({**request.query, **texts}), uploads

        form = await request.post()
        texts = {name: value for name, value in form.items() if isinstance(value, str)}
        return method.decode({**request.query, **texts}), {}

    async def _carry_out(
        self, name: str, parameters: JsonObject, uploads: Mapping[str, Upload]
    ) -> object:
        fault = self.faults.take(name, _chat_id(parameters))
        await strike(fault)
        if any(upload.is_too_large for upload in uploads.values()):
            raise ApiError(413, "Request Entity Too Large")

        if name not in METHODS:
            refuse_unknown()
        method = METHODS[name].read(parameters)
        method.charge(self._world, self._flood)
        result = await method.receive(self._world, uploads)

        await linger(fault)
        return result

    def _record(
        self,
        at: float,
        name: str,
        parameters: JsonObject,
        *,
        ok: bool = False,
        code: int | None = None,
        description: str = "",
    ) -> None:
        if name == "getUpdates":
            return

        call = Call(
            at=at,
            method=name,
            parameters=parameters,
            chat_id=_chat_id(parameters),
            ok=ok,
            error_code=code,
            description=description,
        )
        self.calls.append(call)
        self._world.change.announce()


def _json_object(body: bytes) -> JsonObject:
    try:
        return JSON_OBJECT.validate_json(body)
    except ValidationError:
        refuse("can't parse JSON object")


def _chat_id(parameters: JsonObject) -> int | None:
    chat_id = parameters.get("chat_id")
    return chat_id if isinstance(chat_id, int) else None


def _refuse(error: ApiError) -> web.Response:
    return web.json_response(error.as_json(), status=error.code)


def _page(status: int) -> web.Response:
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>{title}</body>\r\n</html>\r\n"
    return web.Response(text=page, status=status, content_type="text/html")


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
