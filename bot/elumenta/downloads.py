"""Files that the service made, fetched from wherever it keeps them."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import BinaryIO, Self

import httpx

from bot.elumenta.answers import Answer, before_an_answer
from bot.elumenta.connection import DEFAULT_TIMEOUTS, Timeouts
from bot.elumenta.errors import ElumentaError, NotFound, ProtocolError, StreamBroken, TooLarge
from bot.elumenta.failures import read_failure
from bot.elumenta.file_types import HEAD_BYTES, guess_type

MAX_REDIRECTS = 5
MAX_PORT = 65535
CHUNK_BYTES = 256 * 1024
MAX_DIGITS = 20
"""No file is longer than this can tell, and Python refuses to read really long numbers."""

NOT_GIVEN = frozenset({401, 402, 403, 404, 410})
"""Refusals of a file host: the file is not there, or its address is not valid any more."""

PAGES = frozenset({"text/html", "application/xhtml+xml", "application/json"})
"""What is sent in place of a file, never as one."""

TELLS_NOTHING = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})
COMPRESSIONS = frozenset({"gzip", "x-gzip", "compress", "x-compress", "deflate", "br", "zstd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that arrived whole; the type is bare and in lower case, or empty if unknown."""

    size: int
    content_type: str


class Downloader:
    """Fetches files without the key of the account, which is no business of their hosts."""

    def __init__(
        self,
        *,
        allow_http: bool = False,
        timeouts: Timeouts = DEFAULT_TIMEOUTS,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._schemes = {"https", "http"} if allow_http else {"https"}
        self._timeouts = timeouts
        self._http = httpx.AsyncClient(
            headers={"Accept": "*/*", "Accept-Encoding": "identity"},
            timeout=httpx.Timeout(timeouts.silence_seconds, connect=timeouts.connect_seconds),
            transport=transport,
        )

    async def fetch(self, url: str, *, to: BinaryIO, limit: int) -> Download:
        """Write the file over what *to* holds, and leave *to* at its beginning.

        Raises TooLarge above *limit* bytes, NotFound where the host does not give the file (any
        more), ProtocolError for addresses and answers that are no file's, and the other errors
        that a call may raise; *to* may hold a part then. OSError is the disk's own.
        """
        until = asyncio.get_running_loop().time() + self._timeouts.answer_seconds

        response = await self._open(url, until=until)
        left = until - asyncio.get_running_loop().time()
        async with Answer(response, seconds=left) as answer:
            length = _length(response)
            _check(response, answer.content_type)
            if length is not None and length > limit:
                raise _too_large(limit)

            await asyncio.to_thread(_empty, to)
            head, size = await _copy(answer, to, limit=limit)

        if length is not None and size < length:
            problem = "the file is shorter than was told"
            raise StreamBroken(problem)
        if not size:
            problem = "a file of no bytes"
            raise ProtocolError(problem)
        await asyncio.to_thread(to.seek, 0)
        return Download(size=size, content_type=_content_type(answer.content_type, head))

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _open(self, url: str, *, until: float) -> httpx.Response:
        """Follow redirects as far as the file; its body is still to be read."""
        request = self._http.build_request("GET", self._checked(url))
        for _ in range(MAX_REDIRECTS + 1):
            with before_an_answer():
                async with asyncio.timeout_at(until):
                    response = await self._http.send(request, stream=True)
            if response.next_request is None:
                return response

            await response.aclose()
            request = response.next_request
            self._checked(str(request.url))

        problem = f"more than {MAX_REDIRECTS} redirects"
        raise ProtocolError(problem)

    def _checked(self, address: str) -> httpx.URL:
        """Refuse what no file is kept at; the text of the refusal never holds the address."""
        try:
            url = httpx.URL(address)
            usable = url.scheme in self._schemes and url.host and (url.port or 0) <= MAX_PORT
        except (httpx.InvalidURL, ValueError):
            usable = False
        if not usable:
            problem = f"an address that is not one of {' or '.join(sorted(self._schemes))}"
            raise ProtocolError(problem)
        return url


def _check(response: httpx.Response, content_type: str) -> None:
    """Raise unless the answer is a file, as it is."""
    if response.status_code != httpx.codes.OK:
        raise _refusal(response)
    if content_type in PAGES:
        problem = f"an answer of type {content_type!r} instead of a file"
        raise ProtocolError(problem)

    # Nobody asked for it, and what is unpacked may outgrow any limit at once.
    encodings: str = response.headers.get("content-encoding", "").lower()
    if not COMPRESSIONS.isdisjoint(encodings.replace(",", " ").split()):
        problem = "a file that is compressed on its way"
        raise ProtocolError(problem)


def _refusal(response: httpx.Response) -> ElumentaError:
    status = response.status_code
    if status in NOT_GIVEN:
        return NotFound(status)
    if not response.is_error:
        return ProtocolError(f"status {status} instead of a file")
    return read_failure(status, response.headers, b"")


async def _copy(answer: Answer, to: BinaryIO, *, limit: int) -> tuple[bytes, int]:
    """Write the body; gives its first bytes and its size."""
    head, size = b"", 0
    async with aclosing(answer.chunks(size=CHUNK_BYTES)) as chunks:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise _too_large(limit)
            head = head or chunk[:HEAD_BYTES]
            await asyncio.to_thread(to.write, chunk)
    return head, size


def _empty(file: BinaryIO) -> None:
    file.seek(0)
    file.truncate()


def _length(response: httpx.Response) -> int | None:
    told: str = response.headers.get("content-length", "")
    return int(told[:MAX_DIGITS]) if told.isascii() and told.isdigit() else None


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"a file of more than {limit} bytes")


def _content_type(told: str, head: bytes) -> str:
    if told not in TELLS_NOTHING:
        return told
    return guess_type(head) or told
