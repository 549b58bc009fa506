from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardMarkup
from structlog.testing import capture_logs

from bot.clock import utc_now
from bot.errors import PromptTooLong
from bot.i18n import Translator
from bot.model import Preference
from bot.sandbox.telegram import (
    Button,
    Chat,
    Fault,
    FaultKind,
    Message,
    Person,
    TelegramServer,
)
from bot.sandbox.telegram.guests import GuestQuery
from bot.storage.engine import Database
from bot.storage.erasing import ErasureStore
from bot.storage.history import HistoryStore
from bot.telegram.asides import AsidePress, GuestPress, offer, placeholder
from bot.telegram.handlers.asides import create_router
from tests.storage.orders import Clock
from tests.storage.questions import QUESTION, added
from tests.telegram.door import Door, open_door
from tests.telegram.parlour import open_parlour
from tests.telegram.program import Ears
from tests.telegram.seeing import by_bot, labels

TOO_LONG = "That is too long"
"""What the program of these tests says to every question of more than one letter."""
WAITING = "One moment"
COMING = "The answer is being written"
LOST = "I was interrupted before the answer was complete; please ask me again."
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def abroad(server: TelegramServer, ann: Person, zoe: Person, olga: Person) -> Chat:
    """A group that the bot has never been in."""
    return server.group("Abroad", members=[ann, zoe, olga], has_bot=False)


@pytest.fixture
async def door(bot: Bot, database: Database, clock: Clock, olga: Person) -> AsyncIterator[Door]:
    """A bot that serves its owner Olga only."""
    async with open_door(bot, database, clock, admins={olga.id}) as door:
        yield door


def summon(server: TelegramServer, place: Chat, person: Person, words: str) -> GuestQuery:
    return place.guest_query(person, f"@{server.username} {words}")


async def chosen(
    server: TelegramServer, ears: Ears, person: Person, words: str, place: Chat
) -> Message:
    """Let somebody type a question and pick it, and do not let the bot hear of that yet."""
    query = server.inline_query(person, words)
    await ears.hear()
    assert query.result is not None
    return server.choose(query, 0, place)


def sent(moment: datetime) -> Button:
    """The button of a guest's message that was sent then."""
    press = GuestPress(sent_at=int(moment.timestamp()))
    return Button(text="…", callback_data=press.pack())


async def asked(database: Database, person: Person) -> int:
    """Count the questions that are stored of somebody."""
    return (await ErasureStore(database).count(person.id)).turns


@pytest.mark.parametrize(
    ("modes", "wanted"),
    [
        (set(), set()),
        ({"guest"}, {"guest_message", "callback_query"}),
        ({"inline"}, {"inline_query", "chosen_inline_result", "callback_query"}),
    ],
)
def test_telegram_is_asked_for_what_the_owner_wants_only(
    modes: set[str], wanted: set[str]
) -> None:
    router = create_router(guest_mode="guest" in modes, inline_mode="inline" in modes)

    assert set(router.resolve_used_update_types()) == wanted


async def test_what_goes_wrong_is_told_in_the_guests_message(
    ears: Ears, server: TelegramServer, abroad: Chat, ann: Person
) -> None:
    query = summon(server, abroad, ann, "why is the sky blue?")
    await ears.hear()

    [message] = by_bot(abroad)
    assert TOO_LONG in message.text
    assert message.reply_to_id == query.message.id


async def test_a_guest_who_asks_nothing_is_asked_what(
    ears: Ears, server: TelegramServer, abroad: Chat, ann: Person
) -> None:
    summon(server, abroad, ann, "")
    await ears.hear()

    [message] = by_bot(abroad)
    assert "What would you like to ask?" in message.text


@pytest.mark.usefixtures("impatience")
async def test_what_cannot_be_told_is_logged(
    ears: Ears, server: TelegramServer, abroad: Chat, ann: Person
) -> None:
    server.fail(Fault(kind=FaultKind.CUT, method="editMessageText", times=1000))
    summon(server, abroad, ann, "why is the sky blue?")

    with capture_logs() as lines:
        await ears.hear()

    told = [line["key"] for line in lines if line["event"] == "error.not_told"]
    assert told == [PromptTooLong.key]


