"""Photos, videos and documents that a bot sends, and those Telegram refuses."""

import subprocess
import sys
from hashlib import sha256
from zlib import crc32

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    ReplyParameters,
)

from bot.sandbox.telegram import Chat, Person, TelegramServer
from tests.sandbox.telegram.conftest import Api
from tests.sandbox.telegram.samples import FILM, JPEG, NOTES, PHOTO, PICTURE, VIDEO, picture

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Again", callback_data="again")]]
)
SHAPE: dict[str, object] = {"width": 640, "height": 360, "duration": 5, "supports_streaming": True}


async def send_film(bot: Bot, chat: Chat, *, thumbnail: bytes | None = None) -> None:
    await bot.send_video(
        chat.id,
        FILM,
        width=640,
        height=360,
        duration=5,
        supports_streaming=True,
        thumbnail=BufferedInputFile(thumbnail, "t.jpg") if thumbnail else None,
        cover=PHOTO,
        start_timestamp=2,
        has_spoiler=True,
    )


@pytest.mark.parametrize("file_format", ["PNG", "JPEG"])
async def test_a_photo_is_shown_as_it_was_sent(bot: Bot, chat: Chat, file_format: str) -> None:
    content = picture(file_format, width=800, height=400)

    sent = await bot.send_photo(
        chat.id,
        BufferedInputFile(content, "fox.img"),
        caption=" a fox ",
        caption_entities=[MessageEntity(type="bold", offset=3, length=3)],
        reply_parameters=ReplyParameters(message_id=chat.messages[0].id),
        reply_markup=KEYBOARD,
    )

    shown = chat.messages[-1]
    assert (shown.kind, shown.text, shown.from_bot) == ("photo", "a fox", True)
    assert shown.entities == [{"type": "bold", "offset": 2, "length": 3}]
    assert shown.reply_to_id == chat.messages[0].id
    assert [button.text for button in shown.buttons[0]] == ["Again"]
    assert shown.file is not None
    assert (shown.file.width, shown.file.height) == (800, 400)
    assert shown.file.mime_type == f"image/{file_format.lower()}"
    assert (shown.file.size, shown.file.name) == (len(content), "fox.img")
    assert shown.file.sha256 == sha256(content).hexdigest()
    assert shown.file.path.read_bytes() == content
    assert sent.photo is not None
    assert [(size.width, size.height) for size in sent.photo] == [(320, 160), (800, 400)]
    assert sent.photo[-1].file_id == shown.file.file_id
    assert (sent.text, sent.caption) == (None, "a fox")
    assert [entity.type for entity in sent.caption_entities or []] == ["bold"]


async def test_a_video_is_shown_with_everything_said_about_it(bot: Bot, chat: Chat) -> None:
    await send_film(bot, chat, thumbnail=JPEG(width=320, height=180))
    sent = await bot.edit_message_reply_markup(
        chat_id=chat.id, message_id=chat.messages[-1].id, reply_markup=KEYBOARD
    )

    shown = chat.messages[-1].file
    assert shown is not None
    assert (shown.width, shown.height, shown.duration) == (640, 360, 5)
    assert (shown.supports_streaming, shown.mime_type) == (True, "video/mp4")
    assert shown.path.read_bytes() == VIDEO
    assert not isinstance(sent, bool)
    assert sent.video is not None
    assert (sent.video.width, sent.video.height, sent.video.duration) == (640, 360, 5)
    assert (sent.video.file_name, sent.video.file_size) == ("fox.mp4", len(VIDEO))
    assert sent.video.thumbnail is not None
    assert sent.video.thumbnail.width == 320
    assert [size.width for size in sent.video.cover or []] == [64]
    assert sent.video.start_timestamp is not None
    assert sent.has_media_spoiler


