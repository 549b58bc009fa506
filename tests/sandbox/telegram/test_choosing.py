"""Inline results that people choose, and the messages that come of them."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import (
    CallbackQuery,
    ChosenInlineResult,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    MessageEntity,
)

from bot.sandbox.telegram import Chat, FloodLimits, InlineQuery, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError
from tests.sandbox.telegram.conftest import PATIENT, Api

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Wait", callback_data="wait")]]
)
CONTENT = InputTextMessageContent(
    message_text="A fox", entities=[MessageEntity(type="bold", offset=2, length=3)]
)
ASK = InlineQueryResultArticle(
    id="ask", title="Ask", input_message_content=CONTENT, reply_markup=KEYBOARD
)
PLAIN = InlineQueryResultArticle(id="plain", title="Plain", input_message_content=CONTENT)


@pytest.fixture
def abroad(server: TelegramServer, ann: Person, bob: Person) -> Chat:
    """A group that the bot has never heard of."""
    return server.group("Abroad", members=[ann, bob], has_bot=False)


@pytest.fixture
async def query(bot: Bot, server: TelegramServer, ann: Person) -> InlineQuery:
    """Words that Ann typed, and was offered two results for."""
    query = server.inline_query(ann, "a fox")
    await bot.answer_inline_query(query.id, [ASK, PLAIN], cache_time=0)
    return query


async def choices(bot: Bot) -> list[ChosenInlineResult]:
    updates = await bot.get_updates()
    return [update.chosen_inline_result for update in updates if update.chosen_inline_result]


async def pressed(bot: Bot) -> CallbackQuery:
    (update,) = await bot.get_updates(offset=-1)
    assert update.callback_query is not None
    return update.callback_query


async def test_what_is_chosen_appears_as_the_persons_own_message(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat, ann: Person
) -> None:
    message = server.choose(query, "ask", abroad)

    (chosen,) = await choices(bot)
    assert (chosen.result_id, chosen.query, chosen.from_user.id) == ("ask", "a fox", ann.id)
    assert chosen.inline_message_id == message.inline_message_id is not None
    assert message is abroad.messages[-1]
    assert (message.text, message.sender, message.from_bot) == ("A fox", ann, False)
    assert [entity["type"] for entity in message.entities] == ["bold"]
    assert [button.text for row in message.buttons for button in row] == ["Wait"]


async def test_only_a_result_with_buttons_can_be_edited(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat
) -> None:
    message = server.choose(query, 1, abroad)

    (chosen,) = await choices(bot)
    assert (chosen.result_id, chosen.inline_message_id) == ("plain", None)
    assert message.inline_message_id is None


async def test_an_owner_who_wants_no_feedback_gets_none(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat
) -> None:
    server.inline_feedback = False

    message = server.choose(query, 0, abroad)

    assert await choices(bot) == []
    assert message.inline_message_id


async def test_a_choice_can_be_told_twice(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat
) -> None:
    server.choose_again(server.choose(query, 0, abroad))

    first, second = await choices(bot)
    assert first == second


async def test_where_the_bot_is_it_sees_what_was_sent_by_way_of_it(
    bot: Bot, server: TelegramServer, query: InlineQuery, group: Chat, bob: Person
) -> None:
    home = server.private_chat(query.person)
    server.choose(query, 0, home)
    chosen = server.choose(query, 0, group)
    group.send(bob, "nice", reply_to=chosen)

    messages = [update.message for update in await bot.get_updates() if update.message]
    assert [(one.chat.id, one.text) for one in messages] == [
        (home.id, "A fox"),
        (group.id, "A fox"),
        (group.id, "nice"),
    ]
    assert [one.via_bot.id for one in messages if one.via_bot] == [server.bot_id] * 2


async def test_a_chosen_message_is_edited_by_its_own_id(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat
) -> None:
    message = server.choose(query, 0, abroad)
    inline_id = message.inline_message_id

    assert await bot.edit_message_text(
        "A red fox", inline_message_id=inline_id, reply_markup=KEYBOARD
    )
    assert await bot.edit_message_reply_markup(inline_message_id=inline_id) is True

    assert (message.text, message.buttons, message.edited) == ("A red fox", [], 2)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("A red fox", inline_message_id=inline_id)


async def test_what_is_unknown_or_gone_is_not_edited(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat
) -> None:
    gone = server.choose(query, 0, abroad)
    abroad.delete(gone)

    for inline_id in ("BAAAnothing", gone.inline_message_id):
        with pytest.raises(TelegramBadRequest, match="MESSAGE_ID_INVALID"):
            await bot.edit_message_text("?", inline_message_id=inline_id)


async def test_by_chat_and_id_it_is_the_message_of_a_person(
    bot: Bot, server: TelegramServer, query: InlineQuery, group: Chat
) -> None:
    message = server.choose(query, 0, group)

    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("?", chat_id=group.id, message_id=message.id)


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        ({}, "message identifier is not specified"),
        ({"chat_id": 1}, "message identifier is not specified"),
        ({"message_id": 1}, "message identifier is not specified"),
        ({"inline_message_id": "a", "message_id": 1}, "message identifier is ambiguous"),
        ({"inline_message_id": "a", "chat_id": 1}, "message identifier is ambiguous"),
    ],
)
async def test_an_edit_names_one_message_in_one_way(
    api: Api, place: dict[str, object], refusal: str
) -> None:
    answer = await api.call("editMessageText", text="?", **place)

    assert answer.description == f"Bad Request: {refusal}"


async def test_a_press_tells_the_id_and_nothing_of_the_chat(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat, bob: Person
) -> None:
    message = server.choose(query, 0, abroad)

    press = abroad.press(bob, message)

    found = await pressed(bot)
    await bot.answer_callback_query(found.id, text="Soon")
    assert (found.inline_message_id, found.message) == (message.inline_message_id, None)
    assert (found.from_user.id, found.data) == (bob.id, "wait")
    assert (await press.answer()).text == "Soon"


async def test_the_answer_of_a_guest_is_edited_and_pressed_in_the_same_way(
    bot: Bot, abroad: Chat, ann: Person, bob: Person
) -> None:
    summons = abroad.guest_query(ann, "@elumenta_bot what is this?")
    sent = await bot.answer_guest_query(summons.id, ASK)
    message = await summons.answer()

    abroad.press(bob, message)
    await bot.edit_message_text("A red fox", inline_message_id=sent.inline_message_id)

    found = await pressed(bot)
    assert (found.inline_message_id, found.message) == (sent.inline_message_id, None)
    assert (message.text, message.buttons) == ("A red fox", [])


async def test_edits_elsewhere_count_for_the_whole_bot_and_for_no_chat(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat, chat: Chat
) -> None:
    message = server.choose(query, 0, abroad)
    server.limit(FloodLimits(private_burst=2, group_burst=1, overall_burst=3))

    for version in ("one", "two", "three"):
        await bot.edit_message_text(version, inline_message_id=message.inline_message_id)

    with pytest.raises(TelegramRetryAfter):
        await bot.edit_message_text("four", inline_message_id=message.inline_message_id)
    server.limit(PATIENT)
    assert (await bot.send_message(chat.id, "hello")).text == "hello"
    assert server.flood_refusals == 1


async def test_only_what_was_offered_can_be_chosen_and_only_where_one_is(
    bot: Bot, server: TelegramServer, query: InlineQuery, abroad: Chat, bob: Person
) -> None:
    unanswered = server.inline_query(bob, "a bear")
    elsewhere = server.group("Elsewhere", members=[bob], has_bot=False)

    for asked, result, place in (
        (query, "other", abroad),
        (query, 2, abroad),
        (unanswered, 0, abroad),
        (query, 0, elsewhere),
    ):
        with pytest.raises(ImpossibleError):
            server.choose(asked, result, place)

    assert abroad.messages == []
    assert await choices(bot) == []
