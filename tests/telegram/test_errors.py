from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, Dispatcher, F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot.errors import NotAllowedHere
from bot.i18n import Translator
from bot.model import Preference
from bot.sandbox.telegram import Button, Chat, Person, TelegramServer
from bot.sandbox.telegram.model import CallbackAnswer
from bot.services.preferences import PreferenceService
from bot.storage.engine import Database
from bot.storage.preferences import PreferenceStore
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.handlers import errors
from bot.telegram.pacer import Pacer
from tests.choosing import DEFAULTS
from tests.telegram.program import Ears
from tests.telegram.seeing import by_bot

ENGLISH = "Only the admins of this group can do that; please ask one of them."
RUSSIAN = "Это могут только администраторы группы; попросите одного из них."
UNEXPECTED = (
    "Something went wrong on my side; please try again, and tell my owner if it happens again."
)


class BrokenError(Exception):
    """A mistake of ours."""


async def refuse(_event: TelegramObject) -> None:
    raise NotAllowedHere


async def promise(press: CallbackQuery) -> None:
    """Say that something is done, and break."""
    await press.answer("Going ahead")
    raise BrokenError if press.data == "break" else NotAllowedHere


@pytest.fixture
def preferences(database: Database) -> PreferenceService:
    return PreferenceService(PreferenceStore(database), defaults=DEFAULTS)


@pytest.fixture
async def ears(
    bot: Bot, preferences: PreferenceService, translator: Translator
) -> AsyncIterator[Ears]:
    """A bot that refuses whatever it is asked."""
    languages = ChatLanguages(translator, preferences)
    dispatcher = Dispatcher(disable_fsm=True, languages=languages, pacer=Pacer())
    router = Router()
    router.callback_query.register(promise, F.data.in_({"break", "refuse"}))
    for kind in ("message", "edited_message", "callback_query", "inline_query"):
        router.observers[kind].register(refuse)
    dispatcher.include_routers(router, errors.create_router())
    yield Ears(bot, dispatcher)
    await dispatcher.storage.close()


async def test_a_message_and_its_new_wording_are_refused_in_a_reply(
    ears: Ears, chat: Chat, ann: Person
) -> None:
    (said,) = chat.messages
    chat.edit(ann, said, "/start over")

    await ears.hear()

    told = [(one.text, one.reply_to_id) for one in by_bot(chat)]
    assert told == [(ENGLISH, said.id)] * 2


async def test_a_refusal_speaks_the_language_of_its_chat(
    ears: Ears, bot: Bot, chat: Chat, ann: Person, preferences: PreferenceService
) -> None:
    await preferences.change(chat.id, Preference.LANGUAGE, "ru")
    shown = await bot.send_message(chat.id, "…")
    (message,) = [one for one in chat.messages if one.id == shown.message_id]

    press = chat.press_old(ann, message, Button(text="…", callback_data="…"))
    await ears.hear()

    assert [one.text for one in by_bot(chat)] == ["…", RUSSIAN]
    assert await press.answer() == CallbackAnswer(text=RUSSIAN, show_alert=True)


@pytest.mark.parametrize(("data", "told"), [("break", [UNEXPECTED]), ("refuse", [])])
async def test_after_a_press_was_answered_a_failure_is_told_in_a_message_and_a_refusal_not(
    ears: Ears, bot: Bot, chat: Chat, ann: Person, *, data: str, told: list[str]
) -> None:
    await ears.hear()
    shown = await bot.send_message(chat.id, "…")
    message = chat.messages[-1]

    press = chat.press_old(ann, message, Button(text="…", callback_data=data))
    await ears.hear()

    assert (await press.answer()).text == "Going ahead"
    replies = [one.text for one in by_bot(chat) if one.reply_to_id == shown.message_id]
    assert replies == told


async def test_a_query_from_elsewhere_is_told_nothing(
    ears: Ears, server: TelegramServer, chat: Chat, ann: Person
) -> None:
    await ears.hear()
    before = len(chat.messages)

    query = server.inline_query(ann, "a question")
    await ears.hear()

    assert query.is_open
    assert len(chat.messages) == before
