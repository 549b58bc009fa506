"""Both stand-ins and the unmodified bot between them, for as long as somebody watches."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox.cast import Cast
from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.keeper import BotKeeper
from bot.sandbox.telegram import TelegramServer

PACKAGE_FOLDER = Path(__file__).parents[2]

KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "PYTHONPATH", "SYSTEMROOT")
"""What the bot gets of the person's environment; settings in it are not for the demo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is running, and who plays."""

    telegram: TelegramServer
    elumenta: ElumentaServer
    cast: Cast
    bot: BotKeeper


@asynccontextmanager
async def open_stage(command: Sequence[str]) -> AsyncIterator[Stage]:
    """Start everything on free ports and in a scratch folder, and clean up at the end.

    The bot may not listen yet when this is entered. One that never does ends the body with a
    group of BotDied.
    """
    telegram, elumenta = TelegramServer(), ElumentaServer()
    elumenta.tells_eta = True
    cast = Cast(telegram)
    async with AsyncExitStack() as resources:
        scratch = resources.enter_context(
            TemporaryDirectory(prefix="elumenta-demo-", ignore_cleanup_errors=True)
        )
        resources.push_async_callback(telegram.close)
        await telegram.start()
        resources.push_async_callback(elumenta.close)
        await elumenta.start()

        environment = _environment(telegram, elumenta, cast, scratch)
        log = Path(scratch, "bot.log")
        keeper = BotKeeper(command, environment, log=log, telegram=telegram)
        tasks = await resources.enter_async_context(asyncio.TaskGroup())
        keeping = tasks.create_task(keeper.run())
        resources.callback(keeping.cancel)
        yield Stage(telegram=telegram, elumenta=elumenta, cast=cast, bot=keeper)


def _environment(
    telegram: TelegramServer, elumenta: ElumentaServer, cast: Cast, scratch: str
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
        "ADMIN_IDS": str(cast.owner.id),
        "ACCESS": "open",
        "DATABASE_URL": f"sqlite+aiosqlite:///{scratch}/bot.sqlite3",
        "LOG_LEVEL": "WARNING",
    }
