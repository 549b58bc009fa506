"""What a bot may send, and what Telegram refuses."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramMigrateToChat
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from aiohttp import MultipartWriter

from bot.sandbox.telegram import Button, Chat, Person, TelegramServer
from tests.sandbox.telegram.conftest import Api

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Stop", callback_data="stop", style="danger")],
        [InlineKeyboardButton(text="Help", url="https://example.org")],
    ]
)


async def test_a_message_is_shown_as_it_was_sent(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(
        chat.id,
        "42",
        entities=[MessageEntity(type="bold", offset=0, length=2)],
        reply_parameters=ReplyParameters(message_id=chat.messages[0].id),
        reply_markup=KEYBOARD,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )

    shown = chat.messages[-1]
    assert (shown.id, shown.text, shown.from_bot) == (sent.message_id, "42", True)
    assert shown.entities == [{"type": "bold", "offset": 0, "length": 2}]
    assert shown.reply_to_id == chat.messages[0].id
    assert shown.buttons == [
        [Button(text="Stop", callback_data="stop")],
        [Button(text="Help", url="https://example.org")],
    ]


async def test_a_message_without_a_sound_says_so(bot: Bot, chat: Chat) -> None:
    await bot.send_message(chat.id, "psst", disable_notification=True)
    await bot.send_message(chat.id, "hey")

    assert [message.is_silent for message in chat.messages[1:]] == [True, False]


async def test_telegram_trims_and_says_so(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_message(chat.id, " \n tail\n")

    assert sent.text == chat.messages[-1].text == "tail"


async def test_every_call_is_on_record(bot: Bot, server: TelegramServer, chat: Chat) -> None:
    await bot.send_message(chat.id, "7", reply_markup=KEYBOARD)
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(chat.id, " ")
    await bot.get_updates()

    good, bad = server.calls
    assert (good.method, good.chat_id, good.ok, good.error_code) == (
        "sendMessage",
        chat.id,
        True,
        None,
    )
    assert good.parameters["text"] == "7"
    assert good.parameters["reply_markup"] == KEYBOARD.model_dump(exclude_none=True)
    assert (bad.ok, bad.error_code) == (False, 400)
    assert bad.description == "Bad Request: message text is empty"
    assert good.at <= bad.at


@pytest.mark.parametrize(
    ("parameters", "description"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": "a" * 4097}, "message is too long"),
        ({"text": "x", "chat_id": 1}, "chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "chat not found"),
        ({"text": "x", "chat_id": None}, "wrong parameter chat_id"),
        ({"text": "x", "parse_mode": "HTML"}, "parse_mode is not supported"),
        ({"text": "x", "markup": {}}, "unexpected parameter markup"),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0}]}, "entities.0.length is empty"),
        (
            {"text": "x", "entities": [{"type": "bold", "offset": "0", "length": 1}]},
            "wrong parameter entities.0.offset",
        ),
        ({"text": "x", "entities": [{"type": "bold", "offset": 0, "length": 2}]}, "out of range"),
        (
            {"text": "x", "entities": [{"type": "text_mention", "offset": 0, "length": 1}]},
            "text_mention lacks a field",
        ),
        (
            {
                "text": "x",
                "entities": [{"type": "bold", "offset": 0, "length": 1, "language": "c"}],
            },
            "only pre has a language",
        ),
        ({"text": "x", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        (
            {"text": "x", "reply_parameters": {"message_id": 1, "chat_id": 2}},
            "replies to other chats are not supported",
        ),
        (
            {"text": "x", "reply_parameters": {"message_id": 1, "quote": "stop"}},
            "QUOTE_TEXT_INVALID",
        ),
        ({"text": "x", "message_thread_id": 1}, "message thread not found"),
        ({"text": "x", "message_thread_id": 1.5}, "wrong parameter message_thread_id"),
    ],
)
async def test_a_message_that_makes_no_sense_is_refused(
    api: Api, chat: Chat, parameters: dict[str, object], description: str
) -> None:
    answer = await api.call("sendMessage", **{"chat_id": chat.id, **parameters})

    assert (answer.status, answer.body["error_code"]) == (400, 400)
    assert description in str(answer.description)
    assert [message.text for message in chat.messages] == ["/start"]


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "Go"}, "exactly one action"),
        ({"text": "Go", "callback_data": "x", "url": "https://x.org"}, "exactly one action"),
        ({"text": " ", "callback_data": "x"}, "text must be non-empty"),
        ({"text": "Go", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "Go", "callback_data": "ж" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "Go", "url": "javascript:x"}, "is invalid"),
        ({"text": "Go", "colour": "red"}, "unexpected parameter"),
    ],
)
async def test_a_button_that_cannot_work_is_refused(
    api: Api, chat: Chat, button: dict[str, str], description: str
) -> None:
    answer = await api.call(
        "sendMessage", chat_id=chat.id, text="x", reply_markup={"inline_keyboard": [[button]]}
    )

    assert answer.status == 400
    assert description in str(answer.description)


@pytest.mark.parametrize(("rows", "status"), [(50, 200), (51, 400)])
async def test_a_hundred_buttons_fit_under_a_message(
    api: Api, chat: Chat, rows: int, status: int
) -> None:
    row = [{"text": "Go", "callback_data": "x"}] * 2
    answer = await api.call(
        "sendMessage", chat_id=chat.id, text="x", reply_markup={"inline_keyboard": [row] * rows}
    )

    assert answer.status == status


async def test_callback_data_of_64_bytes_fits(api: Api, chat: Chat) -> None:
    button = {"text": "Go", "callback_data": "ж" * 32}
    answer = await api.call(
        "sendMessage", chat_id=chat.id, text="x", reply_markup={"inline_keyboard": [[button]]}
    )

    assert answer.status == 200


@pytest.mark.parametrize("encoding", ["query", "form", "multipart"])
async def test_parameters_may_come_in_any_form(api: Api, chat: Chat, encoding: str) -> None:
    reply = '{"message_id": 99, "allow_sending_without_reply": true}'
    parameters = {"chat_id": str(chat.id), "text": "12", "reply_parameters": reply}
    url = f"{api.root}/sendMessage"

    if encoding == "query":
        request = api.session.get(url, params=parameters)
    elif encoding == "form":
        request = api.session.post(url, data=parameters)
    else:
        request = api.session.post(url, data=multipart(parameters))
    async with request as response:
        assert response.status == 200

    assert (chat.messages[-1].text, chat.messages[-1].reply_to_id) == ("12", None)


def multipart(parameters: dict[str, str]) -> MultipartWriter:
    writer = MultipartWriter("form-data")
    for name, value in parameters.items():
        writer.append(value).set_content_disposition("form-data", name=name)
    return writer


async def test_a_reply_to_a_deleted_message_needs_permission_to_go_without(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    question = chat.send(ann, "soon gone")
    chat.delete(question)

    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(
            chat.id, "x", reply_parameters=ReplyParameters(message_id=question.id)
        )
    await bot.send_message(
        chat.id,
        "anyway",
        reply_parameters=ReplyParameters(message_id=question.id, allow_sending_without_reply=True),
    )

    assert (chat.messages[-1].text, chat.messages[-1].reply_to_id) == ("anyway", None)


async def test_a_reply_stays_in_its_topic(bot: Bot, forum: Chat, ann: Person) -> None:
    tea, chess = forum.topic("Tea"), forum.topic("Chess")
    question = forum.send(ann, "/chat green or black?", thread_id=tea)
    reply = ReplyParameters(message_id=question.id)

    await bot.send_message(forum.id, "green", reply_parameters=reply)
    with pytest.raises(TelegramBadRequest, match="another topic"):
        await bot.send_message(forum.id, "e4", message_thread_id=chess, reply_parameters=reply)
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await bot.send_message(forum.id, "lost", message_thread_id=9_999)
    await bot.send_message(forum.id, "e4", message_thread_id=chess)

    assert [message.thread_id for message in forum.messages if message.from_bot] == [tea, chess]


async def test_a_bot_cannot_write_first(
    bot: Bot, server: TelegramServer, group: Chat, bob: Person
) -> None:
    chat = server.private_chat(bob)

    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(chat.id, "who are you?")
    group.send(bob, "/chat I am Bob")
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await bot.send_message(chat.id, "hello?")
    chat.send(bob, "/start")

    await bot.send_message(chat.id, "hello!")


async def test_a_blocked_bot_is_silent_until_it_is_unblocked(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    chat.block(ann)
    for call in (
        bot.send_message(chat.id, "?"),
        bot.send_chat_action(chat.id, "typing"),
        bot.send_message_draft(chat.id, 1, text="?"),
    ):
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await call

    chat.unblock(ann)

    await bot.send_message(chat.id, "thanks")


async def test_a_kicked_bot_is_told_so_until_it_is_let_in_again(
    bot: Bot, group: Chat, ann: Person
) -> None:
    group.kick_bot()
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the group chat"):
        await bot.send_message(group.id, "?")

    group.add_bot(ann)

    await bot.send_message(group.id, "thanks")


async def test_a_bot_may_leave_a_group_but_not_a_person(
    bot: Bot, server: TelegramServer, chat: Chat, ann: Person
) -> None:
    club = server.group("Big", members=[ann], supergroup=True)
    await bot.leave_chat(club.id)

    with pytest.raises(TelegramForbiddenError, match="not a member of the supergroup chat"):
        await bot.send_message(club.id, "?")
    with pytest.raises(TelegramBadRequest, match="private chats"):
        await bot.leave_chat(chat.id)


async def test_a_group_that_moved_says_where_it_is(bot: Bot, group: Chat) -> None:
    supergroup = group.migrate()

    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(group.id, "?")
    await bot.send_message(moved.value.migrate_to_chat_id, "found you")

    assert [message.id for message in supergroup.messages] == [1, 2]


async def test_actions_are_seen_but_not_written(bot: Bot, forum: Chat) -> None:
    topic = forum.topic("Tea")
    await bot.send_chat_action(forum.id, "typing", message_thread_id=topic)

    assert [(action, thread_id) for _, action, thread_id in forum.actions] == [("typing", topic)]


@pytest.mark.parametrize("action", ["thinking", ""])
async def test_an_unknown_action_is_refused(api: Api, chat: Chat, action: str) -> None:
    answer = await api.call("sendChatAction", chat_id=chat.id, action=action)

    assert answer.status == 400
    assert "wrong parameter action in request" in str(answer.description)


async def test_an_unknown_method_is_not_found(api: Api) -> None:
    answer = await api.call("sendTelepathy", thought="hm")

    assert answer.body == {"ok": False, "error_code": 404, "description": "Not Found"}
    assert answer.status == 404
