"""What the program shows of itself over HTTP, and what it is posted there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.parts.making import Making
from bot.parts.outside import Outside
from bot.parts.receiving import Receiving
from bot.services.owning import Owning
from bot.settings import Settings
from bot.storage.inbox import InboxStore
from bot.telegram.webhook import Webhook
from bot.workers.gauges import Gauges


@asynccontextmanager
async def open_web(
    settings: Settings,
    outside: Outside,
    owning: Owning,
    making: Making,
    receiving: Receiving,
) -> AsyncIterator[None]:
    """Serve health, metrics and the webhook, where the settings name a port."""
    if settings.http_port is None:
        yield
        return

    # Most bots have no port, and what serves it takes memory.
    from bot.web.application import create_application  # noqa: PLC0415
    from bot.web.server import open_server  # noqa: PLC0415
    from bot.web.webhook import WebhookDoor  # noqa: PLC0415

    source, intake = receiving.source, receiving.intake
    door = None
    if isinstance(source, Webhook):
        door = WebhookDoor(path=source.path, secret=source.secret, take=source.receive)
    application = create_application(
        vitals={
            "updates": source.vital,
            "database": outside.database.vital,
            "media": making.poller.vital,
        },
        is_ready=lambda: intake.is_open,
        webhook=door,
        metrics=outside.metrics,
        measure=Gauges(outside.metrics, InboxStore(outside.database), owning.gate).read,
    )
    async with open_server(application, host=settings.http_host, port=settings.http_port):
        yield
