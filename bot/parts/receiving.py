"""What brings updates from Telegram to their handlers, over the inbox that replicas share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from secrets import token_urlsafe

from aiogram import Dispatcher

from bot.parts.making import Making
from bot.parts.outside import Outside
from bot.parts.talking import Talking
from bot.services.choosing import Choosing
from bot.services.owning import Owning
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.inbox import InboxStore
from bot.storage.keepsakes import KeepsakeStore
from bot.storage.replicas import ReplicaStore
from bot.telegram.arrivals import handle
from bot.telegram.dispatcher import create_dispatcher
from bot.telegram.fence import Fence
from bot.telegram.introduction import introduce
from bot.telegram.polling import Polling
from bot.telegram.session import connect
from bot.telegram.webhook import Webhook
from bot.workers.intake import Intake
from bot.workers.presence import LEASE, Presence
from bot.workers.supervisor import contain

WEBHOOK_SECRET_BYTES = 32
LEAVE_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """Where updates come from, and what has them handled."""

    source: Polling | Webhook
    intake: Intake


@asynccontextmanager
async def open_receiving(
    settings: Settings,
    outside: Outside,
    owning: Owning,
    making: Making,
    talking: Talking,
    *,
    choosing: Choosing,
) -> AsyncIterator[Receiving]:
    """Be one of the replicas; at the end others may take over at once what is left.

    Raises SettingsInvalid when Telegram does not know the token, and ReplicaLost in a group.
    """
    dispatcher = create_dispatcher(
        outside.bot,
        settings,
        me=await introduce(outside.bot, owning.access, settings),
        answers=talking.answers,
        chats=talking.chats,
        turns=talking.turns,
        media=making.service,
        send_file=making.delivering.send_file,
        owning=owning,
        choosing=choosing,
        erasing=talking.erasing,
        translator=outside.translator,
        pacer=outside.pacer,
    )
    async with _enter(settings, outside, owning, choosing):
        intake = _create_intake(outside, talking, dispatcher)
        kinds = dispatcher.resolve_used_update_types()
        source = await _create_source(settings, outside, intake, kinds=kinds)
        yield Receiving(source=source, intake=intake)


@asynccontextmanager
async def _enter(
    settings: Settings, outside: Outside, owning: Owning, choosing: Choosing
) -> AsyncIterator[None]:
    """Be a replica for the length of the block, which is cut off when others have buried it."""
    replica_id, database = outside.replica_id, outside.database
    async with AsyncExitStack() as resources:
        if outside.database.is_shared:
            # A life sign must not queue behind all that handlers want of the database.
            database = Database(settings.database_url)
            resources.push_async_callback(database.close)
        replicas = ReplicaStore(database)
        await replicas.enter(replica_id, lease=LEASE if database.is_shared else None)
        resources.push_async_callback(_leave, replicas, replica_id)
        outside.metrics.replicas.set(1)
        if database.is_shared:
            presence = Presence(
                replicas, replica_id, on_beat=partial(_share, outside, owning, choosing)
            )
            outside.bot.session.middleware(Fence(presence.is_sure))
            tasks = await resources.enter_async_context(asyncio.TaskGroup())
            resources.callback(tasks.create_task(presence.run()).cancel)
        yield


async def _share(outside: Outside, owning: Owning, choosing: Choosing, among: int) -> None:
    """Leave the others what is theirs, and learn what they have stored."""
    outside.metrics.replicas.set(among)
    outside.pacer.share(among)
    owning.gate.share(among)
    await owning.access.refresh()
    await choosing.preferences.refresh()


async def _leave(replicas: ReplicaStore, replica_id: str) -> None:
    """Free the chats at once; where that fails, they are free when the lease ends."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LEAVE_SECONDS):
            await contain("leaving", replicas.leave(replica_id))


def _create_intake(outside: Outside, talking: Talking, dispatcher: Dispatcher) -> Intake:
    return Intake(
        InboxStore(outside.database),
        bot_id=outside.bot.id,
        replica_id=outside.replica_id,
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

    return Webhook(
        outside.bot,
        intake.take,
        url=settings.webhook_url,
        secret=await _secret(settings, KeepsakeStore(outside.database)),
        kinds=kinds,
        metrics=outside.metrics,
    )


async def _secret(settings: Settings, keepsakes: KeepsakeStore) -> str:
    """Take the secret of the operator, or else one that was made up once and is kept."""
    if settings.webhook_secret:
        return settings.webhook_secret.get_secret_value()
    return await keepsakes.keep("webhook_secret", token_urlsafe(WEBHOOK_SECRET_BYTES))
