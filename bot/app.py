"""The whole program, in order: build, start, serve, stop."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterable
from contextlib import AsyncExitStack
from functools import partial

import structlog

from bot.parts.choosing import open_choosing
from bot.parts.making import open_making
from bot.parts.outside import open_outside
from bot.parts.owning import create_watch, open_owning
from bot.parts.receiving import open_receiving
from bot.parts.serving import open_web
from bot.parts.talking import create_talking
from bot.parts.tidying import create_tidying
from bot.services.turns import TurnQueue
from bot.settings import Settings
from bot.telegram.chat_actions import show_actions
from bot.telegram.commands import publish_commands
from bot.workers.intake import Intake
from bot.workers.media_poller import MediaPoller
from bot.workers.supervisor import contain, supervise

FINISH_SECONDS = 3.0
"""How long answers in flight may go on when the program is asked to end; then they are cut off."""
DRAIN_SECONDS = 4.0
"""How long they may take to be shown then; the rest is, at the next start or by other replicas."""

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; one that comes during the start cancels it.

    Raises SettingsInvalid when Telegram does not know the token, DatabaseUnusable, and
    ReplicaLost in a group.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine always runs in a task
    on_signals(task.cancel)

    async with AsyncExitStack() as resources:
        open_part = resources.enter_async_context
        # What is refused is heard of by the watch, which is built below.
        outside = await open_part(
            open_outside(settings, on_refusal=lambda error: watch.refused(error))  # noqa: PLW0108
        )
        owning = await open_part(open_owning(settings, outside))
        watch = create_watch(settings, outside, owning)
        choosing = await open_part(open_choosing(settings, outside))
        making = await open_part(
            open_making(settings, outside, owning, choosing, on_spent=watch.spent)
        )
        talking = create_talking(
            settings,
            outside,
            owning,
            choosing,
            on_spent=watch.spent,
            wake=making.poller.wake,
        )
        receiving = await open_part(
            open_receiving(settings, outside, owning, making, talking, choosing=choosing)
        )
        await open_part(open_web(settings, outside, owning, making, receiving))
        await receiving.source.open()

        bot, pacer, translator = outside.bot, outside.pacer, outside.translator
        background = [
            supervise("updates", receiving.source.run),
            contain("commands", publish_commands(bot, translator, owning.access)),
            supervise("chat_actions", partial(show_actions, bot, pacer, making.service)),
            supervise("account_watch", watch.run),
            supervise("tidying", create_tidying(settings, outside, talking).run),
        ]
        await serve(background, talking.turns, receiving.intake, making.poller)


async def serve(
    background: Iterable[Coroutine[object, object, None]],
    turns: TurnQueue,
    intake: Intake,
    poller: MediaPoller,
) -> None:
    """Take updates until the program is asked to end, then see what is under way home."""
    stop = asyncio.Event()
    on_signals(stop.set)
    async with asyncio.TaskGroup() as tasks:
        beside = [tasks.create_task(work) for work in background]
        working = [tasks.create_task(worker.run()) for worker in (intake, poller)]
        await stop.wait()

        log.info("bot.stop_requested")
        intake.stop()
        poller.stop()
        turns.stop_unasked()
        await intake.settle(FINISH_SECONDS)
        turns.stop_all()
        given_up, _ = await asyncio.gather(
            intake.drain(DRAIN_SECONDS), asyncio.wait(working, timeout=DRAIN_SECONDS)
        )
        for task in (*beside, *working):
            task.cancel()
    log.info("bot.stopped", given_up=given_up)


def on_signals(act: Callable[[], object]) -> None:
    """Do this, and nothing else, when the program is asked to end."""
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, act)
