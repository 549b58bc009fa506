"""Two stand-in servers and the unmodified bot process between them."""

import asyncio
import os
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from http import HTTPStatus
from pathlib import Path

from aiohttp import ClientError, ClientSession

from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.telegram import TelegramServer

HOST = "127.0.0.1"
START_SECONDS = 60
"""A busy machine may need long to import everything."""

THE_BOT = ("-m", "bot")


class BotProcess:
    """`python -m bot`, as its operator would run it, or another program in its place."""

    def __init__(
        self, folder: Path, settings: dict[str, str], *, program: Sequence[str] = THE_BOT
    ) -> None:
        self.folder = folder
        self._settings = settings
        self._program = program
        self._process: asyncio.subprocess.Process | None = None

    @property
    def output(self) -> str:
        return (self.folder / "output.txt").read_text()

    @property
    def url(self) -> str:
        """Where it serves its health, metrics and webhook, if it does."""
        return f"http://{HOST}:{self._settings['HTTP_PORT']}"

    @property
    def has_url(self) -> bool:
        return "HTTP_PORT" in self._settings

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def launch(self) -> None:
        surroundings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        with (self.folder / "output.txt").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._program,
                cwd=self.folder,
                env={**surroundings, **self._settings},
                stdout=output,
                stderr=output,
            )

    async def is_ready(self) -> bool:
        """Ask whether it takes updates."""
        async with ClientSession() as session:
            try:
                async with session.get(f"{self.url}/readyz") as answer:
                    return answer.status == HTTPStatus.OK
            except ClientError:
                return False

    async def ended(self, *, within: float = START_SECONDS) -> int:
        assert self._process is not None
        async with asyncio.timeout(within):
            return await self._process.wait()

    async def kill(self) -> None:
        self._signal(signal.SIGKILL)
        await self.ended()

    async def terminate(self, *, within: float = 10) -> int:
        self._signal(signal.SIGTERM)
        return await self.ended(within=within)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)


class Stage:
    """Everything a scenario needs: both servers and any number of bot processes."""

    def __init__(
        self,
        folder: Path,
        telegram: TelegramServer,
        elumenta: ElumentaServer,
        *,
        program: Sequence[str] = THE_BOT,
    ) -> None:
        self.folder = folder
        self.telegram = telegram
        self.elumenta = elumenta
        self._program = program
        self._resources = AsyncExitStack()

    async def start_bot(self, name: str = "", **settings: str) -> BotProcess:
        """Start a bot and wait until it takes updates; settings by their names in lower case.

        Bots of different names work in folders of their own. One with a webhook, which may be
        at its own address `{url}`, gets a free port unless it is given one.
        """
        bot = await self.launch_bot(name, **settings)
        await self.listening(bot)
        return bot

    async def launch_bot(self, name: str = "", **settings: str) -> BotProcess:
        if "webhook_url" in settings:
            settings.setdefault("http_port", str(free_port()))
            own = f"http://{HOST}:{settings['http_port']}"
            settings["webhook_url"] = settings["webhook_url"].format(url=own)

        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        bot = BotProcess(
            folder,
            {
                "HTTP_HOST": HOST,
                "BOT_TOKEN": self.telegram.token,
                "ELUMENTA_API_KEY": self.elumenta.api_key,
                "TELEGRAM_API_URL": self.telegram.url,
                "ELUMENTA_BASE_URL": self.elumenta.url,
                "ACCESS": "open",
                "LOG_LEVEL": "DEBUG",
                **{name.upper(): value for name, value in settings.items()},
            },
            program=self._program,
        )
        await bot.launch()
        self._resources.push_async_callback(bot.kill)
        return bot

    async def restart(self, bot: BotProcess) -> None:
        await bot.launch()
        await self.listening(bot)

    async def until(self, claim: Callable[[], bool], *, within: float = START_SECONDS) -> None:
        """Wait for something that no chat shows."""
        async with asyncio.timeout(within):
            while not claim():  # noqa: ASYNC110 - a process and its files send no events
                await asyncio.sleep(0.02)

    async def listening(self, bot: BotProcess) -> None:
        """Wait until a bot that was just launched takes updates."""
        if bot.has_url:
            async with asyncio.timeout(START_SECONDS):
                while bot.is_running and not await bot.is_ready():  # noqa: ASYNC110 - as above
                    await asyncio.sleep(0.05)
        else:
            polled = self.telegram.polls
            await self.until(lambda: self.telegram.polls > polled or not bot.is_running)
        assert bot.is_running, bot.output

    async def close(self) -> None:
        await self._resources.aclose()


def free_port() -> int:
    """Name a port of this machine that nobody listens on, and that nobody is given unasked."""
    while True:
        port = random.randrange(10_000, 32_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind((HOST, port))
            return port


@asynccontextmanager
async def open_stage(
    folder: Path, *, telegram: TelegramServer | None = None, program: Sequence[str] = THE_BOT
) -> AsyncIterator[Stage]:
    """Start the servers, and end them with every bot that was started between them."""
    async with AsyncExitStack() as resources:
        telegram, elumenta = telegram or TelegramServer(), ElumentaServer(pace=0)
        await telegram.start()
        resources.push_async_callback(telegram.close)
        await elumenta.start()
        resources.push_async_callback(elumenta.close)

        stage = Stage(folder, telegram, elumenta, program=program)
        resources.push_async_callback(stage.close)
        yield stage
