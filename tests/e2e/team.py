"""Several bots on one PostgreSQL, behind one webhook."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.telegram import TelegramServer
from tests.e2e.house import secrets_in
from tests.postgresql import Cluster
from tests.proxy import Proxy, open_proxy
from tests.stage import BotProcess, Stage, open_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Bots that share their work, whichever of them Telegram speaks to."""

    stage: Stage
    proxy: Proxy
    settings: dict[str, str]
    bots: list[BotProcess] = field(default_factory=list)

    async def grow(self, count: int = 1) -> None:
        """Start so many more bots, and let them have updates."""
        names = [f"bot{len(self.bots) + n}" for n in range(count)]
        started = [self.stage.start_bot(name, **self.settings) for name in names]
        self.bots.extend(await asyncio.gather(*started))
        self.post_to(*self.bots)

    def post_to(self, *bots: BotProcess) -> None:
        """Let Telegram speak to these from now on, in turn."""
        self.proxy.backends = [bot.url for bot in bots]


@asynccontextmanager
async def open_team(
    folder: Path,
    cluster: Cluster,
    *,
    size: int = 2,
    telegram: TelegramServer | None = None,
    **settings: str,
) -> AsyncIterator[Team]:
    """Start bots that answer in one message each, unless told to stream."""
    async with (
        cluster.new_database() as database_url,
        open_proxy() as proxy,
        open_stage(folder, telegram=telegram) as stage,
    ):
        usual = {"webhook_url": f"{proxy.url}/telegram", "database_url": database_url}
        usual["streaming"] = "off"
        team = Team(stage=stage, proxy=proxy, settings={**usual, **settings})
        await team.grow(size)
        yield team
        for bot in team.bots:
            assert secrets_in(bot.output, stage) == []
            assert "Traceback" not in bot.output
