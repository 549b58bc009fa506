"""Files that people send and a bot fetches."""

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest
from aiogram.types import Document
from aiohttp import ClientError

from bot.sandbox.telegram import DOWNLOAD, Chat, Fault, FaultKind, Person, TelegramServer
from bot.sandbox.telegram.errors import ImpossibleError
from bot.sandbox.telegram.methods.files import MAX_DOWNLOAD_BYTES
from tests.sandbox.telegram.conftest import Api, Clock
from tests.sandbox.telegram.samples import NOTES

VERSES = "Рыжая лиса".encode("koi8-r")


async def arrived(bot: Bot) -> Document:
    (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    assert update.message.document is not None
    return update.message.document


async def fetched(bot: Bot, document: Document) -> bytes:
    stream = await bot.download(document)
    assert stream is not None
    return stream.read()


async def test_a_file_arrives_as_it_was_sent(bot: Bot, chat: Chat, ann: Person) -> None:
    sent = chat.send_document(ann, "fox.txt", VERSES, caption="read this")

    document = await arrived(bot)
    assert (document.file_name, document.mime_type) == ("fox.txt", "text/plain")
    assert document.file_size == len(VERSES)
    assert await fetched(bot, document) == VERSES
    assert (sent.text, sent.kind) == ("read this", "document")


async def test_an_app_may_say_what_a_file_is(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send_document(ann, "a\nb", VERSES, mime_type="text/x-poem")

    document = await arrived(bot)
    assert (document.file_name, document.mime_type) == ("a\nb", "text/x-poem")


async def test_a_size_may_be_kept_secret(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send_document(ann, "fox.txt", VERSES, is_size_told=False)

    document = await arrived(bot)
    assert document.file_size is None
    assert (await bot.get_file(document.file_id)).file_size is None
    assert await fetched(bot, document) == VERSES


async def test_what_the_bot_sent_can_be_fetched_too(bot: Bot, chat: Chat) -> None:
    sent = await bot.send_document(chat.id, NOTES)

    assert sent.document is not None
    assert await fetched(bot, sent.document) == b"a fox"


async def test_a_mention_in_a_caption_is_for_the_bot(bot: Bot, group: Chat, ann: Person) -> None:
    group.send_document(ann, "private.txt", VERSES, caption="for you, Bob")
    group.send_document(ann, "fox.txt", VERSES, caption="@elumenta_bot read this")

    (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.caption == "@elumenta_bot read this"
    assert [one.type for one in update.message.caption_entities or []] == ["mention"]


async def test_a_file_of_more_than_20_mb_is_not_given(bot: Bot, chat: Chat, ann: Person) -> None:
    chat.send_document(ann, "long.txt", bytes(MAX_DOWNLOAD_BYTES + 1))
    document = await arrived(bot)

    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(document.file_id)


async def test_a_file_that_nobody_sent_is_not_given(bot: Bot, chat: Chat, ann: Person) -> None:
    sticker = chat.send_media(ann, "document").content["document"]
    assert isinstance(sticker, dict)

    for file_id in ("BQACnothing", str(sticker["file_id"])):
        with pytest.raises(TelegramBadRequest, match="wrong file_id or the file is temporarily"):
            await bot.get_file(file_id)


async def test_an_address_is_good_for_an_hour(
    bot: Bot, chat: Chat, ann: Person, clock: Clock
) -> None:
    chat.send_document(ann, "fox.txt", VERSES)
    document = await arrived(bot)
    file = await bot.get_file(document.file_id)
    assert file.file_path is not None

    clock.tick(60 * 60)

    with pytest.raises(ClientError, match="404"):
        await bot.download_file(file.file_path)
    assert await fetched(bot, document) == VERSES


async def test_only_known_paths_and_the_token_open_files(
    api: Api, bot: Bot, server: TelegramServer, chat: Chat, ann: Person
) -> None:
    chat.send_document(ann, "fox.txt", VERSES)
    path = (await bot.get_file((await arrived(bot)).file_id)).file_path

    statuses = []
    for place in (f"{server.token}/{path}", f"{server.token}/documents/file_9", f"1:wrong/{path}"):
        async with api.session.get(f"{server.url}/file/bot{place}") as response:
            statuses.append(response.status)

    assert statuses == [200, 404, 401]


@pytest.mark.parametrize(
    "kind", [FaultKind.SERVER_ERROR, FaultKind.RETRY_AFTER, FaultKind.CUT, FaultKind.LOST_ANSWER]
)
async def test_a_download_fails_as_it_is_told_to(
    bot: Bot, server: TelegramServer, chat: Chat, ann: Person, kind: FaultKind
) -> None:
    chat.send_document(ann, "fox.txt", VERSES)
    document = await arrived(bot)

    # A connection that ends before anything came is tried a second time by aiohttp itself.
    server.fail(Fault(kind=kind, method=DOWNLOAD, times=1 + (kind is FaultKind.CUT)))

    with pytest.raises(ClientError):
        await fetched(bot, document)
    assert await fetched(bot, document) == VERSES
    assert server.downloads in (2, 3)


async def test_a_fault_for_all_calls_is_not_for_downloads(
    bot: Bot, server: TelegramServer, chat: Chat, ann: Person
) -> None:
    chat.send_document(ann, "fox.txt", VERSES)
    document = await arrived(bot)
    file = await bot.get_file(document.file_id)
    server.fail(Fault(kind=FaultKind.SERVER_ERROR))

    await bot.download_file(file.file_path or "")

    with pytest.raises(ClientDecodeError):
        await bot.get_me()


def test_apps_send_no_empty_files_and_no_long_captions(chat: Chat, ann: Person) -> None:
    with pytest.raises(ImpossibleError, match="empty"):
        chat.send_document(ann, "fox.txt", b"")
    with pytest.raises(ImpossibleError, match="1025 UTF-16 units"):
        chat.send_document(ann, "fox.txt", VERSES, caption="a" * 1025)

    assert chat.send_document(ann, "fox.txt", VERSES, caption="a" * 1024).text
