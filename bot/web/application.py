"""Everything that can be asked of the bot over HTTP, by its path."""

from collections.abc import Awaitable, Callable

import structlog
from aiohttp.typedefs import Handler
from aiohttp.web import (
    Application,
    HTTPException,
    HTTPInternalServerError,
    PlainResource,
    Request,
    StreamResponse,
    middleware,
)
from yarl import URL

from bot.metrics import Metrics
from bot.web.exposition import Exposition
from bot.web.health import Health, Vitals
from bot.web.webhook import WebhookDoor

MAX_BODY_BYTES = 1024 * 1024
"""Far more than any update takes."""

PATIENCE_SECONDS = 3.0
"""How long a part of the program may take to tell how it is."""

log = structlog.get_logger(__name__)


def create_application(
    *,
    vitals: Vitals,
    is_ready: Callable[[], bool],
    webhook: WebhookDoor | None,
    metrics: Metrics,
    measure: Callable[[], Awaitable[None]],
    patience_seconds: float = PATIENCE_SECONDS,
) -> Application:
    """Put together what is served; *measure* sets the gauges that nobody keeps up to date."""
    application = Application(middlewares=[_answer_for_all], client_max_size=MAX_BODY_BYTES)
    health = Health(vitals, is_ready=is_ready, patience_seconds=patience_seconds)
    exposition = Exposition(metrics, health, measure=measure, patience_seconds=patience_seconds)

    application.router.add_get("/healthz", health.healthz)
    application.router.add_get("/readyz", health.readyz)
    application.router.add_get("/metrics", exposition.metrics)
    if webhook is not None:
        # Not `add_post`: the path is a part of an address, as it is written there, and no pattern.
        door = PlainResource(URL(webhook.path, encoded=True).path_safe)
        door.add_route("POST", webhook.receive)
        application.router.register_resource(door)
    return application


@middleware
async def _answer_for_all(request: Request, handler: Handler) -> StreamResponse:
    """Log a mistake of ours, since the server itself logs nothing."""
    try:
        return await handler(request)
    except HTTPException:
        raise
    except Exception:
        log.exception("request.failed", path=request.path)
        raise HTTPInternalServerError from None
