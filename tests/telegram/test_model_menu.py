from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.model import Preference, Preferences
from bot.sandbox.telegram import Chat, Person
from bot.storage.engine import Database
from tests.telegram.parlour import Lister, Parlour, open_parlour, text_model
from tests.telegram.seeing import labels

VANISHED = "⚠️ Grok 4 Fast is no longer offered; GPT-5 takes over."


@pytest.fixture
def lister() -> Lister:
    return Lister()


@pytest.fixture
async def parlour(
    bot: Bot, database: Database, lister: Lister, chat: Chat
) -> AsyncIterator[Parlour]:
    async with open_parlour(bot, database, lister) as parlour:
        assert chat.messages
        await parlour.ears.hear()
        yield parlour


async def test_models_are_listed_with_their_prices_and_strengths(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    menu = await parlour.told(chat, ann, "/model")

    assert menu.text.splitlines()[0] == "🤖 Chat model: GPT-5 (default)"
    assert "✓ GPT-5 – 2 tokens – a good choice for nearly everything" in menu.text
    assert "GPT-5 Nano – 1 token – quick answers to simple questions" in menu.text
    assert [len(row) for row in menu.buttons] == [2, 2, 2, 2, 1, 1, 2]


async def test_the_list_is_in_the_persons_language(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    await parlour.told(chat, ann, "/language ru")

    menu = await parlour.told(chat, ann, "/model")

    assert "✓ GPT-5 – 2 токена – хороший выбор почти для всего" in menu.text
    assert "« Назад" in labels(menu)


async def test_what_the_service_says_of_a_new_model_is_cut_to_a_line(
    bot: Bot, database: Database, chat: Chat, ann: Person
) -> None:
    about = "Knows all\nthat was ever known, and tells it at length to whoever asks."
    new = text_model("oracle-1", 3, name="Oracle", description_en=about)
    lister = Lister(models=[text_model("gpt-5", 2), new])
    async with open_parlour(bot, database, lister) as parlour:
        await parlour.ears.hear()

        menu = await parlour.told(chat, ann, "/model")

    assert "Oracle – 3 tokens – Knows all that was ever known, and tells" in menu.text
    assert max(map(len, menu.text.splitlines())) < 120


async def test_the_list_is_turned_in_place(parlour: Parlour, chat: Chat, ann: Person) -> None:
    menu = await parlour.told(chat, ann, "/model")
    first = menu.text, labels(menu)

    await parlour.press(chat, ann, menu, "▶")
    second = labels(menu)
    await parlour.press(chat, ann, menu, "◀")

    assert "◀" not in first[1]
    assert second[:3] == ["GPT-5.2", "Claude Opus 4.5", "◀"]
    assert "▶" not in second
    assert (menu.text, labels(menu)) == first


async def test_the_menu_opens_where_the_present_model_is(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    await parlour.told(chat, ann, "/model claude-opus-4.5")

    menu = await parlour.told(chat, ann, "/model")

    assert "✓ Claude Opus 4.5" in labels(menu)
    assert "◀" in labels(menu)


@pytest.mark.parametrize(
    "written", ["claude-haiku-4.5", "CLAUDE-HAIKU-4.5", "Claude Haiku 4.5", "claude  haiku_4.5"]
)
async def test_a_model_is_chosen_by_its_slug_or_its_name(
    parlour: Parlour, chat: Chat, ann: Person, written: str
) -> None:
    menu = await parlour.told(chat, ann, f"/model {written}")

    assert menu.text.splitlines()[0] == "🤖 Chat model: Claude Haiku 4.5"
    assert await parlour.chosen(chat) == Preferences(chat_model="claude-haiku-4.5")


async def test_a_model_that_there_is_not_leaves_everything_as_it_was(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    menu = await parlour.told(chat, ann, f"/model {'gpt-2' * 100}")

    assert menu.text.startswith("There is no model gpt-2gpt-2")
    assert "✓ GPT-5" in labels(menu)
    assert await parlour.chosen(chat) == Preferences()


async def test_the_default_is_chosen_with_a_word(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    await parlour.told(chat, ann, "/model gpt-5-nano")

    menu = await parlour.told(chat, ann, "/model off")

    assert menu.text.splitlines()[0] == "🤖 Chat model: GPT-5 (default)"


@pytest.mark.parametrize("command", ["/model", "/settings"])
async def test_a_model_that_vanished_is_said_to_have_once(
    bot: Bot, database: Database, chat: Chat, ann: Person, command: str
) -> None:
    lister = Lister()
    lister.models = [one for one in lister.models if one["slug"] != "grok-4-fast"]
    async with open_parlour(bot, database, lister) as parlour:
        await parlour.ears.hear()
        await parlour.store.change(chat.id, {Preference.CHAT_MODEL: "grok-4-fast"})

        first = await parlour.told(chat, ann, command)
        second = await parlour.told(chat, ann, command)

        assert first.text.splitlines()[0] == VANISHED
        assert VANISHED not in second.text
        assert await parlour.chosen(chat) == Preferences()


async def test_a_model_that_vanished_while_the_menu_was_open_is_told_there(
    bot: Bot, database: Database, chat: Chat, ann: Person
) -> None:
    lister = Lister()
    lister.models = [one for one in lister.models if one["slug"] != "grok-4-fast"]
    async with open_parlour(bot, database, lister) as parlour:
        await parlour.ears.hear()
        menu = await parlour.told(chat, ann, "/settings")
        await parlour.store.change(chat.id, {Preference.CHAT_MODEL: "grok-4-fast"})

        await parlour.press(chat, ann, menu, "🪙 Cost: off")

    assert menu.text.splitlines()[0] == VANISHED
    assert "🪙 Cost under answers: on" in menu.text


async def test_nothing_vanishes_while_the_list_cannot_be_had(
    bot: Bot, database: Database, chat: Chat, ann: Person
) -> None:
    async with open_parlour(bot, database, Lister(is_down=True)) as parlour:
        await parlour.ears.hear()
        await parlour.store.change(chat.id, {Preference.CHAT_MODEL: "gone-1"})

        menu = await parlour.told(chat, ann, "/model")

        assert menu.text.splitlines()[0] == "🤖 Chat model: gone-1"
        assert "Claude Haiku 4.5" in labels(menu)
        assert await parlour.chosen(chat) == Preferences(chat_model="gone-1")