async def test_a_document_is_whatever_it_is(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_document(chat.id, NOTES, disable_content_type_detection=True)
    sticker = await bot.send_document(
        chat.id,
        BufferedInputFile(picture("WEBP"), "fox.webp"),
        disable_content_type_detection=True,
    )
    mystery = await bot.send_document(chat.id, BufferedInputFile(b"?", "what"))

    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("fox.txt", "text/plain")
    assert sticker.document is not None
    assert sticker.document.mime_type == "image/webp"
    assert mystery.document is not None
    assert mystery.document.mime_type == "application/octet-stream"
    assert [message.kind for message in chat.messages[1:]] == ["document"] * 3


async def test_a_photo_may_show_its_caption_above_and_hide_itself(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_photo(
        chat.id, PHOTO, caption="boo", show_caption_above_media=True, has_spoiler=True
    )

    assert (sent.show_caption_above_media, sent.has_media_spoiler) == (True, True)


async def test_a_file_is_known_by_its_id_but_only_as_what_it_was(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_photo(chat.id, PHOTO)
    assert sent.photo is not None
    file_id = sent.photo[-1].file_id

    again = await bot.send_photo(chat.id, file_id, caption="again")
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Document"):
        await bot.send_document(chat.id, file_id)
    with pytest.raises(TelegramBadRequest, match="can't use file of type Photo as Video"):
        await bot.send_video(chat.id, file_id)
    with pytest.raises(TelegramBadRequest, match="wrong file identifier/HTTP URL specified"):
        await bot.send_photo(chat.id, "AgACAgIAAxkBAAIB")

    assert again.photo is not None
    assert again.photo[-1].file_id == file_id
    assert chat.messages[-1].file == chat.messages[-2].file


async def test_every_size_of_a_photo_is_that_photo(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_photo(
        chat.id, BufferedInputFile(picture(width=200, height=2000), "tall.png")
    )
    assert sent.photo is not None
    assert [(size.width, size.height) for size in sent.photo] == [(32, 320), (200, 2000)]

    again = await bot.send_photo(chat.id, sent.photo[0].file_id)

    assert again.photo == sent.photo


async def test_a_video_known_by_its_id_keeps_its_looks(bot: Bot, chat: Chat) -> None:
    await send_film(bot, chat)
    first = chat.messages[-1].file
    assert first is not None

    sent = await bot.send_video(chat.id, first.file_id)

    assert sent.video is not None
    assert (sent.video.width, sent.video.duration) == (640, 5)
    assert chat.messages[-1].file == first


def test_who_sends_no_pictures_does_not_wait_for_pillow() -> None:
    program = "import sys, bot.sandbox.telegram; sys.exit('PIL' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0  # noqa: S603 - a program of our own


async def test_a_file_may_come_under_the_name_of_the_parameter(api: Api, chat: Chat) -> None:
    photo = await api.upload("sendPhoto", {"photo": PICTURE}, chat_id=chat.id)
    video = await api.upload("sendVideo", {"video": VIDEO}, chat_id=chat.id, **SHAPE)
    document = await api.upload("sendDocument", {"document": b"a"}, chat_id=chat.id)

    assert [answer.status for answer in (photo, video, document)] == [200, 200, 200]
    assert [message.kind for message in chat.messages[1:]] == ["photo", "video", "document"]


@pytest.mark.parametrize(
    ("method", "files", "parameters", "description"),
    [
        ("sendPhoto", {}, {}, "there is no photo in the request"),
        ("sendPhoto", {}, {"photo": "attach://fox"}, "there is no photo in the request"),
        ("sendVideo", {}, SHAPE, "there is no video in the request"),
        ("sendDocument", {"fox": b"a"}, {}, "there is no document in the request"),
        ("sendDocument", {"document": b""}, {}, "file must be non-empty"),
        ("sendDocument", {"document": b"a", "extra": b"b"}, {}, "unexpected file extra"),
        ("sendPhoto", {}, {"photo": "https://x.org/a.png"}, "addresses are not supported"),
        ("sendPhoto", {"photo": b"a fox"}, {}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {"photo": PICTURE[: len(PICTURE) // 2]}, {}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {"photo": picture("WEBP")}, {}, "IMAGE_PROCESS_FAILED"),
        ("sendPhoto", {"photo": picture("GIF")}, {}, "IMAGE_PROCESS_FAILED"),
        ("sendVideo", {"video": PICTURE}, SHAPE, "VIDEO_CONTENT_TYPE_INVALID"),
        ("sendPhoto", {"photo": PICTURE}, {"caption": "a" * 1025}, "caption is too long"),
        ("sendPhoto", {"photo": PICTURE}, {"caption": "😀" * 513}, "caption is too long"),
        (
            "sendPhoto",
            {"photo": PICTURE},
            {"caption": "x", "caption_entities": [{"type": "bold", "offset": 0, "length": 2}]},
            "out of range",
        ),
        ("sendPhoto", {"photo": PICTURE}, {"parse_mode": "HTML"}, "parse_mode is not supported"),
        ("sendPhoto", {"photo": PICTURE}, {"text": "x"}, "unexpected parameter text"),
        ("sendPhoto", {"photo": PICTURE}, {"thumbnail": "x"}, "unexpected parameter thumbnail"),
        ("sendDocument", {"document": b"a"}, {"has_spoiler": True}, "unexpected parameter"),
        ("sendDocument", {"document": b"a"}, {"cover": "x"}, "unexpected parameter cover"),
        (
            "sendVideo",
            {"video": VIDEO},
            {**SHAPE, "disable_content_type_detection": True},
            "unexpected parameter",
        ),
        (
            "sendPhoto",
            {"photo": PICTURE},
            {"reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
        ("sendPhoto", {"photo": PICTURE}, {"message_thread_id": 9}, "message thread not found"),
        ("sendMessage", {"photo": PICTURE}, {"text": "x"}, "unexpected file photo"),
    ],
)
async def test_a_medium_that_makes_no_sense_is_refused(
    api: Api,
    chat: Chat,
    *,
    method: str,
    files: dict[str, bytes],
    parameters: dict[str, object],
    description: str,
) -> None:
    answer = await api.upload(method, files, **{"chat_id": chat.id, **parameters})

    assert (answer.status, answer.body["error_code"]) == (400, 400)
    assert description in str(answer.description)
    assert [message.text for message in chat.messages] == ["/start"]


@pytest.mark.parametrize("missing", sorted(SHAPE))
async def test_a_video_says_how_it_is_to_be_shown(api: Api, chat: Chat, missing: str) -> None:
    shape = {name: value for name, value in SHAPE.items() if name != missing}

    answer = await api.upload("sendVideo", {"video": VIDEO}, chat_id=chat.id, **shape)

    assert answer.status == 400
    assert answer.description == f"Bad Request: a video without {missing} is not supported"


@pytest.mark.parametrize(
    ("width", "height", "fits"),
    [
        (200, 10, True),
        (201, 10, False),
        (10, 201, False),
        (5000, 5000, True),
        (5000, 5001, False),
        (9500, 9500, False),
        (14_000, 14_000, False),
    ],
)
async def test_a_photo_is_neither_huge_nor_a_ribbon(
    api: Api, chat: Chat, width: int, height: int, *, fits: bool
) -> None:
    photo = header_of_a_picture(width, height) if not fits else picture(width=width, height=height)

    answer = await api.upload("sendPhoto", {"photo": photo}, chat_id=chat.id)

    expected = None if fits else "Bad Request: PHOTO_INVALID_DIMENSIONS"
    assert answer.description == expected


def header_of_a_picture(width: int, height: int) -> bytes:
    """A PNG that says how large it is; nobody gets to the rest."""
    size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    header = b"IHDR" + size + b"\x08\x02\x00\x00\x00"
    return (
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"
        + header
        + crc32(header).to_bytes(4, "big")
        + picture()[33:]
    )


@pytest.mark.parametrize(
    ("thumbnail", "fits"),
    [
        (JPEG(width=320, height=320), True),
        (JPEG(width=321, height=320), False),
        (picture("PNG"), False),
        (JPEG() + b"\x00" * 200_000, False),
    ],
)
async def test_a_thumbnail_is_a_small_jpeg(
    api: Api, chat: Chat, thumbnail: bytes, *, fits: bool
) -> None:
    files = {"document": b"a", "small": thumbnail}

    answer = await api.upload("sendDocument", files, chat_id=chat.id, thumbnail="attach://small")

    assert (answer.status == 200) is fits
    assert ("thumbnail must be a JPEG" in str(answer.description)) is not fits


async def test_a_thumbnail_is_always_a_new_file(bot: Bot, api: Api, chat: Chat) -> None:
    await bot.send_photo(chat.id, PHOTO)
    photo = chat.messages[-1].file
    assert photo is not None

    answer = await api.upload(
        "sendDocument", {"document": b"a"}, chat_id=chat.id, thumbnail=photo.file_id
    )

    assert answer.description == "Bad Request: thumbnail must be uploaded as a new file"


async def test_a_caption_may_have_1024_units_and_may_be_blank(bot: Bot, chat: Chat) -> None:
    longest = await bot.send_photo(chat.id, PHOTO, caption="😀" * 512)
    blank = await bot.send_photo(chat.id, PHOTO, caption=" \u200b ")

    assert longest.caption == "😀" * 512
    assert blank.caption is None


async def test_a_group_may_forbid_media_but_not_words(bot: Bot, group: Chat) -> None:
    group.forbids_media = True

    with pytest.raises(TelegramBadRequest, match="not enough rights to send photos to the chat"):
        await bot.send_photo(group.id, PHOTO)
    with pytest.raises(TelegramBadRequest, match="not enough rights to send videos to the chat"):
        await send_film(bot, group)
    with pytest.raises(TelegramBadRequest, match="not enough rights to send documents to the"):
        await bot.send_document(group.id, NOTES)
    await bot.send_message(group.id, "as you like")

    assert [message.text for message in group.messages] == ["as you like"]


async def test_a_medium_goes_to_its_topic(bot: Bot, forum: Chat, ann: Person) -> None:
    topic = forum.topic("Foxes")
    order = forum.send(ann, "/image a fox", thread_id=topic)

    await bot.send_photo(forum.id, PHOTO, reply_parameters=ReplyParameters(message_id=order.id))

    assert (forum.messages[-1].kind, forum.messages[-1].thread_id) == ("photo", topic)


async def test_a_reply_to_a_medium_and_a_press_under_it_carry_it_along(
    bot: Bot, chat: Chat, ann: Person
) -> None:
    await bot.send_photo(chat.id, PHOTO, caption="a fox", reply_markup=KEYBOARD)
    shown = chat.messages[-1]

    press = chat.press(ann, shown, "Again")
    chat.send(ann, "nice", reply_to=shown)

    pressed, replied = (await bot.get_updates())[-2:]
    assert pressed.callback_query is not None
    assert press.data == pressed.callback_query.data == "again"
    assert replied.message is not None
    for carried in (pressed.callback_query.message, replied.message.reply_to_message):
        assert isinstance(carried, Message)
        assert (carried.caption, bool(carried.photo)) == ("a fox", True)


@pytest.mark.parametrize(
    "action", ["upload_photo", "record_video", "upload_video", "upload_document"]
)
async def test_the_making_of_media_can_be_shown(bot: Bot, chat: Chat, action: str) -> None:
    await bot.send_chat_action(chat.id, action)

    assert [seen.action for seen in chat.actions] == [action]


async def test_media_need_an_open_door_too(
    bot: Bot, server: TelegramServer, group: Chat, bob: Person
) -> None:
    chat = server.private_chat(bob)
    group.send(bob, "/chat I am Bob")

    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation"):
        await bot.send_photo(chat.id, PHOTO)
    chat.send(bob, "/start")

    await bot.send_photo(chat.id, PHOTO)
