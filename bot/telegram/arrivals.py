"""Updates as Telegram sends them: read as far as it takes to store them, and handled later."""

from collections.abc import Iterable
from time import monotonic

import structlog
from aiogram import Bot, Dispatcher
from aiogram.dispatcher.middlewares.user_context import UserContextMiddleware
from aiogram.types import Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import BaseModel, ConfigDict, ValidationError
from structlog.contextvars import bound_contextvars

from bot.metrics import Metrics
from bot.model import Arrival, StoredUpdate, UpdateUnreadable
from bot.telegram.addressing import person_of

log = structlog.get_logger(__name__)


class RawUpdate(BaseModel):
    """An update as it came, also what is newer than this program."""

    model_config = ConfigDict(extra="allow")

    update_id: int


def read_arrivals(bodies: Iterable[str]) -> list[Arrival]:
    """Read updates that were fetched, without those that this program cannot read.

    They would come again and again otherwise, and the bot would hear nothing else.
    """
    return [arrival for body in bodies if (arrival := read_arrival(body)) is not None]


def read_arrival(body: str | bytes) -> Arrival | None:
    """Read an update, as JSON; gives None where only its id can be read.

    Raises UpdateUnreadable where there is not even that.
    """
    try:
        numbered = RawUpdate.model_validate_json(body)
    except ValidationError:
        raise UpdateUnreadable from None
    try:
        update = Update.model_validate_json(body)
    except ValidationError:
        # What is wrong with it is not logged: it would quote people.
        log.warning("update.unreadable", update=numbered.update_id)
        return None
    text = body if isinstance(body, str) else body.decode()
    return Arrival(
        update_id=update.update_id,
        chat_id=_chat_of(update),
        body=text,
        is_press=bool(update.callback_query or update.stopped_message_generation),
    )


async def handle(
    update: StoredUpdate, *, dispatcher: Dispatcher, bot: Bot, metrics: Metrics
) -> None:
    """Have an update handled, and name it in the log meanwhile."""
    began_at = monotonic()
    with bound_contextvars(update=update.update_id):
        read = Update.model_validate_json(update.body, context={"bot": bot})
        kind = _kind_of(read)
        if kind is None:
            log.warning("update.unknown")
            return
        await dispatcher.feed_update(bot, read)
    metrics.handling.labels(kind=kind).observe(monotonic() - began_at)


def _kind_of(update: Update) -> str | None:
    """Name what an update is about; None for what is newer than aiogram, which would print it."""
    try:
        return update.event_type
    except UpdateTypeLookupError:
        return None


def _chat_of(update: Update) -> int:
    """Tell in which chat an update belongs; a guest has none there, but one with its person."""
    if update.guest_message is not None:
        return person_of(update.guest_message) or 0
    context = UserContextMiddleware.resolve_event_context(update)
    return context.chat_id or context.user_id or 0
