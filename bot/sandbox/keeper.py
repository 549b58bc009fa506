"""The bot of the demo as a process that may be killed, restarted, or die by itself."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from bot.sandbox.telegram import TelegramServer

START_SECONDS = 60
STOP_SECONDS = 12
"""Longer than the bot takes to end in an orderly way."""
MAX_LAST_WORDS = 4_000
LEASH = ("-m", "bot.sandbox.leash")


class BotState(StrEnum):
    """How the bot is doing."""

    STARTING = "starting"
    RUNNING = "running"
    """It asks for updates."""
    STOPPED = "stopped"


class BotDied(Exception):
    """The bot ended before it ever listened; `output` is what it said."""

    def __init__(self, status: int | None, output: str) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.output = output


class BotKeeper:
    """Starts the bot, notes when it listens and when it ends, and starts it again if asked to."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        log: Path,
        telegram: TelegramServer,
    ) -> None:
        self.state = BotState.STARTING
        self.last_words = ""
        """What the bot said before it ended although nobody asked it to."""
        self._command = command
        self._environment = environment
        self._log = log
        self._telegram = telegram
        self._process: asyncio.subprocess.Process | None = None
        self._is_wanted = asyncio.Event()
        self._is_meant_to_end = False
        self._has_listened = False

    async def run(self) -> None:
        """Keep the bot until cancelled; raises BotDied when it cannot even start."""
        self._is_wanted.set()
        try:
            while await self._is_wanted.wait():
                self._is_wanted.clear()
                await self._live()
        finally:
            await self._end()

    def kill(self) -> None:
        """Let the bot die at once, in the middle of whatever it does, and stay dead."""
        self._is_wanted.clear()
        self._is_meant_to_end = True
        self._send(signal.SIGKILL)

    async def restart(self) -> None:
        """Ask the bot to end, if it runs, and start it again."""
        self._is_wanted.set()
        self._is_meant_to_end = True
        self.state = BotState.STARTING
        await self._end()

    async def _live(self) -> None:
        """Attend one life of the bot, from its start to its end."""
        self._is_meant_to_end = False
        self.last_words = ""
        self.state = BotState.STARTING
        self._process = await self._launch()
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._note_listening())
            status = await self._process.wait()
            listening.cancel()

        if not self._is_wanted.is_set():
            self.state = BotState.STOPPED
        if not self._is_meant_to_end:
            self._mourn(status)

    def _mourn(self, status: int) -> None:
        output = self._log.read_text(encoding="utf-8", errors="replace")[-MAX_LAST_WORDS:]
        if not self._has_listened:
            raise BotDied(status, output)
        self.last_words = output or f"status {status}"

    async def _note_listening(self) -> None:
        while self.state is BotState.STARTING:
            with contextlib.suppress(AssertionError):
                await self._telegram.polled(START_SECONDS)
                self._has_listened = True
                self.state = BotState.RUNNING

    async def _launch(self) -> asyncio.subprocess.Process:
        """Start the bot in a session of its own, deaf to the Ctrl-C that is meant for the demo."""
        with self._log.open("ab") as output:
            return await asyncio.create_subprocess_exec(
                sys.executable,
                *LEASH,
                *self._command,
                cwd=self._log.parent,
                env=self._environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    async def _end(self) -> None:
        self._send(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._ended()
        except TimeoutError:
            self._send(signal.SIGKILL)
            await self._ended()

    async def _ended(self) -> None:
        if self._process is not None:
            await self._process.wait()

    def _send(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)
