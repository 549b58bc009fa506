"""What the program works with, opened in order."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from uuid import uuid4

from aiogram import Bot

from bot.elumenta import ElumentaClient, RequestStyle, StatusError
from bot.i18n import Translator
from bot.metrics import Metrics
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.ownership import sole_owner
from bot.storage.replicas import ReplicaStore
from bot.telegram.pacer import Pacer
from bot.telegram.session import create_bot


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the program works with: its database, the service, Telegram, and languages."""

    replica_id: str
    """This program's own, among all that ever ran on the database."""
    database: Database
    client: ElumentaClient
    bot: Bot
    pacer: Pacer
    translator: Translator
    metrics: Metrics


@asynccontextmanager
async def open_outside(
    settings: Settings, *, on_refusal: Callable[[StatusError], object]
) -> AsyncIterator[Outside]:
    """Open the database, and the connections to Elumenta and Telegram."""
    async with AsyncExitStack() as resources:
        database = await resources.enter_async_context(Database(settings.database_url))
        await resources.enter_async_context(sole_owner(database.file))
        if not database.is_shared:
            # Nobody else can work on it, so those that it knows of are dead.
            await ReplicaStore(database).clear()
        metrics = Metrics()
        client = ElumentaClient(
            settings.elumenta_api_key.get_secret_value(),
            base_url=settings.elumenta_base_url,
            style=RequestStyle(settings.elumenta_request_style),
            on_refusal=on_refusal,
            on_exchange=metrics.hear_exchange,
        )
        await resources.enter_async_context(client)
        token, pacer = settings.bot_token.get_secret_value(), Pacer()
        bot = create_bot(token, api_url=settings.telegram_api_url, pacer=pacer, metrics=metrics)
        resources.push_async_callback(bot.session.close)
        yield Outside(
            replica_id=uuid4().hex,
            database=database,
            client=client,
            bot=bot,
            pacer=pacer,
            translator=Translator.bundled(default=settings.default_language),
            metrics=metrics,
        )
