import asyncio
import gzip
import io
import socket
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO

import httpx
import pytest

from bot.elumenta import (
    BadRequest,
    Download,
    Downloader,
    ElumentaError,
    ModelUnavailable,
    NotFound,
    ProtocolError,
    ProviderFailed,
    RateLimited,
    StreamBroken,
    TimedOut,
    Timeouts,
    TooLarge,
    Unreachable,
)
from tests.elumenta.service import (
    PATIENT,
    RawServer,
    Script,
    ScriptedService,
    head_of,
    raw_server,
    reset,
)

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
WEBP = b"RIFF\x00\x10\x00\x00WEBPVP8 " + bytes(100)
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(100)
LIMIT = 1024 * 1024
SOON = Timeouts(silence_seconds=1)
HANGING_SECONDS = 60
"""What hangs for so long hangs for ever, however busy the machine is."""


def answer_of(body: bytes, *, status: str = "200 OK", **headers: str) -> bytes:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    usual = {"Content-Type": "image/png", "Content-Length": str(len(body))}
    return head_of(status, usual | named) + body


def moved_to(location: str) -> bytes:
    return answer_of(b"", status="302 Found", Location=location)


def say(*answers: bytes) -> Script:
    """Give the answers in order, the last one for ever."""
    left = list(answers)

    async def script(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(left.pop(0) if len(left) > 1 else left[0])
        await writer.drain()

    return script


@asynccontextmanager
async def file_host(
    script: Script, *, timeouts: Timeouts = PATIENT
) -> AsyncIterator[tuple[RawServer, Downloader]]:
    async with (
        raw_server(script) as server,
        Downloader(allow_http=True, timeouts=timeouts) as downloader,
    ):
        yield server, downloader


async def fetch(
    script: Script, *, limit: int = LIMIT, timeouts: Timeouts = PATIENT
) -> tuple[Download, bytes]:
    """Give what was fetched from a host that answers so."""
    file = io.BytesIO()
    async with file_host(script, timeouts=timeouts) as (server, downloader):
        download = await downloader.fetch(f"{server.address}/1.png", to=file, limit=limit)
    return download, file.read()


async def test_a_file_is_written_as_it_is_kept() -> None:
    download, content = await fetch(say(answer_of(PNG)))

    assert download == Download(size=len(PNG), content_type="image/png")
    assert content == PNG


async def test_a_file_may_arrive_byte_by_byte_and_without_its_length() -> None:
    async def drip(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of(headers={"Content-Type": "image/png"}))
        for byte in PNG:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)

    download, content = await fetch(drip)

    assert download.size == len(PNG)
    assert content == PNG


async def test_a_big_file_never_is_in_memory_as_a_whole() -> None:
    written: list[int] = []

    class Watched(io.BytesIO):
        def write(self, content: bytes) -> int:  # type: ignore[override]  # only bytes come
            written.append(len(content))
            return super().write(content)

    file = Watched()
    async with file_host(say(answer_of(bytes(1_000_000)))) as (server, downloader):
        await downloader.fetch(server.address, to=file, limit=LIMIT)

    assert written == [262_144, 262_144, 262_144, 213_568]
    assert file.getvalue() == bytes(1_000_000)


async def test_what_the_file_held_before_is_gone() -> None:
    with tempfile.TemporaryFile() as file:
        await _hold(file, PNG * 3)

        async with file_host(say(answer_of(PNG))) as (server, downloader):
            await downloader.fetch(server.address, to=file, limit=LIMIT)

        assert file.tell() == 0
        assert file.read() == PNG


async def _hold(file: BinaryIO, content: bytes) -> None:
    await asyncio.to_thread(file.write, content)


async def test_no_host_is_shown_a_key_or_asked_to_compress() -> None:
    async with file_host(say(answer_of(PNG))) as (server, downloader):
        await downloader.fetch(server.address, to=io.BytesIO(), limit=LIMIT)

    [request] = server.requests
    assert b"authorization" not in request.lower()
    assert b"accept-encoding: identity\r\n" in request.lower()


