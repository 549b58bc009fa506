"""A closed bot, and what people hear who come to its door."""

from collections.abc import AsyncIterator
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Unpack

from aiogram import Bot

from bot.elumenta import ElumentaClient
from bot.i18n import Translator
from bot.sandbox.telegram import Chat, Message, Person
from bot.sandbox.telegram.writing import SendOptions
from bot.services.access import AccessService
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.telegram.commands import publish_commands
from tests.owning import create_owning
from tests.storage.orders import Clock
from tests.telegram.program import Ears, Files, create_program


@dataclass(frozen=True, kw_only=True)
class Door:
    """Hears everybody, and lets in whom the admins want."""

    ears: Ears
    access: AccessService
    bot: Bot

    async def told(
        self, chat: Chat, person: Person, text: str, **options: Unpack[SendOptions]
    ) -> list[Message]:
        """Let somebody write, and give what the bot says there."""
        said = chat.send(person, text, **options)
        await self.ears.hear()
        return [one for one in chat.messages if one.from_bot and one.id > said.id]

    async def text(
        self, chat: Chat, person: Person, text: str, **options: Unpack[SendOptions]
    ) -> str:
        """Let somebody write, and give all that the bot says there."""
        told = await self.told(chat, person, text, **options)
        return "\n".join(one.text for one in told)

    async def publish_commands(self) -> None:
        await publish_commands(self.bot, Translator.bundled(), self.access)


@asynccontextmanager
async def open_door(
    bot: Bot, database: Database, clock: Clock, *, admins: AbstractSet[int] = frozenset()
) -> AsyncIterator[Door]:
    """Start a bot that lets nobody in but its admins, on what is stored."""
    client = ElumentaClient("nb_nobody", base_url="http://localhost")
    owning = create_owning(database, client, open_to_all=False, admin_ids=admins, now=clock)
    await owning.access.load()
    dispatcher = create_program(
        bot,
        await bot.me(),
        database,
        jobs=JobStore(database, now=clock),
        send_file=Files(),
        owning=owning,
    )
    yield Door(ears=Ears(bot, dispatcher), access=owning.access, bot=bot)
    await dispatcher.storage.close()
