"""What brings updates from Telegram to their handlers, over the inbox that replicas share."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from secrets import token_urlsafe
from uuid import uuid4

from aiogram import Dispatcher

from bot.parts.making import Making
from bot.parts.outside import Outside
from bot.parts.talking import Talking
from bot.services.owning import Owning
from bot.settings import Settings
from bot.storage.inbox import InboxStore
from bot.storage.keepsakes import KeepsakeStore
from bot.storage.replicas import ReplicaStore
from bot.telegram.arrivals import handle
from bot.telegram.dispatcher import create_dispatcher
from bot.telegram.introduction import introduce
from bot.telegram.polling import Polling
from bot.telegram.session import connect
from bot.telegram.webhook import Webhook
from bot.workers.intake import Intake
from bot.workers.presence import LEASE, Presence
from bot.workers.supervisor import contain

WEBHOOK_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """Where updates come from, what has them handled, and this replica among others."""

    source: Polling | Webhook
    intake: Intake
    presence: Presence | None
    """None where nobody else can work on the database."""


@asynccontextmanager
async def open_receiving(
    settings: Settings, outside: Outside, owning: Owning, making: Making, talking: Talking
) -> AsyncIterator[Receiving]:
    """Be one of the replicas; at the end others may take over at once what is left.

    Raises SettingsInvalid when Telegram does not know the token.
    """
    dispatcher = create_dispatcher(
        me=await introduce(outside.bot, owning.access),
        answers=talking.answers,
        chats=talking.chats,
        turns=talking.turns,
        media=making.service,
        send_file=making.delivering.send_file,
        owning=owning,
        translator=outside.translator,
        pacer=outside.pacer,
    )
    replica_id, is_shared = uuid4().hex, outside.database.is_shared
    replicas = ReplicaStore(outside.database)
    await replicas.enter(replica_id, lease=LEASE if is_shared else None)
    outside.metrics.replicas.set(1)
    try:
        intake = _create_intake(outside, talking, dispatcher, replica_id=replica_id)
        kinds = dispatcher.resolve_used_update_types()
        yield Receiving(
            source=await _create_source(settings, outside, intake, kinds=kinds),
            intake=intake,
            presence=_create_presence(outside, owning, replica_id) if is_shared else None,
        )
    finally:
        await contain("leaving", replicas.leave(replica_id))


def _create_presence(outside: Outside, owning: Owning, replica_id: str) -> Presence:
    async def live_together(among: int) -> None:
        outside.metrics.replicas.set(among)
        outside.pacer.share(among)
        owning.gate.share(among)
        await owning.access.refresh()

    return Presence(ReplicaStore(outside.database), replica_id, on_beat=live_together)


def _create_intake(
    outside: Outside, talking: Talking, dispatcher: Dispatcher, *, replica_id: str
) -> Intake:
    return Intake(
        InboxStore(outside.database),
        bot_id=outside.bot.id,
        replica_id=replica_id,
        is_alone=not outside.database.is_shared,
        recover=talking.chats.recover,
        resume=talking.answers.resume,
        handle=partial(handle, dispatcher=dispatcher, bot=outside.bot, metrics=outside.metrics),
    )


async def _create_source(
    settings: Settings, outside: Outside, intake: Intake, *, kinds: list[str]
) -> Polling | Webhook:
    """Build what brings updates: a webhook where the settings name one."""
    if settings.webhook_url is None:
        token, api_url = settings.bot_token.get_secret_value(), settings.telegram_api_url
        connection = partial(connect, token, api_url=api_url)
        return Polling(outside.bot, connection, intake.take, kinds=kinds, metrics=outside.metrics)

    secret = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if not secret:
        keepsakes = KeepsakeStore(outside.database)
        secret = await keepsakes.keep("webhook_secret", token_urlsafe(WEBHOOK_SECRET_BYTES))
    return Webhook(
        outside.bot,
        intake.take,
        url=settings.webhook_url,
        secret=secret,
        kinds=kinds,
        metrics=outside.metrics,
    )
