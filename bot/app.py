"""The whole program, in order: build, start, serve, stop."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack

import structlog
from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError, TelegramUnauthorizedError
from aiogram.types import User

from bot.elumenta import ElumentaClient, RequestStyle
from bot.i18n import Translator
from bot.services.access import AccessService
from bot.services.chat import ChatService
from bot.services.turns import TurnQueue
from bot.settings import Access, Settings, SettingsInvalid
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.storage.ownership import sole_owner
from bot.telegram.answers import Answers
from bot.telegram.commands import publish_commands
from bot.telegram.dispatcher import create_dispatcher
from bot.telegram.live import LiveReplies
from bot.telegram.middlewares.in_flight import InFlight
from bot.telegram.pacer import Pacer
from bot.telegram.session import create_bot, describe

POLLING_SECONDS = 30

DRAIN_SECONDS = 7.0
"""How long answers in flight may take to be shown at the end; the rest is, at the next start."""

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
        token = settings.bot_token.get_secret_value()
        pacer = Pacer()
        bot = create_bot(token, api_url=settings.telegram_api_url, pacer=pacer)
        resources.push_async_callback(bot.session.close)
        translator = Translator.bundled(default=settings.default_language)

        turns = TurnQueue()
        chats = create_chats(settings, client, HistoryStore(database), turns)
        live = LiveReplies(bot, pacer, streaming=settings.streaming)
        answers = Answers(bot, chats, live, translator)
        in_flight = InFlight()
        dispatcher = create_dispatcher(
            me=await introduce(bot),
            answers=answers,
            chats=chats,
            turns=turns,
            access=create_access(settings),
            translator=translator,
            pacer=pacer,
            in_flight=in_flight,
        )

        await bot.delete_webhook()
        untold = await chats.recover()
        background = (answers.catch_up(untold), publish_commands(bot, translator))
        await serve(dispatcher, bot, turns, in_flight, background)


async def serve(
    dispatcher: Dispatcher,
    bot: Bot,
    turns: TurnQueue,
    in_flight: InFlight,
    background: Iterable[Coroutine[object, object, None]],
) -> None:
    """Take updates until the program is asked to end, then see the answers in flight home."""
    stop = asyncio.Event()
    on_signals(stop.set)
    async with asyncio.TaskGroup() as tasks:
        beside = [tasks.create_task(work) for work in background]
        tasks.create_task(
            dispatcher.start_polling(
                bot, polling_timeout=POLLING_SECONDS, handle_signals=False, close_bot_session=False
            )
        )
        await stop.wait()

        log.info("bot.stop_requested")
        await dispatcher.stop_polling()
        turns.stop_all()
        given_up = await in_flight.drain(DRAIN_SECONDS)
        for task in beside:
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


async def introduce(bot: Bot) -> User:
    """Ask Telegram who the bot is, which also shows that the token is right."""
    try:
        me = await bot.me()
    except TelegramUnauthorizedError:
        problem = "BOT_TOKEN: Telegram does not know it; copy it again from @BotFather"
        raise SettingsInvalid([problem]) from None
    except AiogramError as error:
        problem = f"TELEGRAM_API_URL: no Bot API answers there ({describe(error)})"
        raise SettingsInvalid([problem]) from None
    log.info("bot.started", username=me.username)
    return me
