"""Both stand-ins and the unmodified bot between them, for as long as somebody watches."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.telegram import TelegramServer

T = TypeVar("T")

START_SECONDS = 60
STOP_SECONDS = 10

PACKAGE_FOLDER = Path(__file__).parents[2]

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "SYSTEMROOT")
"""What the bot gets of the person's environment; settings in it are not for the demo."""


class BotDied(Exception):
    """The bot ended although nobody asked it to, or never listened.

    `output` is what it said; a bot that still runs has no status.
    """

    def __init__(self, status: int | None, output: str) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.output = output


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is running."""

    telegram: TelegramServer
    elumenta: ElumentaServer
    process: asyncio.subprocess.Process
    log: Path

    async def play(self, scene: Coroutine[None, None, T]) -> T:
        """Return what the scene returns; raises BotDied as soon as the bot is dead."""
        async with asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(scene)
            dying = tasks.create_task(self.process.wait())
            await asyncio.wait({playing, dying}, return_when=asyncio.FIRST_COMPLETED)
            has_died = not playing.done()
            playing.cancel()
            dying.cancel()
        if has_died:
            raise self.death()
        return playing.result()

    def death(self) -> BotDied:
        output = self.log.read_text(encoding="utf-8", errors="replace")
        return BotDied(self.process.returncode, output)

    async def is_listening(self) -> bool:
        """Wait until the bot asks for updates, within reason."""
        try:
            await self.telegram.polled(START_SECONDS)
        except AssertionError:
            return False
        return True


@asynccontextmanager
async def open_stage(command: Sequence[str]) -> AsyncIterator[Stage]:
    """Start everything on free ports and in a scratch folder, and clean up at the end.

    The bot listens when this is entered; raises BotDied when it never does.
    """
    telegram, elumenta = TelegramServer(), ElumentaServer()
    async with AsyncExitStack() as resources:
        scratch = resources.enter_context(
            TemporaryDirectory(prefix="elumenta-demo-", ignore_cleanup_errors=True)
        )
        resources.push_async_callback(telegram.close)
        await telegram.start()
        resources.push_async_callback(elumenta.close)
        await elumenta.start()
        elumenta.tells_eta = True

        log = Path(scratch, "bot.log")
        process = await _launch(command, _environment(telegram, elumenta, scratch), log)
        resources.push_async_callback(_stop, process)
        stage = Stage(telegram=telegram, elumenta=elumenta, process=process, log=log)
        if not await stage.play(stage.is_listening()):
            raise stage.death()
        yield stage


async def _launch(
    command: Sequence[str], environment: Mapping[str, str], log: Path
) -> asyncio.subprocess.Process:
    """Start the bot; in a session of its own it does not hear the Ctrl-C meant for the demo."""
    with log.open("wb") as output:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *command,
            cwd=log.parent,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def _environment(
    telegram: TelegramServer, elumenta: ElumentaServer, scratch: str
) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    paths = [str(PACKAGE_FOLDER), *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {
        "PYTHONPATH": os.pathsep.join(paths),
        "NO_PROXY": "*",
        "no_proxy": "*",
        "BOT_TOKEN": telegram.token,
        "ELUMENTA_API_KEY": elumenta.api_key,
        "TELEGRAM_API_URL": telegram.url,
        "ELUMENTA_BASE_URL": elumenta.url,
        "ACCESS": "open",
        "DATABASE_URL": f"sqlite+aiosqlite:///{scratch}/bot.sqlite3",
        "LOG_LEVEL": "WARNING",
    }


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
