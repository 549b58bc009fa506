import io
from asyncio import StreamReader, StreamWriter

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.elumenta import Download, Downloader, ElumentaError
from tests.elumenta.service import ScriptedService, head_of, raw_server

LIMIT = 1000
PLACE = "https://storage.elumenta.test/1.png"

ADDRESSES = (
    st.text(max_size=40)
    | st.text(max_size=40).map(lambda rest: f"https://{rest}")
    | st.text(max_size=20).map(lambda rest: f"https://storage.elumenta.test:{rest}")
    | st.text(max_size=20).map(lambda rest: f"https://storage.elumenta.test/{rest}")
    | st.characters(categories=["Cs"]).map(lambda half: f"https://storage.elumenta.test/{half}")
)
LOCATIONS = (
    st.binary(max_size=40)
    | st.binary(max_size=40).map(lambda rest: b"https://" + rest)
    | st.binary(max_size=20).map(lambda rest: b"//storage.elumenta.test:" + rest)
    | st.sampled_from([b"https://xn--/", b"https://h:99999", b"http://h/", b"https://[::1", b"//"])
)
WORDS = st.sampled_from(
    [
        head_of(),
        head_of(headers={"Content-Type": "image/png", "Content-Length": "5"}),
        head_of(headers={"Content-Type": "text/html"}),
        head_of(headers={"Content-Type": "\x7f;,"}),
        head_of(headers={"Content-Length": "-1"}),
        head_of(headers={"Content-Length": "9" * 19}),
        head_of(headers={"Content-Encoding": "gzip, br"}),
        head_of(headers={"Transfer-Encoding": "chunked"}),
        head_of("302 Found", {"Location": "/"}),
        head_of("302 Found", {"Location": "http://[::1"}),
        head_of("301 Moved"),
        head_of("403 Forbidden"),
        head_of("429 Slow", {"Retry-After": "0"}),
        head_of("100 Continue"),
        b"HTTP/1.1 999999 \xff\r\n\r\n",
        b"\r\n",
        b"5\r\n\x89PNG\r\r\n0\r\n\r\n",
        b"\x89PNG\r\n\x1a\n",
        bytes(LIMIT),
    ]
)


async def fetch(downloader: Downloader, url: str) -> tuple[Download | ElumentaError, bytes]:
    file = io.BytesIO()
    try:
        return await downloader.fetch(url, to=file, limit=LIMIT), file.getvalue()
    except ElumentaError as error:
        return error, file.getvalue()


@settings(deadline=None)
@given(said=st.lists(WORDS | st.binary(max_size=30), max_size=5).map(b"".join))
async def test_whatever_a_host_says_is_a_small_file_or_an_error_of_ours(said: bytes) -> None:
    async def say(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    async with raw_server(say) as server, Downloader(allow_http=True) as downloader:
        fetched, content = await fetch(downloader, server.address)

    assert len(content) <= LIMIT
    assert isinstance(fetched, ElumentaError) or fetched.size == len(content) > 0


@settings(deadline=None)
@given(url=ADDRESSES)
async def test_whatever_address_the_service_tells_is_visited_or_refused(url: str) -> None:
    host = ScriptedService(httpx.Response(200, content=b"GIF89a"))

    async with Downloader(transport=host) as downloader:
        fetched, _ = await fetch(downloader, url)

    assert isinstance(fetched, Download) == bool(host.requests)
    assert all(request.url.scheme == "https" for request in host.requests)


@settings(deadline=None)
@given(location=LOCATIONS)
async def test_wherever_a_host_sends_us_is_visited_or_refused(location: bytes) -> None:
    moved = httpx.Response(302, headers=[(b"Location", location)])
    host = ScriptedService(moved, httpx.Response(200, content=b"GIF89a"))

    async with Downloader(transport=host) as downloader:
        fetched, _ = await fetch(downloader, PLACE)

    assert isinstance(fetched, Download) == (len(host.requests) > 1)
    assert all(request.url.scheme == "https" for request in host.requests)
