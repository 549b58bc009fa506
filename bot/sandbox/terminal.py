"""The person's terminal: what they type, and what is drawn above it."""

import asyncio
import readline
import shutil
import sys
import termios
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TextIO

from bot.sandbox.styling import width

CLEAR_BELOW = "\x1b[J"
SLACK_COLUMNS = 4
"""Terminals do not agree on the width of symbols."""
MIN_COLUMNS = 20
ROWS_KEPT_FREE = 3


class Screen:
    """Redraws the rows above the line that is typed, and leaves the older ones alone.

    The typed line has no prompt: whoever reads it believes that it begins a row.
    """

    def __init__(
        self, out: TextIO, *, typed: Callable[[], str] = readline.get_line_buffer
    ) -> None:
        self._out = out
        self._typed = typed
        self._drawn = 0
        self._shown: Sequence[str] | None = ()

    @property
    def columns(self) -> int:
        """How wide rows may be."""
        return max(MIN_COLUMNS, shutil.get_terminal_size().columns - SLACK_COLUMNS)

    def draw(self, rows: Sequence[str]) -> None:
        """Show these rows in place of those drawn before; the last ones if not all fit."""
        room = max(1, shutil.get_terminal_size().lines - ROWS_KEPT_FREE)
        shown = tuple(rows[-room:])
        if shown != self._shown:
            self._replace(shown)
            self._drawn = len(shown)
            self._shown = shown

    def keep(self, rows: Sequence[str]) -> None:
        """Show these rows, all of them, for good."""
        self._replace(rows)
        self._drawn = 0
        self._shown = ()

    def entered(self, line: str) -> None:
        """Take account of a line that was just typed; the next rows are drawn over it."""
        self._drawn += _height(line)
        self._shown = None

    def _replace(self, rows: Sequence[str]) -> None:
        typed = self._typed()
        up = self._drawn + _height(typed) - 1
        above = f"\x1b[{up}A" if up else ""
        body = "".join(f"{row}\n" for row in rows)
        self._out.write(f"\r{above}{CLEAR_BELOW}{body}{typed}")
        self._out.flush()


def _height(typed: str) -> int:
    return 1 + width(typed) // max(1, shutil.get_terminal_size().columns)


@contextmanager
def tidy_terminal() -> Iterator[None]:
    """Leave the terminal as it was found, even when a line was being typed."""
    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


async def lines_of(read: Callable[[], str]) -> AsyncIterator[str]:
    """Yield what *read* returns until it raises EOFError.

    It blocks in a thread of its own, which does not keep the program from ending.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def hand_over(line: str | None) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody wants the line
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def listen() -> None:
        with suppress(EOFError):
            while True:
                hand_over(read())
        hand_over(None)

    threading.Thread(target=listen, name="typing", daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line


def read_piped(source: TextIO) -> str:
    """Read one line as input() does."""
    line = source.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")
