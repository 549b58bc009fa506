"""`python -m bot demo`: the real bot and a Telegram app in the browser, without credentials."""

import argparse
import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import Sequence

from bot.sandbox.keeper import BotDied
from bot.sandbox.page.server import open_page
from bot.sandbox.phrases import Phrases, language_of, load_phrases
from bot.sandbox.stage import open_stage

BOT = ("-m", "bot")
PORT = 8765


def main(arguments: Sequence[str] = (), *, command: Sequence[str] = BOT) -> int:
    """Run the demo with the bot that *command* starts in Python; the result is the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bot demo", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="where the page is served")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page")
    options = parser.parse_args(arguments)

    phrases = load_phrases(language_of(os.environ))
    _print(phrases.starting)
    try:
        asyncio.run(_demo(command, phrases, port=options.port, may_browse=not options.no_browser))
    except BotDied as death:
        _print_error(phrases.died.format(status=death.status))
        _print_error(death.output)
        return 1
    except asyncio.CancelledError:
        _print(f"\n{phrases.bye}")
    return 0


async def _demo(command: Sequence[str], phrases: Phrases, *, port: int, may_browse: bool) -> None:
    """Serve the page until somebody ends the demo, or the bot cannot start."""
    _clean_up_when_ended()
    try:
        async with open_stage(command) as stage, open_page(stage, port=port) as address:
            _print(phrases.opened.format(address=address))
            if may_browse and _has_desktop():
                await asyncio.to_thread(webbrowser.open, address)
            await asyncio.Event().wait()
    except* BotDied as deaths:
        raise deaths.exceptions[0] from None


def _clean_up_when_ended() -> None:
    """End in an orderly way however one ends it: the bot must not outlive the demo.

    Told outright, since a program started in the background ignores Ctrl-C otherwise.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine always runs in a task
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _has_desktop() -> bool:
    """Whether a window can open: a browser inside the terminal would take the demo's place."""
    if not sys.stdout.isatty():
        return False
    is_unix = sys.platform not in ("darwin", "win32")
    return not is_unix or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _print_error(text: str) -> None:
    sys.stderr.write(f"{text}\n")