@pytest.mark.parametrize("length", [str(LIMIT + 1), "9" * 20], ids=["by one", "by far"])
async def test_a_file_that_says_it_is_too_large_is_not_read(length: str) -> None:
    file = io.BytesIO(b"before")

    with pytest.raises(TooLarge, match="more than 1048576 bytes"):
        async with file_host(say(answer_of(PNG, Content_Length=length))) as (server, downloader):
            await downloader.fetch(server.address, to=file, limit=LIMIT)

    assert file.getvalue() == b"before"


async def test_a_file_without_end_is_given_up_at_the_limit() -> None:
    async def flood(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of(headers={"Content-Type": "video/mp4"}))
        while True:
            writer.write(bytes(65536))
            await writer.drain()

    file = io.BytesIO()
    async with asyncio.timeout(HANGING_SECONDS):
        with pytest.raises(TooLarge):
            async with file_host(flood) as (server, downloader):
                await downloader.fetch(server.address, to=file, limit=LIMIT)

    assert len(file.getvalue()) <= LIMIT


async def test_a_file_of_just_the_limit_is_not_too_large() -> None:
    download, _ = await fetch(say(answer_of(PNG)), limit=len(PNG))

    assert download.size == len(PNG)


@pytest.mark.parametrize("encoding", ["gzip", "X-GZIP", "br", "identity, deflate"])
async def test_a_compressed_file_cannot_outgrow_the_limit_unseen(encoding: str) -> None:
    bomb = gzip.compress(bytes(10 * LIMIT))
    assert len(bomb) < LIMIT

    with pytest.raises(ProtocolError, match="compressed"):
        await fetch(say(answer_of(bomb, Content_Encoding=encoding)))


@pytest.mark.parametrize("encoding", ["identity", "", "aws-chunked", "utf-8"])
async def test_an_encoding_that_changes_nothing_is_no_reason_to_refuse(encoding: str) -> None:
    _, content = await fetch(say(answer_of(PNG, Content_Encoding=encoding)))

    assert content == PNG


@pytest.mark.parametrize(
    ("told", "content", "content_type"),
    [
        ("Image/PNG; charset=binary", WEBP, "image/png"),
        ("application/octet-stream", PNG, "image/png"),
        ("binary/octet-stream", WEBP, "image/webp"),
        ("text/plain; charset=utf-8", MP4, "video/mp4"),
        ("", b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        ("", b"GIF89a\x01\x00\x01\x00", "image/gif"),
        ("", b"%PDF-1.7", ""),
        ("", b"RIFF", ""),
        ("application/octet-stream", b"\x00", "application/octet-stream"),
    ],
)
async def test_the_type_is_what_the_host_says_or_else_what_the_file_begins_with(
    told: str, content: bytes, content_type: str
) -> None:
    download, _ = await fetch(say(answer_of(content, Content_Type=told)))

    assert download.content_type == content_type


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "Text/HTML", "application/json"])
async def test_a_page_is_no_file(kind: str) -> None:
    with pytest.raises(ProtocolError, match="instead of a file"):
        await fetch(say(answer_of(b"<html>Sign in</html>", Content_Type=kind)))


async def test_nothing_is_no_file() -> None:
    with pytest.raises(ProtocolError, match="no bytes"):
        await fetch(say(answer_of(b"")))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("401 Unauthorized", NotFound),
        ("403 Forbidden", NotFound),
        ("404 Not Found", NotFound),
        ("410 Gone", NotFound),
        ("400 Bad Request", BadRequest),
        ("429 Slow Down", RateLimited),
        ("500 Broken", ProviderFailed),
        ("503 Busy", ModelUnavailable),
        ("204 No Content", ProtocolError),
        ("206 Partial Content", ProtocolError),
        ("304 Not Modified", ProtocolError),
    ],
)
async def test_a_refusal_of_the_host_has_its_error(status: str, kind: type[ElumentaError]) -> None:
    body = b"" if status.startswith(("204", "304")) else PNG

    with pytest.raises(kind):
        await fetch(say(answer_of(body, status=status)))


