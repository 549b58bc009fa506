"""The larger parts of the program, each built from what it needs."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from aiogram import Bot

from bot.elumenta import Downloader, ElumentaClient, RequestStyle, StatusError, Timeouts
from bot.i18n import Translator
from bot.model import MediaKind, Question
from bot.services.access import AccessService
from bot.services.asking import Asking
from bot.services.balance import BalanceService
from bot.services.catalogue import catalogued
from bot.services.chat import ChatService
from bot.services.gate import Gate
from bot.services.generating import Generating
from bot.services.media import MediaService
from bot.services.ordering import Ordering
from bot.services.owner_day import OwnerDay
from bot.services.owning import Owning
from bot.services.pricing import Pricing
from bot.services.spending import SpendingService
from bot.services.turns import TurnQueue
from bot.settings import Access, Settings, SettingsInvalid
from bot.storage.access import AccessStore
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.storage.ledger import LedgerStore
from bot.storage.notices import NoticeStore
from bot.storage.ownership import sole_owner
from bot.telegram.courier import TelegramCourier
from bot.telegram.messenger import TelegramMessenger
from bot.telegram.pacer import Pacer
from bot.telegram.session import create_bot
from bot.workers.account_watch import AccountWatch
from bot.workers.delivering import Delivering
from bot.workers.looking import Looking
from bot.workers.media_poller import MediaPoller

DOWNLOADS = Timeouts(silence_seconds=20, answer_seconds=300)
"""A result that comes more slowly is tried again later, and makes room for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What the program works with: its database, the service, Telegram, and languages."""

    database: Database
    client: ElumentaClient
    bot: Bot
    pacer: Pacer
    translator: Translator


@asynccontextmanager
async def open_outside(
    settings: Settings, *, on_refusal: Callable[[StatusError], object]
) -> AsyncIterator[Outside]:
    """Open the database, and the connections to Elumenta and Telegram."""
    async with AsyncExitStack() as resources:
        database = await resources.enter_async_context(Database(settings.database_url))
        await resources.enter_async_context(sole_owner(database.file))
        client = ElumentaClient(
            settings.elumenta_api_key.get_secret_value(),
            base_url=settings.elumenta_base_url,
            style=RequestStyle(settings.elumenta_request_style),
            on_refusal=on_refusal,
        )
        await resources.enter_async_context(client)
        token, pacer = settings.bot_token.get_secret_value(), Pacer()
        bot = create_bot(token, api_url=settings.telegram_api_url, pacer=pacer)
        resources.push_async_callback(bot.session.close)
        yield Outside(
            database=database,
            client=client,
            bot=bot,
            pacer=pacer,
            translator=Translator.bundled(default=settings.default_language),
        )


@asynccontextmanager
async def open_owning(settings: Settings, outside: Outside) -> AsyncIterator[Owning]:
    """Build what the owner decides, and load what was decided before."""
    database, client = outside.database, outside.client
    day, notices = OwnerDay(settings.timezone), NoticeStore(database)
    access = AccessService(
        AccessStore(database),
        open_to_all=settings.access is Access.OPEN,
        admin_ids=settings.admin_ids,
        allowed_ids=settings.allowed_ids,
    )
    await access.load()
    spending = SpendingService(
        LedgerStore(database),
        access,
        notices,
        day=day,
        user_daily=settings.user_daily_tokens,
        chat_daily=settings.chat_daily_tokens,
        daily=settings.daily_tokens,
    )
    balance = BalanceService(client)
    try:
        yield Owning(
            day=day,
            access=access,
            notices=notices,
            spending=spending,
            balance=balance,
            gate=Gate(lambda: client.limits, day=day),
        )
    finally:
        await balance.close()


def create_watch(settings: Settings, outside: Outside, owning: Owning) -> AccountWatch:
    """Build what tells people, unasked, how the account and their limits stand."""
    return AccountWatch(
        owning.balance,
        owning.access,
        owning.notices,
        TelegramMessenger(outside.bot, outside.translator),
        owning.spending,
        low_balance=settings.low_balance,
        day=owning.day,
    )


def create_chats(
    settings: Settings,
    outside: Outside,
    owning: Owning,
    turns: TurnQueue,
    *,
    on_spent: Callable[[Question], object],
) -> ChatService:
    """Build the rules of conversations."""
    history = HistoryStore(outside.database)
    asking = Asking(
        outside.client,
        history,
        owning.gate,
        owning.spending,
        model=settings.default_chat_model,
        system_prompt=settings.system_prompt,
        history_chars=settings.history_chars,
    )
    return ChatService(
        history, turns, asking, on_spent=on_spent, longest_prompt=settings.history_chars
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What makes pictures and videos: the rules, the way to people, the worker."""

    service: MediaService
    delivering: Delivering
    poller: MediaPoller


@asynccontextmanager
async def open_making(
    settings: Settings,
    outside: Outside,
    owning: Owning,
    *,
    on_spent: Callable[[Question], object],
) -> AsyncIterator[Making]:
    """Build what makes pictures and videos; the parts share a connection for downloads."""
    client, gate, spending = outside.client, owning.gate, owning.spending
    jobs = JobStore(outside.database)
    if outside.database.file is not None:
        # Nobody else works on a file, so what a dead program held is free at once.
        await jobs.release_all()
    courier = TelegramCourier(outside.bot, outside.translator, jobs.show)
    generating = Generating(client, jobs, on_spent=on_spent)
    ordering = Ordering(client, jobs, generating, gate, spending)
    looking = Looking(jobs, generating, courier, gate)
    pricing = Pricing(
        client,
        jobs,
        generating,
        gate=gate,
        spending=spending,
        balance=owning.balance,
        access=owning.access,
        confirm_above=settings.confirm_above,
    )

    # Results come unencrypted only where the service itself does.
    is_plain = settings.elumenta_base_url.startswith("http://")
    async with Downloader(allow_http=is_plain, timeouts=DOWNLOADS) as files:
        delivering = Delivering(files, courier, jobs)
        poller = MediaPoller(jobs, pricing, ordering, looking, delivering, courier=courier)
        service = MediaService(
            jobs,
            confirm_above=settings.confirm_above,
            default_models=default_models(settings),
            wake=poller.wake,
        )
        yield Making(service=service, delivering=delivering, poller=poller)


def default_models(settings: Settings) -> Mapping[MediaKind, str]:
    """Name the models that are taken when nobody chose one.

    Raises SettingsInvalid when the catalogue does not have them.
    """
    models = {
        MediaKind.IMAGE: settings.default_image_model,
        MediaKind.VIDEO: settings.default_video_model,
    }
    problems = [
        f"DEFAULT_{kind.name}_MODEL: is no {kind} model; README lists those there are"
        for kind, model in models.items()
        if catalogued(kind, model) is None
    ]
    if problems:
        raise SettingsInvalid(problems)
    return models
