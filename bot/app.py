"""The whole program, in order: build, start, serve, stop."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from functools import partial

import structlog
from aiogram import Bot, Dispatcher

from bot.parts import create_chats, create_watch, open_making, open_outside, open_owning
from bot.services.turns import TurnQueue
from bot.settings import Settings
from bot.telegram.answers import Answers
from bot.telegram.chat_actions import show_actions
from bot.telegram.commands import publish_commands
from bot.telegram.dispatcher import create_dispatcher
from bot.telegram.introduction import introduce
from bot.telegram.live import LiveReplies
from bot.telegram.middlewares.in_flight import InFlight
from bot.workers.media_poller import MediaPoller
from bot.workers.supervisor import contain, supervise

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
        outside = await resources.enter_async_context(
            # What is refused is heard of by the watch, which is built below.
            open_outside(settings, on_refusal=lambda error: watch.refused(error))  # noqa: PLW0108
        )
        owning = await resources.enter_async_context(open_owning(settings, outside))
        watch = create_watch(settings, outside, owning)
        making = await resources.enter_async_context(
            open_making(settings, outside, owning, on_spent=watch.spent)
        )
        turns, in_flight = TurnQueue(), InFlight()
        chats = create_chats(settings, outside, owning, turns, on_spent=watch.spent)
        bot, pacer, translator = outside.bot, outside.pacer, outside.translator
        live = LiveReplies(bot, pacer, streaming=settings.streaming)
        answers = Answers(bot, chats, live, translator)
        dispatcher = create_dispatcher(
            me=await introduce(bot, owning.access),
            answers=answers,
            chats=chats,
            turns=turns,
            media=making.service,
            send_file=making.delivering.send_file,
            owning=owning,
            translator=translator,
            pacer=pacer,
            in_flight=in_flight,
        )

        await bot.delete_webhook()
        background = (
            answers.catch_up(await chats.recover()),
            contain("commands", publish_commands(bot, translator, owning.access)),
            supervise("chat_actions", partial(show_actions, bot, pacer, making.service)),
            supervise("account_watch", watch.run),
        )
        await serve(dispatcher, bot, background, turns, making.poller, in_flight)


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