async def test_a_guest_is_spoken_to_as_in_their_own_chat(
    bot: Bot, database: Database, server: TelegramServer, abroad: Chat, ann: Person
) -> None:
    async with open_parlour(bot, database) as parlour:
        await parlour.told(server.private_chat(ann), ann, "/language ru")
        await parlour.store.change(abroad.id, {Preference.LANGUAGE: "en"})
        await parlour.dispatcher["preferences"].refresh()

        summon(server, abroad, ann, "")
        await parlour.ears.hear()

    [message] = by_bot(abroad)
    assert "О чём вы хотите спросить?" in message.text


@pytest.mark.usefixtures("impatience")
async def test_a_query_that_telegram_takes_no_more_is_not_asked(
    ears: Ears, server: TelegramServer, abroad: Chat, ann: Person, database: Database
) -> None:
    server.fail(Fault(kind=FaultKind.LOST_ANSWER, method="answerGuestQuery"))
    summon(server, abroad, ann, "w")
    await ears.hear()

    [message] = by_bot(abroad)
    assert WAITING in message.text
    assert await asked(database, ann) == 0


@pytest.mark.usefixtures("impatience")
@pytest.mark.parametrize(("hours", "told", "is_alert"), [(1, COMING, False), (-1, LOST, True)])
async def test_a_press_of_what_a_crash_left_to_a_guest_says_in_the_end_to_ask_again(
    ears: Ears,
    server: TelegramServer,
    abroad: Chat,
    ann: Person,
    *,
    hours: int,
    told: str,
    is_alert: bool,
) -> None:
    server.fail(Fault(kind=FaultKind.LOST_ANSWER, method="answerGuestQuery"))
    summon(server, abroad, ann, "w")
    await ears.hear()
    [message] = by_bot(abroad)

    press = abroad.press_old(ann, message, sent(utc_now() + timedelta(hours=hours)))
    await ears.hear()

    answer = await press.answer()
    assert (answer.text, answer.show_alert) == (told, is_alert)
    assert WAITING in message.text


async def test_a_press_of_what_a_guest_has_asked_says_that_the_answer_comes(
    ears: Ears, server: TelegramServer, abroad: Chat, ann: Person
) -> None:
    summon(server, abroad, ann, "w")
    await ears.hear()
    [message] = by_bot(abroad)

    press = abroad.press_old(ann, message, sent(utc_now() - timedelta(hours=1)))
    await ears.hear()

    assert (await press.answer()).text == COMING


def test_the_button_of_a_guests_message_knows_when_that_was_sent(translator: Translator) -> None:
    article = placeholder(translator.for_locale("en"), now=NOW)

    assert isinstance(article.reply_markup, InlineKeyboardMarkup)
    [[button]] = article.reply_markup.inline_keyboard
    press = GuestPress.unpack(button.callback_data or "")
    assert press.is_early(NOW + timedelta(seconds=59))
    assert not press.is_early(NOW + timedelta(seconds=60))


async def test_a_closed_bot_keeps_silent_to_guests_it_does_not_know(
    door: Door, server: TelegramServer, abroad: Chat, ann: Person, olga: Person
) -> None:
    summon(server, abroad, ann, "confidential")
    abroad.guest_query(ann, f"@{server.username} hidden", anonymous=True)
    summon(server, abroad, olga, "of the owner")
    await door.ears.hear()

    [message] = by_bot(abroad)
    assert message.reply_to_id == abroad.messages[2].id


async def test_an_open_bot_serves_hidden_guests_too(
    ears: Ears, server: TelegramServer, abroad: Chat, ann: Person
) -> None:
    abroad.guest_query(ann, f"@{server.username} why?", anonymous=True)
    await ears.hear()

    [message] = by_bot(abroad)
    assert TOO_LONG in message.text


