import asyncio
import json
from collections.abc import AsyncIterator
from itertools import pairwise

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.elumenta import Finished
from tests.elumenta.service import (
    FAILED,
    PENDING,
    WHOLE_ANSWER,
    WHOLE_STREAM,
    client_of,
    head_of,
    listen,
    raw_service,
)

STREAM_TYPE = {"content-type": "text/event-stream"}
LINE_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
NAMES = ["type", "id", "delta", "status", "message", "error", "detail", "details", "retry_after"]
TYPES = ["generation_start", "content_delta", "generation_end", "error"]
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(NAMES, JSON))
EVENTS = st.builds(lambda fields, kind: {**fields, "type": kind}, FIELDS, st.sampled_from(TYPES))
BODIES = (
    st.binary(max_size=200)
    | (JSON | FIELDS).map(lambda value: json.dumps(value).encode())
    | st.lists(st.sampled_from([*WHOLE_STREAM.splitlines(keepends=True), b"\n", b"\x00"])).map(
        b"".join
    )
    | st.lists(EVENTS.map(lambda event: f"data: {json.dumps(event)}\n\n".encode())).map(b"".join)
)


def answer_in(pieces: list[bytes]) -> httpx.MockTransport:
    async def body() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    return httpx.MockTransport(
        lambda _: httpx.Response(200, headers=STREAM_TYPE, content=body()),
    )


@settings(deadline=None)
@given(ends=st.sets(st.integers(min_value=0, max_value=len(WHOLE_STREAM))), line_end=LINE_ENDS)
async def test_a_stream_split_anywhere_is_the_same_stream(ends: set[int], line_end: bytes) -> None:
    body = WHOLE_STREAM.replace(b"\n", line_end)
    borders = [0, *sorted(ends), len(body)]
    pieces = [body[begin:end] for begin, end in pairwise(borders)]

    async with client_of(answer_in(pieces)) as client:
        events, error = await listen(client)

    assert events == WHOLE_ANSWER
    assert error is None


@settings(deadline=None)
@given(body=BODIES, size=st.integers(min_value=1, max_value=20))
async def test_any_stream_heard_in_pieces_sounds_as_heard_at_once(body: bytes, size: int) -> None:
    pieces = [body[begin : begin + size] for begin in range(0, len(body), size)]

    async with client_of(answer_in([body])) as at_once, client_of(answer_in(pieces)) as in_pieces:
        events, error = await listen(at_once)
        same_events, same_error = await listen(in_pieces)

    assert same_events == events
    assert repr(same_error) == repr(error)
    assert (error is None) == isinstance(events[-1] if events else None, Finished)


@settings(deadline=None)
@given(
    body=BODIES,
    status=st.sampled_from([200, 201, 204, 301, 400, 401, 404, 405, 422, 500, 503, 599]),
    kind=st.sampled_from(["text/event-stream", "application/json", "text/html", "", "\x7f;,"]),
)
async def test_no_body_makes_anything_escape_but_an_error_of_ours(
    body: bytes, status: int, kind: str
) -> None:
    headers = {"content-type": kind}
    transport = httpx.MockTransport(
        lambda _: httpx.Response(status, headers=headers, content=body)
    )

    async with client_of(transport) as client:
        events, error = await listen(client)

    assert (error is None) == isinstance(events[-1] if events else None, Finished)


WORDS = st.sampled_from(
    [
        head_of(),
        head_of("429 Slow", {"Retry-After": "0"}),
        head_of("302 Found", {"Location": "http://[::1"}),
        head_of("301 Moved", {"Location": "\x00//\u00e9:99999999"}),
        head_of(headers={"Transfer-Encoding": "chunked"}),
        head_of(headers={"Content-Encoding": "gzip, deflate"}),
        head_of(headers={"Content-Length": "-1"}),
        head_of(headers={"Content-Type": "text/event-stream; charset=base64"}),
        head_of(headers={"Content-Type": "application/json", "Set-Cookie": "=;;expires=x"}),
        head_of("100 Continue"),
        head_of("101 Switching Protocols"),
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 999999 \xff\r\n\r\n",
        b"X-RateLimit-Limit-Hour: " + b"9" * 5000 + b"\r\n",
        b"\r\n",
        b"ffffffffffffffffffff\r\n",
        b"5\r\ndata:\r\n",
        WHOLE_STREAM,
        json.dumps(PENDING).encode(),
        json.dumps(FAILED).encode(),
    ]
)


@settings(deadline=None)
@given(said=st.lists(WORDS | st.binary(max_size=30), max_size=5).map(b"".join))
async def test_nothing_said_on_the_wire_makes_anything_escape_but_an_error_of_ours(
    said: bytes,
) -> None:
    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(said)
        await writer.drain()

    async with raw_service(say) as client:
        events, error = await listen(client)

    assert (error is None) == isinstance(events[-1] if events else None, Finished)
