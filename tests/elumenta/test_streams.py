from collections.abc import AsyncIterator

import httpx
import pytest

from bot.elumenta import (
    ChatEvent,
    ElumentaError,
    Finished,
    NotFound,
    ProtocolError,
    ProviderFailed,
    Started,
    StreamBroken,
    TextDelta,
)
from tests.elumenta.service import (
    COMPLETED,
    WHOLE_ANSWER,
    WHOLE_STREAM,
    ScriptedService,
    client_of,
    json_of,
    listen,
    stream_of,
)

STREAM, GENERATE = "POST /api/v2/generate/stream", "POST /api/v2/generate"
START = b'data: {"type": "generation_start", "id": 18473, "model": "gpt-5"}\n\n'
DELTA = b'data: {"type": "content_delta", "delta": "Hi"}\n\n'
END = b'data: {"type": "generation_end", "id": 18473, "tokens_spent": 3}\n\n'
DONE = b"data: [DONE]\n\n"
MEBIBYTE = 1024 * 1024

HEARD_START = Started(id="18473", model="gpt-5")
HEARD_DELTA = TextDelta(text="Hi")
HEARD_END = Finished(id="18473", tokens_spent=3)


async def hear(body: bytes) -> tuple[list[ChatEvent], ElumentaError | None]:
    async with client_of(ScriptedService(stream_of(body))) as client:
        return await listen(client)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(WHOLE_STREAM, id="as documented"),
        pytest.param(WHOLE_STREAM.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(WHOLE_STREAM.replace(b"\n", b"\r"), id="bare CR"),
        pytest.param(WHOLE_STREAM.replace(b"data: ", b"data:"), id="no space after the colon"),
        pytest.param(b"\xef\xbb\xbf" + WHOLE_STREAM, id="byte order mark"),
        pytest.param(b": hello\n\n" + WHOLE_STREAM.replace(b"\n\n", b"\n\n:\n\n"), id="comments"),
        pytest.param(WHOLE_STREAM.replace(b"data:", b"id: 7\ndata:"), id="ids"),
        pytest.param(b"id: 7\n\nretry: 5\n\ndata\n\n" + WHOLE_STREAM, id="events without data"),
        pytest.param(WHOLE_STREAM.replace(DONE, b""), id="no [DONE]"),
        pytest.param(WHOLE_STREAM.replace(DONE, b"").rstrip(), id="no blank line at the end"),
        pytest.param(b'data: {"type": "usage", "id": {}}\n\n' + WHOLE_STREAM, id="unknown type"),
        pytest.param(b'data: {"type": 7}\n\ndata: {}\n\n' + WHOLE_STREAM, id="no type"),
        pytest.param(WHOLE_STREAM.replace(b", ", b",\ndata: "), id="several data lines"),
    ],
)
async def test_a_stream_is_understood_however_it_is_written(body: bytes) -> None:
    events, error = await hear(body)

    assert events == WHOLE_ANSWER
    assert error is None


async def test_the_older_shape_of_a_stream_is_understood() -> None:
    body = (
        b'data: {"type": "generation_start", "id": "gen_01", "model": "gpt-5"}\n\n'
        b'data: {"type": "content_delta", "delta": "Hi"}\n\n'
        b'data: {"type": "generation_end", "id": "gen_01", "tokens_used": 2,'
        b' "balance_remaining": 298}\n\n'
    )

    events, error = await hear(body)

    assert events == [
        Started(id="gen_01", model="gpt-5"),
        TextDelta(text="Hi"),
        Finished(id="gen_01", tokens_spent=2),
    ]
    assert error is None


@pytest.mark.parametrize("done", [DONE, b"data: [DONE]\n", b"data: [DONE]", b"data:[DONE] \r\r"])
async def test_done_alone_ends_an_answer_whose_charge_stays_unknown(done: bytes) -> None:
    events, error = await hear(START + DELTA + done)

    assert events == [HEARD_START, HEARD_DELTA, Finished()]
    assert error is None


async def test_empty_pieces_are_left_out() -> None:
    body = START + DELTA.replace(b"Hi", b"") + DELTA.replace(b'"Hi"', b"null") + DELTA + END

    events, _ = await hear(body)

    assert events == [HEARD_START, HEARD_DELTA, HEARD_END]


async def test_odd_hints_do_not_cost_the_answer() -> None:
    body = (
        b'data: {"type": "generation_start", "id": 18473, "model": ["gpt-5"]}\n\n'
        b'data: {"type": "content_delta", "delta": "Hi"}\n\n'
        b'data: {"type": "generation_end", "id": null, "tokens_spent": 2.5}\n\n'
    )

    events, error = await hear(body)

    assert events == [Started(id="18473"), HEARD_DELTA, Finished()]
    assert error is None


async def test_nothing_is_read_after_the_end() -> None:
    events, error = await hear(START + END + DELTA + b"data: {broken\n\n")

    assert events == [HEARD_START, HEARD_END]
    assert error is None


