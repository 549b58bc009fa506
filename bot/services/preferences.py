"""What each chat decided for itself, and what the owner decided for all others."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, replace

from bot.model import Preference, Preferences, PreferenceValue
from bot.storage.preferences import PreferenceStore


class PreferenceService:
    """Keeps the choices of chats; only their languages are in memory, since all texts need them.

    *defaults* are the owner's. Changes are stored first and hold from then on.
    """

    def __init__(self, store: PreferenceStore, *, defaults: Preferences) -> None:
        self.defaults = defaults
        self._store = store
        self._languages: Mapping[int, str] = {}
        self._learning = asyncio.Lock()

    async def refresh(self) -> None:
        """Learn which languages chats have by now, by other replicas too.

        Before it is called for the first time, none has one.
        """
        async with self._learning:
            self._languages = await self._store.languages()

    def language_of(self, chat_id: int) -> str | None:
        """Name the language that a chat chose."""
        return self._languages.get(chat_id)

    async def of(self, chat_id: int) -> Preferences:
        """Give what a chat chose itself, and None for the rest."""
        return await self._store.load(chat_id)

    async def effective(self, chat_id: int) -> Preferences:
        """Give what holds for a chat: its own choices, and the owner's for the rest."""
        own = asdict(await self._store.load(chat_id))
        chosen = {name: value for name, value in own.items() if value is not None}
        return replace(self.defaults, **chosen)

    async def change(self, chat_id: int, preference: Preference, value: PreferenceValue) -> None:
        """Choose a value for a chat; None leaves it to the owner."""
        await self._store.change(chat_id, {preference: value})
        if preference is Preference.LANGUAGE:
            await self.refresh()

    async def reset_if(self, chat_id: int, preference: Preference, value: PreferenceValue) -> bool:
        """Leave to the owner what a chat chose, unless that is something else by now."""
        is_reset = await self._store.clear_if(chat_id, preference, value)
        if preference is Preference.LANGUAGE:
            await self.refresh()
        return is_reset

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Carry the choices of a group over to the supergroup that it became."""
        await self._store.move(old_chat_id, new_chat_id)
        await self.refresh()