async def test_one_article_is_offered_for_what_is_typed(
    ears: Ears, server: TelegramServer, ann: Person
) -> None:
    query = server.inline_query(ann, " why? ")
    await ears.hear()

    answer = await query.answer()
    [result] = answer.results
    assert result.title == "Ask: why?"
    assert result.text.startswith("❓ why?\n\n⏳")
    assert answer.is_personal
    assert answer.cache_seconds == 0
    assert answer.button is None


@pytest.mark.parametrize("typed", ["", "  ", "\u2800"])
async def test_nothing_typed_offers_nothing(
    ears: Ears, server: TelegramServer, ann: Person, typed: str
) -> None:
    query = server.inline_query(ann, typed)
    await ears.hear()

    answer = await query.answer()
    assert answer.results == ()
    assert answer.button == "Type a question"


async def test_strangers_are_offered_the_way_to_the_owner_only(
    door: Door, server: TelegramServer, zoe: Person
) -> None:
    query = server.inline_query(zoe, "confidential")
    await door.ears.hear()

    answer = await query.answer()
    assert answer.results == ()
    assert answer.button == "This bot is private: ask to be let in"


async def test_typing_stores_nothing(
    ears: Ears, server: TelegramServer, ann: Person, database: Database
) -> None:
    for typed in ("w", "wh", "why"):
        server.inline_query(ann, typed)
    await ears.hear()

    assert await asked(database, ann) == 0


async def test_what_goes_wrong_is_told_below_the_question(
    ears: Ears, server: TelegramServer, ann: Person, abroad: Chat
) -> None:
    message = await chosen(server, ears, ann, "why is the sky blue?", abroad)
    await ears.hear()

    assert message.text.startswith("❓ why is the sky blue?\n\n")
    assert TOO_LONG in message.text
    assert labels(message) == []


async def test_a_choice_is_stored_once_however_often_it_is_told(
    ears: Ears, server: TelegramServer, ann: Person, abroad: Chat, database: Database
) -> None:
    message = await chosen(server, ears, ann, "w", abroad)
    server.choose_again(message)
    await ears.hear()

    assert await asked(database, ann) == 1
    assert "I cannot reach Elumenta" in message.text
    assert message.text.startswith("❓ w\n\n")


async def test_what_is_picked_in_the_private_chat_is_no_question_there(
    ears: Ears, server: TelegramServer, ann: Person, chat: Chat, database: Database
) -> None:
    message = await chosen(server, ears, ann, "w", chat)

    await ears.hear()

    assert chat.messages[-1] == message
    assert await asked(database, ann) == 1


async def test_a_press_before_the_answer_says_that_it_comes(
    ears: Ears, server: TelegramServer, ann: Person, abroad: Chat, database: Database
) -> None:
    message = await chosen(server, ears, ann, "w", abroad)
    question = replace(QUESTION, inline_message_id=message.inline_message_id)
    await added(HistoryStore(database), question)

    press = abroad.press(ann, message)
    await ears.hear()

    told = await press.answer()
    assert (told.text, told.show_alert) == (COMING, False)


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_press_of_what_telegram_does_not_report_says_what_to_switch(
    ears: Ears, server: TelegramServer, abroad: Chat, ann: Person, language: str
) -> None:
    server.inline_feedback = False
    reader = server.change_language(ann, language)
    message = await chosen(server, ears, reader, "w", abroad)

    press = abroad.press(reader, message)
    await ears.hear()

    told = await press.answer()
    assert told.show_alert
    assert "/setinlinefeedback" in (told.text or "")


def test_an_offer_of_the_longest_question_is_one_that_telegram_takes(
    translator: Translator,
) -> None:
    t = translator.for_locale("ru")

    result = offer("ы" * 256, t)

    assert isinstance(result.reply_markup, InlineKeyboardMarkup)
    [[button]] = result.reply_markup.inline_keyboard
    assert button.callback_data == AsidePress().pack()
    assert len(result.id.encode()) <= 64