@pytest.mark.parametrize(
    "rest",
    [
        pytest.param(b"", id="between events"),
        pytest.param(b'data: {"type": "content_del', id="in a payload"),
        pytest.param(b"da", id="in a field name"),
        pytest.param(b"data: [DON", id="in the terminator"),
        pytest.param('data: {"delta": "п'.encode()[:-1], id="in a letter"),
    ],
)
async def test_a_stream_that_ends_early_is_broken_and_keeps_what_came(rest: bytes) -> None:
    events, error = await hear(START + DELTA + rest)

    assert events == [HEARD_START, HEARD_DELTA]
    assert isinstance(error, StreamBroken)
    assert error.generation_id == "18473"


async def test_a_stream_without_a_start_breaks_without_an_id() -> None:
    events, error = await hear(DELTA)

    assert events == [HEARD_DELTA]
    assert isinstance(error, StreamBroken)
    assert error.generation_id is None


async def test_an_error_event_is_a_failure_of_the_provider() -> None:
    body = START + DELTA + b'data: {"type": "error", "message": "Content policy violation"}\n\n'

    events, error = await hear(body + DONE)

    assert events == [HEARD_START, HEARD_DELTA]
    assert isinstance(error, ProviderFailed)
    assert error.message == "Content policy violation"


@pytest.mark.parametrize(
    "payload",
    [
        b"{broken",
        b"[]",
        b"null",
        b'"text"',
        b'{"type": "content_delta", "delta": 7}',
        b'{"type": "content_delta", "delta": "\xff\xfe"',
        b"[" * 100_000,
    ],
    ids=lambda payload: payload[:30].decode(errors="replace"),
)
async def test_an_event_nobody_can_read_is_a_protocol_error(payload: bytes) -> None:
    events, error = await hear(START + b"data: " + payload + b"\n\n" + END)

    assert events == [HEARD_START]
    assert isinstance(error, ProtocolError)


@pytest.mark.parametrize("line_end", [b"", b"\n"], ids=["one line", "many lines"])
async def test_an_event_without_end_is_given_up_after_a_mebibyte(line_end: bytes) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield START
        while True:
            sent += 64
            yield b"data: " + b"x" * 58 + line_end

    answer = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=endless())

    async with client_of(httpx.MockTransport(lambda _: answer)) as client:
        events, error = await listen(client)

    assert events == [HEARD_START]
    assert isinstance(error, ProtocolError)
    assert sent < MEBIBYTE + 64 * 1024


async def test_many_small_events_may_be_larger_than_one_together() -> None:
    events, error = await hear(START + DELTA * 30_000 + END)

    assert len(events) == 30_002
    assert error is None


@pytest.mark.parametrize("status", [404, 405])
async def test_where_the_stream_path_is_missing_the_other_path_is_used_from_then_on(
    status: int,
) -> None:
    service = ScriptedService(httpx.Response(status), stream_of(WHOLE_STREAM))

    async with client_of(service) as client:
        first, _ = await listen(client)
        second, _ = await listen(client)

    assert first == second == WHOLE_ANSWER
    assert service.calls == [STREAM, GENERATE, GENERATE]
    assert service.bodies[0] == service.bodies[1]


async def test_a_model_that_is_on_neither_path_is_not_found() -> None:
    unknown = json_of({"error": "not_found", "message": "No such model"}, status=404)
    service = ScriptedService(unknown, unknown, stream_of(WHOLE_STREAM))

    async with client_of(service) as client:
        _, error = await listen(client)
        events, _ = await listen(client)

    assert isinstance(error, NotFound)
    assert events == WHOLE_ANSWER
    assert service.calls == [STREAM, GENERATE, STREAM]


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8"])
async def test_an_answer_in_one_piece_is_taken_for_the_whole_stream(content_type: str) -> None:
    service = ScriptedService(json_of(COMPLETED, content_type=content_type))

    async with client_of(service) as client:
        events, error = await listen(client)

    assert events == [Started(id="18473"), HEARD_DELTA, HEARD_END]
    assert error is None


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<h1>Welcome to nginx!</h1>"),
        httpx.Response(200, content=b"data: [DONE]\n\n"),
        json_of({}),
        json_of([]),
        httpx.Response(200, content=b"{", headers={"content-type": "application/json"}),
        httpx.Response(204),
        httpx.Response(302, headers={"location": "https://elsewhere.test/"}),
    ],
    ids=["HTML", "no type", "{}", "[]", "broken JSON", "no content", "redirect"],
)
async def test_what_is_no_answer_at_all_is_a_protocol_error(answer: httpx.Response) -> None:
    service = ScriptedService(answer)

    async with client_of(service) as client:
        events, error = await listen(client)

    assert events == []
    assert isinstance(error, ProtocolError)
    assert service.calls == [STREAM]
