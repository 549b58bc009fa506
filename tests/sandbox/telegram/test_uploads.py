"""How files travel to the server, stay there, and can be looked at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile, FSInputFile
from aiohttp import ClientError, ClientSession, FormData

from bot.sandbox.telegram import (
    Chat,
    Fault,
    FaultKind,
    File,
    FloodLimits,
    TelegramServer,
)
from bot.sandbox.telegram.pictures import MAX_PHOTO_BYTES
from bot.sandbox.telegram.uploads import MAX_UPLOAD_BYTES
from tests.sandbox.telegram.conftest import Api, Clock
from tests.sandbox.telegram.samples import NOTES, PHOTO, PICTURE, picture


def file_of(path: Path, size: int, *, head: bytes = b"") -> FSInputFile:
    """A file of this size that takes no place on the disk."""
    with path.open("wb") as file:
        file.write(head)
        file.truncate(size)
    return FSInputFile(path)


def last_file(chat: Chat) -> File:
    file = chat.messages[-1].file
    assert file is not None
    return file


async def test_an_upload_of_50_megabytes_fits_and_not_one_byte_more(
    bot: Bot, server: TelegramServer, chat: Chat, tmp_path: Path
) -> None:
    await bot.send_document(chat.id, file_of(tmp_path / "fits", MAX_UPLOAD_BYTES))
    with pytest.raises(TelegramEntityTooLarge, match="Request Entity Too Large"):
        await bot.send_document(chat.id, file_of(tmp_path / "big", MAX_UPLOAD_BYTES + 1))

    assert last_file(chat).size == last_file(chat).path.stat().st_size == MAX_UPLOAD_BYTES
    refused = server.calls[-1]
    assert (refused.method, refused.chat_id, refused.error_code) == (
        "sendDocument",
        chat.id,
        413,
    )
    assert {"name": "big", "size": MAX_UPLOAD_BYTES + 1} in refused.parameters.values()


async def test_a_photo_of_10_megabytes_fits_and_not_one_byte_more(
    bot: Bot, chat: Chat, tmp_path: Path
) -> None:
    big = file_of(tmp_path / "big.png", MAX_PHOTO_BYTES + 1, head=PICTURE)

    await bot.send_photo(chat.id, file_of(tmp_path / "fits.png", MAX_PHOTO_BYTES, head=PICTURE))
    with pytest.raises(TelegramBadRequest, match="of size 10485761 bytes is too big for a photo"):
        await bot.send_photo(chat.id, big)
    await bot.send_document(chat.id, big)

    assert [message.kind for message in chat.messages[1:]] == ["photo", "document"]


async def test_an_upload_is_on_record(bot: Bot, server: TelegramServer, chat: Chat) -> None:
    await bot.send_photo(chat.id, PHOTO, caption="a fox")

    call = server.calls[-1]
    assert (call.method, call.ok, call.parameters["caption"]) == ("sendPhoto", True, "a fox")
    name = str(call.parameters["photo"]).removeprefix("attach://")
    assert call.parameters[name] == {"name": "fox.png", "size": len(PICTURE)}


async def test_people_look_at_a_file_without_a_token(
    bot: Bot, api: Api, server: TelegramServer, chat: Chat
) -> None:
    await bot.send_photo(chat.id, BufferedInputFile(PICTURE, "лиса 1.png"))
    file = last_file(chat)

    async with api.session.get(file.url) as response:
        content = await response.read()

    assert (response.status, response.content_type, content) == (200, "image/png", PICTURE)
    assert file.url.startswith(f"{server.url}/media/")
    assert server.token not in file.url
    assert [call.method for call in server.calls] == ["sendPhoto"]


async def test_an_address_is_known_only_to_those_who_saw_it(
    bot: Bot, api: Api, server: TelegramServer, chat: Chat
) -> None:
    await bot.send_photo(chat.id, PHOTO)
    url = last_file(chat).url

    for wrong in (f"{url}x", url.replace("/media/", "/media/x"), f"{server.url}/media/x/fox.png"):
        async with api.session.get(wrong) as response:
            assert response.status == 404


async def test_while_telegram_is_gone_nobody_looks_at_files(
    bot: Bot, api: Api, server: TelegramServer, chat: Chat
) -> None:
    await bot.send_photo(chat.id, PHOTO)
    server.down = True

    with pytest.raises(ClientError):
        async with api.session.get(last_file(chat).url):
            pass


async def test_the_bytes_are_gone_when_the_server_is(
    bot: Bot, api: Api, server: TelegramServer, chat: Chat
) -> None:
    port = int(server.url.rpartition(":")[2])
    await bot.send_photo(chat.id, PHOTO)
    file = last_file(chat)

    await server.close()
    assert not file.path.parent.exists()
    await server.start(port=port)

    async with api.session.get(file.url) as response:
        assert response.status == 404
    sent = await bot.send_photo(chat.id, file.file_id)
    assert sent.photo is not None
    await bot.send_photo(chat.id, BufferedInputFile(picture("JPEG"), "new.jpg"))
    assert last_file(chat).path.exists()


async def test_a_path_in_a_name_is_cut_off(bot: Bot, chat: Chat) -> None:
    await bot.send_document(chat.id, BufferedInputFile(b"a", "../../etc/passwd"))

    assert last_file(chat).name == "passwd"


async def test_a_refused_upload_leaves_the_connection_whole(
    bot: Bot, server: TelegramServer, chat: Chat, tmp_path: Path
) -> None:
    large = file_of(tmp_path / "large", 20 * 1024 * 1024)
    server.fail(Fault(kind=FaultKind.RETRY_AFTER, method="sendDocument", seconds=3))
    server.fail(Fault(kind=FaultKind.SERVER_ERROR, method="sendDocument", chat_id=chat.id))

    with pytest.raises(TelegramRetryAfter) as flood:
        await bot.send_document(chat.id, large)
    with pytest.raises((TelegramServerError, ClientDecodeError)):
        await bot.send_document(chat.id, large)
    await bot.send_document(chat.id, large)

    assert flood.value.retry_after == 3
    assert [call.error_code for call in server.calls] == [429, 502, None]
    assert [message.kind for message in chat.messages[1:]] == ["document"]


async def test_a_lost_answer_leaves_the_medium(
    bot: Bot, server: TelegramServer, chat: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.LOST_ANSWER, method="sendPhoto"))

    with pytest.raises(TelegramNetworkError):
        await bot.send_photo(chat.id, PHOTO)

    assert chat.messages[-1].kind == "photo"


async def test_a_cut_connection_leaves_no_medium(
    bot: Bot, server: TelegramServer, chat: Chat
) -> None:
    server.fail(Fault(kind=FaultKind.CUT, method="sendPhoto"))

    with pytest.raises(TelegramNetworkError):
        await bot.send_photo(chat.id, PHOTO)

    assert len(chat.messages) == 1


async def test_an_upload_that_breaks_off_leaves_nothing_but_a_record(
    api: Api, server: TelegramServer, chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    async def content() -> AsyncIterator[bytes]:
        yield b"a" * 8_000_000
        server.down = True
        yield b"b"

    form = FormData({"chat_id": str(chat.id)})
    form.add_field("document", content(), filename="a.bin")
    with pytest.raises(ClientError):
        await api.session.post(f"{api.root}/sendDocument", data=form)
    await server.close()

    assert (server.calls[0].ok, server.calls[0].error_code) == (False, None)
    assert len(chat.messages) == 1
    assert caplog.records == []


async def test_a_delayed_upload_arrives(bot: Bot, server: TelegramServer, chat: Chat) -> None:
    server.fail(Fault(kind=FaultKind.DELAY, method="sendDocument", seconds=0.05))

    await bot.send_document(chat.id, NOTES)

    assert chat.messages[-1].kind == "document"


@pytest.mark.parametrize(
    "body", [b"no boundary", b"--fox\r\n\r\nnameless\r\n--fox--\r\n", b"--fox\r\nContent"]
)
async def test_a_form_that_cannot_be_read_is_refused(api: Api, body: bytes) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=fox"}
    async with api.session.post(f"{api.root}/getMe", data=body, headers=headers) as response:
        answer = await response.json()

    assert (response.status, answer["description"]) == (
        400,
        "Bad Request: can't parse multipart form",
    )


async def test_a_medium_costs_what_a_message_costs(clock: Clock) -> None:
    server = TelegramServer(limits=FloodLimits(private_burst=2), clock=clock)
    await server.start()
    chat = server.private_chat(server.person("Eve"))
    chat.send(chat.members[0], "/start")

    async with ClientSession() as session:
        api = Api(server, session)
        answers = [
            await api.upload("sendPhoto", {"photo": PICTURE}, chat_id=chat.id) for _ in range(3)
        ]
    await server.close()

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert len(chat.messages) == 3
