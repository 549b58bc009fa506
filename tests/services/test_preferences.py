import asyncio
from collections.abc import Mapping

import pytest

from bot.model import Preference, Preferences, PreferenceValue
from bot.services.preferences import PreferenceService
from bot.storage.engine import Database
from bot.storage.preferences import PreferenceStore

DEFAULTS = Preferences(chat_model="gpt-5", streaming="edit", rich_messages=True, shows_cost=False)
CHAT, OTHER = -1001, 77


class SlowStore(PreferenceStore):
    """Brings what it read only when it may."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.readers = 0
        self.has_read, self.has_changed, self.may_answer = (asyncio.Event() for _ in range(3))

    async def change(self, chat_id: int, changes: Mapping[Preference, PreferenceValue]) -> None:
        await super().change(chat_id, changes)
        self.has_changed.set()

    async def languages(self) -> dict[int, str]:
        self.readers += 1
        languages = await super().languages()
        self.has_read.set()
        await self.may_answer.wait()
        return languages


@pytest.fixture
def preferences(database: Database) -> PreferenceService:
    return a_service(database)


def a_service(database: Database) -> PreferenceService:
    """Build one as a replica of its own would have it."""
    return PreferenceService(PreferenceStore(database), defaults=DEFAULTS)


async def test_a_chat_without_choices_has_those_of_the_owner(
    preferences: PreferenceService,
) -> None:
    assert await preferences.of(CHAT) == Preferences()
    assert await preferences.effective(CHAT) == DEFAULTS


@pytest.mark.parametrize(
    ("preference", "value"),
    [
        (Preference.CHAT_MODEL, "gpt-5.2"),
        (Preference.TEMPERATURE, 0.0),
        (Preference.RICH_MESSAGES, False),
        (Preference.SHOWS_COST, True),
        (Preference.SYSTEM_PROMPT, "Be brief."),
    ],
)
async def test_a_choice_holds_for_its_chat_and_for_no_other(
    preferences: PreferenceService, preference: Preference, value: PreferenceValue
) -> None:
    await preferences.change(CHAT, preference, value)

    effective = await preferences.effective(CHAT)
    assert getattr(effective, preference) == value
    assert effective.streaming == DEFAULTS.streaming
    assert await preferences.effective(OTHER) == DEFAULTS


async def test_a_choice_can_be_left_to_the_owner_again(preferences: PreferenceService) -> None:
    await preferences.change(CHAT, Preference.CHAT_MODEL, "gpt-5.2")

    await preferences.change(CHAT, Preference.CHAT_MODEL, None)

    assert await preferences.effective(CHAT) == DEFAULTS


async def test_only_the_choice_that_is_meant_is_reset(preferences: PreferenceService) -> None:
    await preferences.change(CHAT, Preference.CHAT_MODEL, "gpt-5.2")

    outdated = await preferences.reset_if(CHAT, Preference.CHAT_MODEL, "gpt-4")
    meant = await preferences.reset_if(CHAT, Preference.CHAT_MODEL, "gpt-5.2")
    again = await preferences.reset_if(CHAT, Preference.CHAT_MODEL, "gpt-5.2")

    assert (outdated, meant, again) == (False, True, False)
    assert await preferences.of(CHAT) == Preferences()


async def test_a_language_holds_from_when_it_is_chosen(preferences: PreferenceService) -> None:
    await preferences.change(CHAT, Preference.LANGUAGE, "ru")
    chosen = preferences.language_of(CHAT), preferences.language_of(OTHER)
    await preferences.change(CHAT, Preference.LANGUAGE, None)

    assert chosen == ("ru", None)
    assert preferences.language_of(CHAT) is None


async def test_a_language_that_is_reset_is_forgotten(preferences: PreferenceService) -> None:
    await preferences.change(CHAT, Preference.LANGUAGE, "ru")

    await preferences.reset_if(CHAT, Preference.LANGUAGE, "ru")

    assert preferences.language_of(CHAT) is None


async def test_languages_are_known_after_a_restart(
    database: Database, preferences: PreferenceService
) -> None:
    await preferences.change(CHAT, Preference.LANGUAGE, "ru")

    restarted = a_service(database)
    before = restarted.language_of(CHAT)
    await restarted.refresh()

    assert (before, restarted.language_of(CHAT)) == (None, "ru")


async def test_what_another_replica_stored_is_learned(
    database: Database, preferences: PreferenceService
) -> None:
    await a_service(database).change(CHAT, Preference.LANGUAGE, "ru")

    await preferences.refresh()

    assert preferences.language_of(CHAT) == "ru"


async def test_a_change_is_not_undone_by_what_was_read_before_it(database: Database) -> None:
    store = SlowStore(database)
    preferences = PreferenceService(store, defaults=DEFAULTS)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(preferences.refresh())
        await store.has_read.wait()
        tasks.create_task(preferences.change(CHAT, Preference.LANGUAGE, "ru"))
        await store.has_changed.wait()
        readers = store.readers
        store.may_answer.set()

    assert readers == 1
    assert preferences.language_of(CHAT) == "ru"


async def test_the_choices_of_a_group_move_with_it(preferences: PreferenceService) -> None:
    await preferences.change(-5, Preference.LANGUAGE, "ru")
    await preferences.change(-5, Preference.CHAT_MODEL, "gpt-5.2")

    await preferences.move(-5, CHAT)

    assert preferences.language_of(CHAT) == "ru"
    assert preferences.language_of(-5) is None
    assert (await preferences.of(CHAT)).chat_model == "gpt-5.2"
    assert await preferences.of(-5) == Preferences()
