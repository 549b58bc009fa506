from dataclasses import fields

import pytest

from bot.model import Preference, Preferences, PreferenceValue
from bot.storage.preferences import PreferenceStore

CHAT, OTHER = 42, -1001234567890

CHOSEN: dict[Preference, PreferenceValue] = {
    Preference.CHAT_MODEL: "gpt-5",
    Preference.IMAGE_MODEL: "flux-1.1-pro",
    Preference.VIDEO_MODEL: "kling-v2.1",
    Preference.IMAGE_SIZE: "1024x1024",
    Preference.VIDEO_SECONDS: 10,
    Preference.VIDEO_ASPECT: "9:16",
    Preference.SYSTEM_PROMPT: "Отвечай стихами. 😀",
    Preference.TEMPERATURE: 0.7,
    Preference.MAX_TOKENS: 4096,
    Preference.LANGUAGE: "ru",
    Preference.STREAMING: "off",
    Preference.RICH_MESSAGES: False,
    Preference.SHOWS_COST: True,
}


def chosen(preferences: Preferences) -> dict[Preference, PreferenceValue]:
    return {name: getattr(preferences, name) for name in Preference}


async def test_a_chat_that_chose_nothing_leaves_everything_open(
    preferences: PreferenceStore,
) -> None:
    assert await preferences.load(CHAT) == Preferences()


async def test_every_choice_is_kept_as_it_was_made(preferences: PreferenceStore) -> None:
    await preferences.change(CHAT, CHOSEN)

    loaded = await preferences.load(CHAT)

    assert chosen(loaded) == CHOSEN
    assert {type(value) for value in chosen(loaded).values()} == {str, int, float, bool}
    assert {field.name for field in fields(Preferences)} == set(CHOSEN)


async def test_a_change_leaves_the_other_choices_alone(preferences: PreferenceStore) -> None:
    await preferences.change(CHAT, CHOSEN)

    await preferences.change(CHAT, {Preference.TEMPERATURE: 0, Preference.LANGUAGE: None})

    changed = {Preference.TEMPERATURE: 0.0, Preference.LANGUAGE: None}
    assert chosen(await preferences.load(CHAT)) == CHOSEN | changed
    assert await preferences.load(OTHER) == Preferences()


@pytest.mark.parametrize("name", Preference)
async def test_a_choice_is_cleared_where_it_is_still_the_same(
    preferences: PreferenceStore, name: Preference
) -> None:
    await preferences.change(CHAT, CHOSEN)
    await preferences.change(OTHER, CHOSEN)

    cleared = [await preferences.clear_if(CHAT, name, CHOSEN[name]) for _ in range(2)]

    assert cleared == [True, False]
    assert chosen(await preferences.load(CHAT)) == CHOSEN | {name: None}
    assert chosen(await preferences.load(OTHER)) == CHOSEN


async def test_a_choice_that_was_changed_meanwhile_is_not_cleared(
    preferences: PreferenceStore,
) -> None:
    await preferences.change(CHAT, {Preference.CHAT_MODEL: "gpt-6"})

    assert not await preferences.clear_if(CHAT, Preference.CHAT_MODEL, "gpt-5")
    assert await preferences.load(CHAT) == Preferences(chat_model="gpt-6")


async def test_the_languages_of_all_chats_are_told(preferences: PreferenceStore) -> None:
    await preferences.change(CHAT, {Preference.LANGUAGE: "ru"})
    await preferences.change(OTHER, {Preference.LANGUAGE: "en"})
    await preferences.change(43, {Preference.SHOWS_COST: True})

    assert await preferences.languages() == {CHAT: "ru", OTHER: "en"}


async def test_a_supergroup_takes_over_what_its_group_chose(preferences: PreferenceStore) -> None:
    await preferences.change(OTHER, CHOSEN)

    for _ in range(2):
        await preferences.move(OTHER, -1009)

    assert chosen(await preferences.load(-1009)) == CHOSEN
    assert await preferences.load(OTHER) == Preferences()


async def test_what_a_supergroup_chose_itself_comes_first(preferences: PreferenceStore) -> None:
    await preferences.change(OTHER, CHOSEN)
    await preferences.change(-1009, {Preference.LANGUAGE: "en"})

    await preferences.move(OTHER, -1009)

    assert await preferences.load(-1009) == Preferences(language="en")
    assert await preferences.languages() == {-1009: "en"}