async def test_a_busy_host_says_for_how_long() -> None:
    with pytest.raises(RateLimited) as caught:
        await fetch(say(answer_of(b"", status="429 Slow Down", Retry_After="30")))

    assert caught.value.retry_after == 30


async def test_redirects_are_followed() -> None:
    script = say(moved_to("/2.png"), moved_to("3.png?sign=1"), answer_of(PNG))

    async with file_host(script) as (server, downloader):
        await downloader.fetch(f"{server.address}/1.png", to=io.BytesIO(), limit=LIMIT)

    lines = [request.partition(b"\r\n")[0] for request in server.requests]
    assert lines == [b"GET /1.png HTTP/1.1", b"GET /2.png HTTP/1.1", b"GET /3.png?sign=1 HTTP/1.1"]


async def test_five_redirects_are_enough() -> None:
    moves = [moved_to(f"/{n}.png") for n in range(6)]

    download, _ = await fetch(say(*moves[:5], answer_of(PNG)))
    with pytest.raises(ProtocolError, match="more than 5 redirects"):
        await fetch(say(*moves, answer_of(PNG)))

    assert download.size == len(PNG)


async def test_a_redirect_to_itself_ends() -> None:
    with pytest.raises(ProtocolError, match="more than 5 redirects"):
        await fetch(say(moved_to("/1.png")))


@pytest.mark.parametrize(
    "url",
    [
        "http://storage.elumenta.test/1.png",
        "ftp://storage.elumenta.test/1.png",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "//storage.elumenta.test/1.png",
        "/generations/1.png",
        "https://",
        "https:///1.png",
        "https://storage.elumenta.test:99999/1.png",
        "https://[::1",
        "https://xn--/",
        "https://storage.elumenta.test/\ud800",
        "https://storage.elumenta.test/\x00",
        "",
    ],
)
async def test_what_is_no_address_of_a_file_is_not_visited(url: str) -> None:
    host = ScriptedService(httpx.Response(200, content=PNG))

    async with Downloader(transport=host) as downloader:
        with pytest.raises(ProtocolError, match=r"not one of https$"):
            await downloader.fetch(url, to=io.BytesIO(), limit=LIMIT)

    assert host.requests == []


@pytest.mark.parametrize(
    "location",
    [
        "http://storage.elumenta.test/1.png",
        "file:///etc/passwd",
        "https://storage.elumenta.test:99999/",
        "https://xn--/",
    ],
)
async def test_a_redirect_to_what_is_no_address_of_a_file_is_not_followed(location: str) -> None:
    host = ScriptedService(
        httpx.Response(302, headers={"Location": location}), httpx.Response(200, content=PNG)
    )

    async with Downloader(transport=host) as downloader:
        with pytest.raises(ProtocolError):
            await downloader.fetch(
                "https://storage.elumenta.test/1.png", to=io.BytesIO(), limit=LIMIT
            )

    assert len(host.requests) == 1


async def test_a_redirect_to_another_safe_host_is_followed() -> None:
    moved = httpx.Response(302, headers={"Location": "https://cdn.elumenta.test/1.png"})
    host = ScriptedService(moved, httpx.Response(200, content=PNG))

    async with Downloader(transport=host) as downloader:
        await downloader.fetch("https://storage.elumenta.test/1.png", to=io.BytesIO(), limit=LIMIT)

    assert [request.url.host for request in host.requests] == [
        "storage.elumenta.test",
        "cdn.elumenta.test",
    ]


async def cut_short(_: StreamReader, writer: StreamWriter) -> None:
    writer.write(answer_of(PNG, Content_Length=str(len(PNG) + 1)))
    await writer.drain()


async def cut_in_a_chunk(_: StreamReader, writer: StreamWriter) -> None:
    writer.write(head_of(headers={"Transfer-Encoding": "chunked"}) + b"ffff\r\n" + PNG)
    await writer.drain()


