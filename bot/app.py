"""The whole program, in order: build, start, serve, stop."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from aiogram import Bot, Dispatcher

from bot.elumenta import Downloader, ElumentaClient, RequestStyle, Timeouts
from bot.i18n import Translator
from bot.model import MediaKind
from bot.services.access import AccessService
from bot.services.catalogue import catalogued
from bot.services.chat import ChatService
from bot.services.generating import Generating
from bot.services.media import MediaService
from bot.services.pricing import Pricing
from bot.services.turns import TurnQueue
from bot.settings import Access, Settings, SettingsInvalid
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.jobs import JobStore
from bot.storage.ownership import sole_owner
from bot.telegram.answers import Answers
from bot.telegram.chat_actions import show_actions
from bot.telegram.commands import publish_commands
from bot.telegram.courier import TelegramCourier
from bot.telegram.dispatcher import create_dispatcher
from bot.telegram.introduction import introduce
from bot.telegram.live import LiveReplies
from bot.telegram.middlewares.in_flight import InFlight
from bot.telegram.pacer import Pacer
from bot.telegram.session import create_bot
from bot.workers.delivering import Delivering
from bot.workers.looking import Looking
from bot.workers.media_poller import MediaPoller
from bot.workers.supervisor import supervise

POLLING_SECONDS = 30

DRAIN_SECONDS = 7.0
"""How long answers in flight may take to be shown at the end; the rest is, at the next start."""

DOWNLOADS = Timeouts(silence_seconds=20, answer_seconds=300)
"""A result that comes more slowly is tried again later, and makes room for others."""

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; one that comes during the start cancels it.

    Raises SettingsInvalid when Telegram does not know the token, and DatabaseUnusable.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine always runs in a task
    on_signals(task.cancel)

    async with AsyncExitStack() as resources:
        database = await resources.enter_async_context(Database(settings.database_url))
        await resources.enter_async_context(sole_owner(database.file))
        client = await resources.enter_async_context(create_client(settings))
        token, pacer = settings.bot_token.get_secret_value(), Pacer()
        bot = create_bot(token, api_url=settings.telegram_api_url, pacer=pacer)
        resources.push_async_callback(bot.session.close)
        translator = Translator.bundled(default=settings.default_language)
        media = await resources.enter_async_context(
            open_media(settings, client, database, bot, translator)
        )

        turns, in_flight = TurnQueue(), InFlight()
        chats = create_chats(settings, client, HistoryStore(database), turns)
        live = LiveReplies(bot, pacer, streaming=settings.streaming)
        answers = Answers(bot, chats, live, translator)
        dispatcher = create_dispatcher(
            me=await introduce(bot),
            answers=answers,
            chats=chats,
            turns=turns,
            media=media.service,
            send_file=media.delivering.send_file,
            access=create_access(settings),
            translator=translator,
            pacer=pacer,
            in_flight=in_flight,
        )

        await bot.delete_webhook()
        background = (
            answers.catch_up(await chats.recover()),
            publish_commands(bot, translator),
            supervise("chat_actions", partial(show_actions, bot, pacer, media.service)),
        )
        await serve(dispatcher, bot, background, turns, media.poller, in_flight)


async def serve(  # noqa: PLR0917 - each is of a type of its own
    dispatcher: Dispatcher,
    bot: Bot,
    background: Iterable[Coroutine[object, object, None]],
    turns: TurnQueue,
    poller: MediaPoller,
    in_flight: InFlight,
) -> None:
    """Take updates until the program is asked to end, then see what is under way home."""
    stop = asyncio.Event()
    on_signals(stop.set)
    async with asyncio.TaskGroup() as tasks:
        beside = [tasks.create_task(work) for work in background]
        polling_media = tasks.create_task(poller.run())
        tasks.create_task(
            dispatcher.start_polling(
                bot, polling_timeout=POLLING_SECONDS, handle_signals=False, close_bot_session=False
            )
        )
        await stop.wait()

        log.info("bot.stop_requested")
        await dispatcher.stop_polling()
        turns.stop_all()
        poller.stop()
        given_up, _ = await asyncio.gather(
            in_flight.drain(DRAIN_SECONDS), asyncio.wait({polling_media}, timeout=DRAIN_SECONDS)
        )
        for task in (*beside, polling_media):
            task.cancel()
    log.info("bot.stopped", given_up=given_up)


def on_signals(act: Callable[[], object]) -> None:
    """Do this, and nothing else, when the program is asked to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, act)


def create_client(settings: Settings) -> ElumentaClient:
    """Build the connection to Elumenta."""
    return ElumentaClient(
        settings.elumenta_api_key.get_secret_value(),
        base_url=settings.elumenta_base_url,
        style=RequestStyle(settings.elumenta_request_style),
    )


def create_chats(
    settings: Settings, client: ElumentaClient, history: HistoryStore, turns: TurnQueue
) -> ChatService:
    """Build the rules of conversations."""
    return ChatService(
        client,
        history,
        turns,
        model=settings.default_chat_model,
        system_prompt=settings.system_prompt,
        history_chars=settings.history_chars,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaParts:
    """What makes pictures and videos: the rules, the way to people, the worker."""

    service: MediaService
    delivering: Delivering
    poller: MediaPoller


@asynccontextmanager
async def open_media(
    settings: Settings,
    client: ElumentaClient,
    database: Database,
    bot: Bot,
    translator: Translator,
) -> AsyncIterator[MediaParts]:
    """Build what makes pictures and videos; the parts share a connection for downloads."""
    jobs = JobStore(database)
    if database.file is not None:
        # Nobody else works on a file, so what a dead program held is free at once.
        await jobs.release_all()
    courier = TelegramCourier(bot, translator, jobs.show)
    pricing = Pricing(client, jobs, confirm_above=settings.confirm_above)
    models = default_models(settings)

    # Results come unencrypted only where the service itself does.
    is_plain = settings.elumenta_base_url.startswith("http://")
    async with Downloader(allow_http=is_plain, timeouts=DOWNLOADS) as files:
        delivering, generating = Delivering(files, courier, jobs), Generating(client, jobs)
        looking = Looking(jobs, generating, courier)
        poller = MediaPoller(jobs, pricing, generating, looking, delivering, courier=courier)
        service = MediaService(jobs, pricing, default_models=models, wake=poller.wake)
        yield MediaParts(service=service, delivering=delivering, poller=poller)


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


def create_access(settings: Settings) -> AccessService:
    """Build the rule who may use the bot; warns when nobody may."""
    access = AccessService(
        open_to_all=settings.access is Access.OPEN,
        admin_ids=settings.admin_ids,
        allowed_ids=settings.allowed_ids,
    )
    if not access.admits_anybody:
        log.warning(
            "access.closed_to_all", mend="write to the bot to learn your id, set ADMIN_IDS to it"
        )
    return access
