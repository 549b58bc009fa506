from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from bot.sandbox.telegram import Chat, Person, TelegramServer
from bot.storage.engine import Database
from tests.telegram.parlour import Parlour, open_parlour
from tests.telegram.seeing import labels

NOTHING = {
    "en": "There is nothing to stop: I am not writing an answer to you right now; /jobs has the "
    "pictures and videos.",
    "ru": "Останавливать нечего: сейчас я вам ничего не пишу; картинки и видео – в /jobs.",
}


@pytest.fixture
async def parlour(bot: Bot, database: Database, olga: Person) -> AsyncIterator[Parlour]:
    async with open_parlour(bot, database, admins=frozenset({olga.id})) as parlour:
        yield parlour


@pytest.fixture
def lena(server: TelegramServer) -> Person:
    return server.person("Лена", language_code="ru")


@pytest.fixture
def room(server: TelegramServer, lena: Person) -> Chat:
    return server.private_chat(lena)


async def test_a_chat_is_spoken_to_in_the_language_it_chose(
    parlour: Parlour, room: Chat, lena: Person
) -> None:
    before = await parlour.told(room, lena, "/stop")
    chosen = await parlour.told(room, lena, "/language en")
    after = await parlour.told(room, lena, "/stop")

    assert before.text == NOTHING["ru"]
    assert chosen.text.startswith("🌐 Language: English")
    assert after.text == NOTHING["en"]


@pytest.mark.parametrize("written", ["ru", "RU", "Русский", "русский"])
async def test_a_language_is_chosen_by_its_code_or_its_own_name(
    parlour: Parlour, chat: Chat, ann: Person, written: str
) -> None:
    await parlour.ears.hear()

    chosen = await parlour.told(chat, ann, f"/language {written}")

    assert chosen.text.startswith("🌐 Язык: Русский")
    assert "✓ Русский" in labels(chosen)
    assert "English" in labels(chosen)


async def test_a_press_is_answered_in_the_language_it_chose(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    await parlour.ears.hear()
    menu = await parlour.told(chat, ann, "/language")

    there = await parlour.press(chat, ann, menu, "Русский")
    told_there = menu.text
    back = await parlour.press(chat, ann, menu, "По умолчанию: как в Telegram")

    assert there.text == "Сохранено"
    assert told_there.startswith("🌐 Язык: Русский")
    assert back.text == "Saved"
    assert menu.text.startswith("🌐 Language: as in Telegram")


async def test_an_unknown_language_leaves_the_choice_to_the_buttons(
    parlour: Parlour, chat: Chat, ann: Person
) -> None:
    await parlour.ears.hear()

    told = await parlour.told(chat, ann, "/language tlh")

    assert told.text.startswith("I do not speak that language yet;")
    assert {"English", "Русский"} <= set(labels(told))
    assert (await parlour.told(chat, ann, "/stop")).text == NOTHING["en"]


async def test_a_group_has_one_language_and_its_people_keep_theirs(
    parlour: Parlour, server: TelegramServer, lena: Person, ann: Person, chat: Chat
) -> None:
    group = server.group("Polyglots", members=[lena, ann], announce=False)
    await parlour.ears.hear()

    await parlour.told(group, lena, "/language ru")
    refused = await parlour.told(group, ann, "/settings")
    here, at_home = [await parlour.told(room, ann, "/stop") for room in (group, chat)]

    assert refused.text == "Это могут только администраторы группы; попросите одного из них."
    assert (here.text, at_home.text) == (NOTHING["ru"], NOTHING["en"])


async def test_what_a_group_chose_does_not_change_how_an_owner_is_spoken_to(
    parlour: Parlour, square: Chat, home: Chat, olga: Person
) -> None:
    await parlour.told(home, olga, "/help")
    await parlour.told(square, olga, "/language ru")
    await parlour.told(square, olga, "/stop")

    access = parlour.dispatcher["access"]

    assert access.language_of(olga.id) == "en"
    await parlour.told(home, olga, "/language ru")
    assert access.language_of(olga.id) == "ru"
