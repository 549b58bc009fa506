"""Choices of a chat that the service does not offer any more."""

from collections.abc import AsyncIterator

import pytest

from bot.elumenta import ElumentaClient
from bot.model import Preference, Preferences
from bot.services.chat_settings import let_go
from bot.services.directory import ModelDirectory
from bot.services.preferences import PreferenceService
from bot.storage.engine import Database
from bot.storage.preferences import PreferenceStore
from tests.choosing import DEFAULTS
from tests.elumenta.service import ScriptedService, client_of, json_of

CHAT = 42


class OvertakenStore(PreferenceStore):
    """Has each chat choose another model as soon as its choices were read."""

    async def load(self, chat_id: int) -> Preferences:
        loaded = await super().load(chat_id)
        await self.change(chat_id, {Preference.CHAT_MODEL: "gpt-5"})
        return loaded


@pytest.fixture
async def client() -> AsyncIterator[ElumentaClient]:
    listed = [{"slug": "gpt-5", "category": "text"}, {"slug": "photon", "category": "image"}]
    async with client_of(ScriptedService(json_of(listed))) as client:
        yield client


@pytest.fixture
async def directory(client: ElumentaClient) -> AsyncIterator[ModelDirectory]:
    directory = ModelDirectory(client)
    yield directory
    await directory.close()


async def test_what_is_gone_is_let_go_and_named_once(
    database: Database, directory: ModelDirectory
) -> None:
    preferences = PreferenceService(PreferenceStore(database), defaults=DEFAULTS)
    await preferences.change(CHAT, Preference.CHAT_MODEL, "gone-1")
    await preferences.change(CHAT, Preference.IMAGE_MODEL, "photon")

    vanished = [await let_go(CHAT, preferences, directory) for _ in range(2)]

    assert vanished == [{Preference.CHAT_MODEL: "gone-1"}, {}]
    assert await preferences.of(CHAT) == Preferences(image_model="photon")


async def test_what_somebody_else_chose_anew_meanwhile_has_not_vanished(
    database: Database, directory: ModelDirectory
) -> None:
    await PreferenceStore(database).change(CHAT, {Preference.CHAT_MODEL: "gone-1"})
    overtaken = PreferenceService(OvertakenStore(database), defaults=DEFAULTS)

    vanished = await let_go(CHAT, overtaken, directory)

    assert vanished == {}
    assert (await PreferenceStore(database).load(CHAT)).chat_model == "gpt-5"
