"""`python -m bot demo`: the real bot and a person at a terminal, without credentials."""

import asyncio
import os
import re
import shutil
import signal
import sys
import textwrap
from collections.abc import Sequence
from functools import partial

from bot.sandbox.layout import rows_of
from bot.sandbox.phrases import Phrases, language_of, load_phrases
from bot.sandbox.stage import BotDied, Stage, open_stage
from bot.sandbox.talk import LOOK_SECONDS, NoButton, Talk
from bot.sandbox.terminal import Screen, lines_of, read_piped, tidy_terminal

BOT = ("-m", "bot")
QUIT = "/quit"
PRESS = re.compile(r"!(\d{1,3})")
ANSWER_SECONDS = 180
MAX_LAST_WORDS = 4_000


def main(command: Sequence[str] = BOT) -> int:
    """Run the demo with the bot that *command* starts in Python; the result is the exit status."""
    language = language_of(os.environ)
    phrases = load_phrases(language)
    _print(phrases.starting)
    try:
        return asyncio.run(_demo(command, phrases, language))
    except BotDied as death:
        _print_error(phrases.died.format(status=death.status))
        _print_error(death.output[-MAX_LAST_WORDS:])
        return 1
    except asyncio.CancelledError:
        _print(f"\n{phrases.bye}")
        return 0


async def _demo(command: Sequence[str], phrases: Phrases, language: str) -> int:
    _clean_up_when_closed()
    async with open_stage(command) as stage:
        return await stage.play(_scene(stage, phrases, language))


def _clean_up_when_closed() -> None:
    """End in an orderly way however one ends it: the bot must not outlive the demo.

    Told outright, since a program started in the background ignores Ctrl-C otherwise.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine always runs in a task
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


async def _scene(stage: Stage, phrases: Phrases, language: str) -> int:
    person = stage.telegram.person(phrases.guest, language_code=language)
    talk = Talk(stage.telegram.private_chat(person), person, stage.elumenta)

    _print(textwrap.fill(phrases.greeting, shutil.get_terminal_size().columns - 1))
    if sys.stdin.isatty() and sys.stdout.isatty():
        return await _talk_live(talk, phrases)
    return await _talk_in_turns(talk, phrases)


async def _talk_live(talk: Talk, phrases: Phrases) -> int:
    """Let the person type while answers appear above."""
    screen = Screen(sys.stdout)
    with tidy_terminal():
        async with asyncio.TaskGroup() as tasks:
            painting = tasks.create_task(_paint(talk, screen, phrases))
            async for line in lines_of(input):
                screen.entered(line)
                if line.strip() == QUIT:
                    break
                if note := await _act(talk, line.strip(), phrases):
                    screen.keep([note])
            painting.cancel()
    _print(phrases.bye)
    return 0


async def _paint(talk: Talk, screen: Screen, phrases: Phrases) -> None:
    while True:
        rows = rows_of(talk.bubbles(), phrases, columns=screen.columns)
        if talk.is_answered:
            screen.keep(rows)
            talk.settle()
        else:
            screen.draw(rows)
        await asyncio.sleep(LOOK_SECONDS)


async def _talk_in_turns(talk: Talk, phrases: Phrases) -> int:
    """Take lines from a pipe or a file: each one when the one before is answered."""
    # A copy of its own, because a thread that reads sys.stdin would block the exit.
    with os.fdopen(os.dup(sys.stdin.fileno()), encoding="utf-8", errors="replace") as source:
        async for line in lines_of(partial(read_piped, source)):
            if line.strip() == QUIT:
                break
            if not line.strip():
                continue
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    note = await _act(talk, line.strip(), phrases)
                    if talk.has_news:
                        await talk.answered()
            except TimeoutError:
                _print_error(phrases.no_answer)
                return 1
            popped_up = [note, ""] if note else []
            _print("\n".join([*popped_up, *rows_of(talk.bubbles(), phrases)]))
            talk.settle()
    return 0


async def _act(talk: Talk, line: str, phrases: Phrases) -> str:
    """Do what the person typed, and return what there is to say about it."""
    pressed = PRESS.fullmatch(line)
    if pressed is None:
        talk.say(line)
        return ""
    try:
        return await talk.press(int(pressed[1]))
    except NoButton:
        return phrases.no_button
    except TimeoutError:
        return phrases.no_answer


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _print_error(text: str) -> None:
    sys.stderr.write(f"{text}\n")
