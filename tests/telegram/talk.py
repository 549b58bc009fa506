"""The bot between both stand-ins, as far as it holds conversations."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiogram import Bot, Dispatcher

from bot.elumenta import ElumentaClient
from bot.sandbox.elumenta import ElumentaServer
from bot.services.owning import Owning
from bot.settings import GroupControl
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from tests.owning import create_owning
from tests.telegram.program import Files, create_program


@dataclass(kw_only=True)
class Talk:
    """Takes what Telegram has to tell, all at once as a running bot does."""

    bot: Bot
    dispatcher: Dispatcher
    elumenta: ElumentaServer
    offset: int = 0

    async def hear(self) -> None:
        """Have everything handled that people have done, and wait until that is over."""
        async with asyncio.TaskGroup() as tasks:
            for update in await self.bot.get_updates(offset=self.offset, timeout=0):
                self.offset = update.update_id + 1
                tasks.create_task(self.dispatcher.feed_update(self.bot, update))

    @property
    def asked(self) -> list[str]:
        """What the model was asked, the newest last."""
        return [told[-1] for told in self._told()]

    @property
    def remembered(self) -> list[str]:
        """What the model was told besides when it was asked last."""
        return self._told()[-1][:-1]

    def _told(self) -> list[list[str]]:
        posts = (request for request in self.elumenta.requests if request.method == "POST")
        conversations = (self.elumenta.conversation(post) for post in posts)
        return [
            [message["content"] for message in conversation if message["role"] != "system"]
            for conversation in conversations
        ]


@asynccontextmanager
async def open_talk(
    bot: Bot,
    database: Database,
    *,
    group_control: GroupControl = GroupControl.ADMINS,
    owning: Owning | None = None,
) -> AsyncIterator[Talk]:
    """Start a bot that everybody may use, unless the owner wants it otherwise."""
    elumenta = ElumentaServer(pace=0)
    await elumenta.start()
    async with ElumentaClient(elumenta.api_key, base_url=elumenta.url) as client:
        dispatcher = create_program(
            bot,
            await bot.me(),
            database,
            jobs=JobStore(database),
            send_file=Files(),
            owning=owning or create_owning(database, client),
            client=client,
            longest_prompt=300_000,
            group_control=group_control,
        )
        yield Talk(bot=bot, dispatcher=dispatcher, elumenta=elumenta)
        await dispatcher.storage.close()
    await elumenta.close()
