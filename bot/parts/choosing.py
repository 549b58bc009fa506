"""What chats decide for themselves, and what the owner decided for those who do not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.model import Preferences
from bot.parts.outside import Outside
from bot.services.choosing import Choosing
from bot.services.directory import ModelDirectory
from bot.services.preferences import PreferenceService
from bot.settings import RichMessages, Settings
from bot.storage.preferences import PreferenceStore


@asynccontextmanager
async def open_choosing(settings: Settings, outside: Outside) -> AsyncIterator[Choosing]:
    """Build what chats choose with, and load what has to be known at once."""
    store = PreferenceStore(outside.database)
    preferences = PreferenceService(store, defaults=_defaults(settings))
    await preferences.refresh()
    directory = ModelDirectory(outside.client)
    try:
        yield Choosing(preferences=preferences, directory=directory)
    finally:
        await directory.close()


def _defaults(settings: Settings) -> Preferences:
    return Preferences(
        chat_model=settings.default_chat_model,
        image_model=settings.default_image_model,
        video_model=settings.default_video_model,
        system_prompt=settings.system_prompt,
        streaming=settings.streaming.value,
        rich_messages=settings.rich_messages is RichMessages.AUTO,
        shows_cost=False,
    )
