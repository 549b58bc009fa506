"""Changes to messages with media, and of texts into media."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    Message,
    MessageEntity,
)

from bot.sandbox.telegram import Chat
from tests.sandbox.telegram.conftest import Api
from tests.sandbox.telegram.samples import FILM, NOTES, PHOTO, PICTURE, VIDEO

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Stop", callback_data="stop")]]
)
NOT_MODIFIED = "message is not modified: specified new message"


@pytest.fixture
async def photo(bot: Bot, chat: Chat) -> Message:
    return await bot.send_photo(chat.id, PHOTO, caption="a fox", reply_markup=KEYBOARD)


@pytest.fixture
async def words(bot: Bot, chat: Chat) -> Message:
    return await bot.send_message(chat.id, "making a fox", reply_markup=KEYBOARD)


async def test_there_is_no_text_under_a_photo(bot: Bot, chat: Chat, photo: Message) -> None:
    with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
        await bot.edit_message_text("x", chat_id=chat.id, message_id=photo.message_id)


async def test_there_is_no_caption_under_a_text(bot: Bot, chat: Chat, words: Message) -> None:
    with pytest.raises(TelegramBadRequest, match="there is no caption in the message to edit"):
        await bot.edit_message_caption(chat_id=chat.id, message_id=words.message_id, caption="x")


async def test_a_caption_is_replaced_with_its_buttons(
    bot: Bot, chat: Chat, photo: Message
) -> None:
    edited = await bot.edit_message_caption(
        chat_id=chat.id,
        message_id=photo.message_id,
        caption="two foxes",
        caption_entities=[MessageEntity(type="bold", offset=0, length=3)],
        show_caption_above_media=True,
    )

    shown = chat.messages[-1]
    assert (shown.text, shown.buttons, shown.edited) == ("two foxes", [], 1)
    assert shown.entities == [{"type": "bold", "offset": 0, "length": 3}]
    assert not isinstance(edited, bool)
    assert (edited.caption, edited.show_caption_above_media) == ("two foxes", True)
    assert edited.photo == photo.photo
    assert [seen.text for seen in chat.history][-2:] == ["a fox", "two foxes"]


async def test_a_caption_can_be_taken_away(bot: Bot, chat: Chat, photo: Message) -> None:
    edited = await bot.edit_message_caption(chat_id=chat.id, message_id=photo.message_id)

    assert not isinstance(edited, bool)
    assert (edited.caption, edited.photo) == (None, photo.photo)


async def test_a_caption_that_stays_the_same_is_no_edit(
    bot: Bot, chat: Chat, photo: Message
) -> None:
    with pytest.raises(TelegramBadRequest, match=NOT_MODIFIED):
        await bot.edit_message_caption(
            chat_id=chat.id,
            message_id=photo.message_id,
            caption="a fox\n",
            reply_markup=KEYBOARD,
        )


async def test_where_a_caption_stands_is_a_change(bot: Bot, chat: Chat, photo: Message) -> None:
    for above in (True, False):
        edited = await bot.edit_message_caption(
            chat_id=chat.id,
            message_id=photo.message_id,
            caption="a fox",
            show_caption_above_media=above,
            reply_markup=KEYBOARD,
        )
        assert not isinstance(edited, bool)
        assert bool(edited.show_caption_above_media) is above


async def test_a_caption_is_checked_when_it_is_edited(
    bot: Bot, chat: Chat, photo: Message
) -> None:
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.edit_message_caption(
            chat_id=chat.id, message_id=photo.message_id, caption="a" * 1025
        )


async def test_buttons_under_a_photo_can_be_changed_alone(
    bot: Bot, chat: Chat, photo: Message
) -> None:
    await bot.edit_message_reply_markup(chat_id=chat.id, message_id=photo.message_id)
    with pytest.raises(TelegramBadRequest, match=NOT_MODIFIED):
        await bot.edit_message_reply_markup(chat_id=chat.id, message_id=photo.message_id)

    shown = chat.messages[-1]
    assert (shown.kind, shown.text, shown.buttons) == ("photo", "a fox", [])


async def test_a_text_becomes_a_photo(bot: Bot, chat: Chat, words: Message) -> None:
    edited = await bot.edit_message_media(
        InputMediaPhoto(media=PHOTO, caption="here"),
        chat_id=chat.id,
        message_id=words.message_id,
        reply_markup=KEYBOARD,
    )

    shown = chat.messages[-1]
    assert (shown.id, shown.kind, shown.text) == (words.message_id, "photo", "here")
    assert shown.file is not None
    assert shown.file.path.read_bytes() == PICTURE
    assert not isinstance(edited, bool)
    assert (edited.text, edited.caption, bool(edited.photo)) == (None, "here", True)
    assert edited.edit_date is not None


@pytest.mark.parametrize(
    ("medium", "kind", "name"),
    [
        (
            InputMediaVideo(
                media=FILM,
                width=640,
                height=360,
                duration=5,
                supports_streaming=True,
                thumbnail=None,
            ),
            "video",
            "fox.mp4",
        ),
        (InputMediaDocument(media=NOTES), "document", "fox.txt"),
        (InputMediaPhoto(media=BufferedInputFile(PICTURE, "new.png")), "photo", "new.png"),
    ],
)
async def test_a_photo_gives_way_to_any_medium(
    bot: Bot,
    chat: Chat,
    photo: Message,
    *,
    medium: InputMediaVideo | InputMediaDocument | InputMediaPhoto,
    kind: str,
    name: str,
) -> None:
    edited = await bot.edit_message_media(medium, chat_id=chat.id, message_id=photo.message_id)

    shown = chat.messages[-1]
    assert shown.file is not None
    assert (shown.kind, shown.text, shown.file.name, shown.buttons) == (kind, "", name, [])
    assert not isinstance(edited, bool)
    assert edited.content_type == kind
    assert (edited.caption, edited.reply_markup) == (None, None)


async def test_the_same_medium_is_no_edit(bot: Bot, chat: Chat, photo: Message) -> None:
    assert photo.photo is not None
    same = InputMediaPhoto(media=photo.photo[-1].file_id, caption="a fox")

    with pytest.raises(TelegramBadRequest, match=NOT_MODIFIED):
        await bot.edit_message_media(
            same, chat_id=chat.id, message_id=photo.message_id, reply_markup=KEYBOARD
        )
    await bot.edit_message_media(same, chat_id=chat.id, message_id=photo.message_id)

    assert chat.messages[-1].buttons == []


@pytest.mark.parametrize(
    ("files", "media", "description"),
    [
        ({}, {"type": "photo"}, "can't parse InputMedia: media not found"),
        ({}, {"type": "photo", "media": "attach://x"}, "can't parse InputMedia: media not found"),
        ({}, {"type": "photo", "media": "https://x.org/a.png"}, "addresses are not supported"),
        ({}, {"type": "photo", "media": "AgAC"}, "wrong file identifier/HTTP URL specified"),
        ({}, {"type": "audio", "media": "x"}, "wrong parameter media in request"),
        ({}, {"media": "x"}, "wrong parameter media in request"),
        ({"x": b"a"}, {"type": "photo", "media": "attach://x"}, "IMAGE_PROCESS_FAILED"),
        ({"x": VIDEO}, {"type": "video", "media": "attach://x"}, "a video without width"),
        ({"x": b""}, {"type": "document", "media": "attach://x"}, "file must be non-empty"),
        (
            {"x": b"a", "y": b"b"},
            {"type": "document", "media": "attach://x"},
            "unexpected file y",
        ),
        (
            {"x": b"a"},
            {"type": "document", "media": "attach://x", "has_spoiler": True},
            "unexpected parameter media.document.has_spoiler",
        ),
        (
            {"x": b"a"},
            {"type": "document", "media": "attach://x", "parse_mode": "HTML"},
            "parse_mode is not supported",
        ),
    ],
)
async def test_a_medium_that_makes_no_sense_replaces_nothing(
    api: Api,
    chat: Chat,
    words: Message,
    *,
    files: dict[str, bytes],
    media: dict[str, object],
    description: str,
) -> None:
    answer = await api.upload(
        "editMessageMedia", files, chat_id=chat.id, message_id=words.message_id, media=media
    )

    assert answer.status == 400
    assert description in str(answer.description)
    assert (chat.messages[-1].kind, chat.messages[-1].edited) == ("text", 0)


async def test_only_own_messages_become_media(bot: Bot, chat: Chat) -> None:
    medium = InputMediaPhoto(media=PHOTO)

    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_media(medium, chat_id=chat.id, message_id=chat.messages[0].id)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_media(medium, chat_id=chat.id, message_id=9_999)


async def test_no_text_becomes_a_photo_where_media_are_forbidden(bot: Bot, group: Chat) -> None:
    sent = await bot.send_message(group.id, "making a fox")
    group.forbids_media = True

    with pytest.raises(TelegramBadRequest, match="not enough rights to send photos to the chat"):
        await bot.edit_message_media(
            InputMediaPhoto(media=PHOTO), chat_id=group.id, message_id=sent.message_id
        )
