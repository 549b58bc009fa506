"""The door that Telegram brings updates to; whoever does not know the secret is turned away."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from hmac import compare_digest
from traceback import format_tb

import structlog
from aiohttp import hdrs
from aiohttp.web import (
    HTTPBadRequest,
    HTTPRequestTimeout,
    HTTPServiceUnavailable,
    HTTPUnauthorized,
    HTTPUnsupportedMediaType,
    Request,
    RequestPayloadError,
    Response,
)

from bot.model import UpdateUnreadable

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of one
JSON = "application/json"
BODY_SECONDS = 10.0
"""How long an update may be on its way; a server of Telegram's needs no second."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDoor:
    """Where updates are posted, by whom, and who takes them in.

    *take* raises UpdateUnreadable for what is none; after any other error Telegram tries again.
    """

    path: str
    secret: str = field(repr=False)
    take: Callable[[bytes], Awaitable[None]]

    async def receive(self, request: Request) -> Response:
        """Take an update in, and say so as soon as it is safe."""
        told = request.headers.get(SECRET_HEADER, "")
        if not compare_digest(told.encode(errors="surrogateescape"), self.secret.encode()):
            raise HTTPUnauthorized
        if request.content_type != JSON:
            raise HTTPUnsupportedMediaType

        body = await _read(request)
        try:
            await self.take(body)
        except UpdateUnreadable:
            log.warning("update.unreadable")
            raise HTTPBadRequest from None
        except Exception as error:  # noqa: BLE001 - whatever it is, Telegram has to try again
            # The text of an error may quote the update, so only its place is told.
            place = "".join(format_tb(error.__traceback__))
            log.error("update.not_taken", failure=type(error).__name__, place=place)  # noqa: TRY400
            raise HTTPServiceUnavailable from None
        return Response()


async def _read(request: Request) -> bytes:
    """Read what was posted; the application bounds how much that may be."""
    if hdrs.CONTENT_ENCODING in request.headers:
        raise HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise HTTPRequestTimeout from None
    except (RequestPayloadError, ConnectionError):
        raise HTTPBadRequest from None
