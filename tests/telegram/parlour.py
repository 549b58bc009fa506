"""Where chats choose, beside a service whose list of models a test writes."""

from asyncio import TaskGroup
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Unpack

import httpx
from aiogram import Bot, Dispatcher

from bot.model import Preferences
from bot.sandbox.telegram import Chat, Message, Person
from bot.sandbox.telegram.model import CallbackAnswer
from bot.sandbox.telegram.press import Press
from bot.sandbox.telegram.writing import SendOptions
from bot.settings import GroupControl
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.storage.preferences import PreferenceStore
from tests.elumenta.service import client_of
from tests.owning import create_owning
from tests.telegram.program import Ears, Files, create_program

TEXTS = {
    "gpt-5-nano": 1,
    "claude-haiku-4.5": 1,
    "gemini-2.5-flash": 1,
    "deepseek-v3": 1,
    "grok-4-fast": 1,
    "deepseek-r1": 1,
    "gpt-5": 2,
    "gemini-3-pro": 3,
    "gpt-5.2": 4,
    "claude-opus-4.5": 6,
}


def text_model(slug: str, tokens: int, **more: object) -> dict[str, object]:
    return {"slug": slug, "category": "text", "token_cost": tokens, **more}


@dataclass(kw_only=True)
class Lister:
    """Lists models, unless it is down."""

    models: list[dict[str, object]] = field(
        default_factory=lambda: [text_model(slug, tokens) for slug, tokens in TEXTS.items()]
    )
    is_down: bool = False

    def __call__(self, _: httpx.Request) -> httpx.Response:
        return httpx.Response(500) if self.is_down else httpx.Response(200, json=self.models)


@dataclass(frozen=True, kw_only=True)
class Parlour:
    """Takes what people write and press about the settings of their chats."""

    bot: Bot
    dispatcher: Dispatcher
    ears: Ears
    store: PreferenceStore

    async def told(
        self, chat: Chat, person: Person, text: str, **options: Unpack[SendOptions]
    ) -> Message:
        """Let somebody write, and give what the bot replies."""
        said = chat.send(person, text, **options)
        await self.ears.hear()
        (reply,) = [one for one in chat.messages if one.from_bot and one.reply_to_id == said.id]
        return reply

    async def press(
        self, chat: Chat, person: Person, message: Message, label: str
    ) -> CallbackAnswer:
        """Let somebody press a button, and give what pops up."""
        press = chat.press(person, message, label)
        await self.ears.hear()
        return await press.answer()

    async def press_at_once(self, *presses: Press) -> list[CallbackAnswer]:
        """Let the bot hear of all these presses before it has answered any."""
        async with TaskGroup() as tasks:
            for update in await self.bot.get_updates(timeout=0):
                tasks.create_task(self.dispatcher.feed_update(self.bot, update))
        return [await press.answer() for press in presses]

    async def chosen(self, chat: Chat) -> Preferences:
        """Give what is stored for a chat."""
        return await self.store.load(chat.id)


@asynccontextmanager
async def open_parlour(
    bot: Bot,
    database: Database,
    lister: Lister | None = None,
    *,
    control: GroupControl = GroupControl.ADMINS,
    admins: frozenset[int] = frozenset(),
) -> AsyncIterator[Parlour]:
    async with client_of(httpx.MockTransport(lister or Lister())) as client:
        owning = create_owning(database, client, admin_ids=admins)
        dispatcher = create_program(
            bot,
            await bot.me(),
            database,
            jobs=JobStore(database),
            send_file=Files(),
            owning=owning,
            client=client,
            group_control=control,
        )
        yield Parlour(
            bot=bot,
            dispatcher=dispatcher,
            ears=Ears(bot, dispatcher),
            store=PreferenceStore(database),
        )
        await dispatcher.storage.close()
