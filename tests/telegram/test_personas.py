from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.i18n import Translator
from bot.model import Preference, Preferences
from bot.sandbox.telegram import Chat, Person
from bot.services.written_values import LONGEST_PERSONA
from bot.storage.engine import Database
from bot.telegram.personas import Persona, persona_name, persona_of, persona_prompt
from tests.telegram.parlour import Parlour, open_parlour
from tests.telegram.seeing import labels


@pytest.fixture
async def parlour(bot: Bot, database: Database, chat: Chat) -> AsyncIterator[Parlour]:
    async with open_parlour(bot, database) as parlour:
        assert chat.messages
        await parlour.ears.hear()
        yield parlour


async def test_a_role_is_picked_with_a_button_in_the_chats_language(
    parlour: Parlour, chat: Chat, ann: Person, translator: Translator
) -> None:
    await parlour.told(chat, ann, "/language ru")
    menu = await parlour.told(chat, ann, "/system")

    await parlour.press(chat, ann, menu, "Учитель")

    chosen = await parlour.chosen(chat)
    assert chosen.system_prompt == persona_prompt(Persona.TEACHER, translator.for_locale("ru"))
    assert menu.text.splitlines()[0] == "🎭 Роль: Учитель"
    assert "✓ Учитель" in labels(menu)
    assert chosen.system_prompt in menu.text


async def test_a_role_is_known_again_in_another_language(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    menu = await parlour.told(chat, ann, "/system")
    await parlour.press(chat, ann, menu, "Translator")

    await parlour.told(chat, ann, "/language ru")

    assert "🎭 Роль: Переводчик\n" in (await parlour.told(chat, ann, "/settings")).text


async def test_a_text_of_ones_own_is_kept_shown_and_taken_back(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    words = "You are a lighthouse.\nYou speak in flashes."

    done = await parlour.told(chat, ann, f"/system {words}")
    kept = await parlour.chosen(chat)
    shown = await parlour.told(chat, ann, "/system")
    reset = await parlour.told(chat, ann, "/system off")

    assert "/system off" in done.text
    assert kept == Preferences(system_prompt=words)
    assert shown.text.startswith("🎭 Role: “You are a lighthouse. Y…”")
    assert words in shown.text
    assert "✓" not in "".join(labels(shown))
    assert "my usual self" in reset.text
    assert await parlour.chosen(chat) == Preferences()


async def test_the_owners_own_words_are_not_shown(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    shown = await parlour.told(chat, ann, "/system")

    assert shown.text.startswith("🎭 Role: Assistant")
    assert "✓ Default: Assistant" in labels(shown)


@pytest.mark.parametrize("character", ["ж", "🦊", "\u0301"])
async def test_the_longest_text_still_fits_into_the_menu(
    parlour: Parlour, chat: Chat, ann: Person, character: str
) -> None:
    await parlour.store.change(chat.id, {Preference.SYSTEM_PROMPT: character * LONGEST_PERSONA})

    shown = await parlour.told(chat, ann, "/system")

    assert shown.text.startswith("🎭 Role: ")


async def test_a_text_that_is_too_long_is_refused_with_its_length(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    told = await parlour.told(chat, ann, f"/system {'x' * (LONGEST_PERSONA + 1)}")

    assert told.text.startswith("That is too long: 4,001 characters, and I keep 4,000 at most;")
    assert await parlour.chosen(chat) == Preferences()


def test_every_role_has_a_name_and_a_text_of_its_own_in_every_language(
    translator: Translator,
) -> None:
    for language in translator.languages:
        t = translator.for_locale(language)

        assert len({persona_name(one, t) for one in Persona}) == len(Persona)
        for persona in Persona:
            assert persona_of(persona_prompt(persona, t), translator) is persona
            assert len(persona_prompt(persona, t)) <= LONGEST_PERSONA

    assert persona_of("You are a lighthouse.", translator) is None