async def fall_silent(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(answer_of(PNG)[:-100])
    await reader.read()


@pytest.mark.parametrize("script", [cut_short, cut_in_a_chunk, fall_silent])
async def test_a_file_that_is_not_whole_is_broken(script: Script) -> None:
    with pytest.raises(StreamBroken):
        await fetch(script, timeouts=SOON)


async def test_a_file_shorter_than_was_told_is_broken_whoever_carries_it() -> None:
    short = httpx.Response(200, headers={"Content-Length": "5000"}, content=PNG)

    async with Downloader(transport=ScriptedService(short)) as downloader:
        with pytest.raises(StreamBroken, match="shorter"):
            await downloader.fetch("https://storage.elumenta.test", to=io.BytesIO(), limit=LIMIT)


async def test_a_file_that_trickles_for_ever_is_ended() -> None:
    async def trickle(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of(headers={"Content-Type": "video/mp4"}))
        while True:
            writer.write(b"\x00")
            await writer.drain()
            await asyncio.sleep(0.05)

    with pytest.raises(StreamBroken):
        await fetch(trickle, timeouts=Timeouts(answer_seconds=1))


async def test_a_host_that_never_comes_to_the_point_is_late() -> None:
    async def stall(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Stalling: yes\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    with pytest.raises(TimedOut):
        await fetch(stall, timeouts=Timeouts(answer_seconds=1))


async def hang_up(_: StreamReader, writer: StreamWriter) -> None:
    writer.close()


async def reset_at_once(_: StreamReader, writer: StreamWriter) -> None:
    reset(writer)


async def say_nothing(reader: StreamReader, _: StreamWriter) -> None:
    await reader.read()


@pytest.mark.parametrize("script", [hang_up, reset_at_once, say_nothing])
async def test_a_host_that_does_not_answer_is_late(script: Script) -> None:
    with pytest.raises(TimedOut):
        await fetch(script, timeouts=SOON)


async def test_a_host_that_is_not_there_is_unreachable() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"

        async with Downloader(allow_http=True) as downloader:
            with pytest.raises(Unreachable):
                await downloader.fetch(address, to=io.BytesIO(), limit=LIMIT)


async def test_a_cancelled_download_leaves_no_connection_behind() -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def watch(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(answer_of(PNG)[:-100])
        asked.set()
        await reader.read()
        left.set()

    async with (
        file_host(watch) as (server, downloader),
        asyncio.timeout(HANGING_SECONDS),
        asyncio.TaskGroup() as tasks,
    ):
        download = tasks.create_task(
            downloader.fetch(server.address, to=io.BytesIO(), limit=LIMIT)
        )
        await asked.wait()
        download.cancel()
        await left.wait()

    assert download.cancelled()


async def test_twenty_files_are_fetched_at_once() -> None:
    everybody = asyncio.Barrier(20)

    async def answer_together(_: StreamReader, writer: StreamWriter) -> None:
        await everybody.wait()
        writer.write(answer_of(PNG))

    files = [io.BytesIO() for _ in range(20)]
    async with (
        file_host(answer_together) as (server, downloader),
        asyncio.timeout(HANGING_SECONDS),
        asyncio.TaskGroup() as tasks,
    ):
        for file in files:
            tasks.create_task(downloader.fetch(server.address, to=file, limit=LIMIT))

    assert [file.getvalue() for file in files] == [PNG] * 20


@pytest.mark.parametrize(
    "answer",
    [
        answer_of(PNG, status="403 Forbidden"),
        answer_of(PNG, Content_Length="5000"),
        answer_of(PNG, Content_Type="text/html"),
        moved_to("ftp://storage.elumenta.test/s3cret"),
        moved_to("/s3cret"),
        answer_of(PNG, Content_Length="9999999"),
        b"220 mail.test ESMTP\r\n",
    ],
    ids=["refused", "broken", "a page", "elsewhere", "in circles", "too large", "no HTTP"],
)
async def test_no_error_holds_the_address(answer: bytes) -> None:
    async with file_host(say(answer)) as (server, downloader):
        with pytest.raises(ElumentaError) as caught:
            await downloader.fetch(f"{server.address}/s3cret", to=io.BytesIO(), limit=LIMIT)

    told = f"{caught.value!r} {caught.value} {caught.value.__cause__!r}"
    assert "s3cret" not in told
    assert server.address not in told
