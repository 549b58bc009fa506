import asyncio
import gzip
import socket
from asyncio import StreamReader, StreamWriter
from contextlib import aclosing

import pytest

from bot.elumenta import (
    ElumentaClient,
    ProtocolError,
    StreamBroken,
    TextDelta,
    TimedOut,
    Timeouts,
    Unauthorized,
    Unreachable,
)
from tests.elumenta.service import (
    AT_ONCE,
    HELLO,
    KEY,
    WHOLE_ANSWER,
    WHOLE_STREAM,
    Script,
    events_of,
    head_of,
    listen,
    raw_service,
    reset,
)

SOON = Timeouts(silence_seconds=1)
HALF = WHOLE_STREAM[:-100]
START = WHOLE_STREAM[: WHOLE_STREAM.index(b"\n\n") + 2]
HANGING_SECONDS = 60
"""What hangs for so long hangs for ever, however busy the machine is."""


async def test_a_stream_may_arrive_byte_by_byte() -> None:
    async def drip(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of())
        for byte in WHOLE_STREAM.replace(b"\n", b"\r\n"):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0)

    async with raw_service(drip) as client:
        events, error = await listen(client)

    assert events == WHOLE_ANSWER
    assert error is None


async def test_a_finished_answer_does_not_wait_for_the_connection_to_end() -> None:
    async def linger(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of() + WHOLE_STREAM.replace(b"data: [DONE]\n\n", b""))
        await reader.read()

    async with raw_service(linger) as client, asyncio.timeout(HANGING_SECONDS):
        events, error = await listen(client)

    assert events == WHOLE_ANSWER
    assert error is None


async def test_the_first_words_are_given_before_the_last_are_written() -> None:
    heard = asyncio.Event()

    async def wait_for_the_listener(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of() + HALF)
        await heard.wait()
        writer.write(WHOLE_STREAM[len(HALF) :])

    events = []
    async with raw_service(wait_for_the_listener) as client, asyncio.timeout(HANGING_SECONDS):
        async for event in client.stream_chat(HELLO, model="gpt-5"):
            events.append(event)
            if isinstance(event, TextDelta):
                heard.set()

    assert events == WHOLE_ANSWER


async def cut_short(_: StreamReader, writer: StreamWriter) -> None:
    writer.write(head_of(headers={"Content-Length": str(len(WHOLE_STREAM))}) + HALF)
    await writer.drain()


async def cut_in_a_chunk(_: StreamReader, writer: StreamWriter) -> None:
    chunk = b"%x\r\n" % len(WHOLE_STREAM) + HALF
    writer.write(head_of(headers={"Transfer-Encoding": "chunked"}) + chunk)
    await writer.drain()


async def farewell(_: StreamReader, writer: StreamWriter) -> None:
    writer.write(head_of() + HALF)
    await writer.drain()


async def fall_silent(reader: StreamReader, writer: StreamWriter) -> None:
    writer.write(head_of() + HALF)
    await reader.read()


@pytest.mark.parametrize("script", [cut_short, cut_in_a_chunk, farewell, fall_silent])
async def test_an_answer_that_breaks_off_keeps_what_came(script: Script) -> None:
    async with raw_service(script, timeouts=SOON) as client:
        events, error = await listen(client)

    assert events == WHOLE_ANSWER[: len(events)]
    assert events[:2] == WHOLE_ANSWER[:2]
    assert isinstance(error, StreamBroken)
    assert error.generation_id == "18473"


async def test_a_reset_in_the_middle_breaks_the_stream() -> None:
    heard = asyncio.Event()

    async def reset_when_heard(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of() + HALF)
        await heard.wait()
        reset(writer)

    async with (
        raw_service(reset_when_heard) as client,
        aclosing(client.stream_chat(HELLO, model="gpt-5")) as events,
    ):
        first = await anext(events)
        heard.set()
        with pytest.raises(StreamBroken) as caught:
            [event async for event in events]

    assert first == WHOLE_ANSWER[0]
    assert caught.value.generation_id == "18473"


async def hang_up(_: StreamReader, writer: StreamWriter) -> None:
    writer.close()


async def reset_at_once(_: StreamReader, writer: StreamWriter) -> None:
    reset(writer)


async def say_nothing(reader: StreamReader, _: StreamWriter) -> None:
    await reader.read()


async def speak_something_else(_: StreamReader, writer: StreamWriter) -> None:
    writer.write(b"220 mail.test ESMTP\r\n")
    await writer.drain()


@pytest.mark.parametrize("script", [hang_up, reset_at_once, say_nothing, speak_something_else])
async def test_a_request_that_gets_no_answer_may_have_been_taken(script: Script) -> None:
    requests = 0

    async def count(reader: StreamReader, writer: StreamWriter) -> None:
        nonlocal requests
        requests += 1
        await script(reader, writer)

    async with raw_service(count, timeouts=SOON) as client:
        with pytest.raises(TimedOut):
            await events_of(client)

    assert requests == 1


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}"

        async with ElumentaClient(KEY, base_url=address, patience=AT_ONCE) as client:
            with pytest.raises(Unreachable):
                await events_of(client)


async def test_an_answer_that_goes_on_for_ever_is_ended() -> None:
    async def keep_alive(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of() + START)
        while True:
            writer.write(b": still there\n\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with raw_service(keep_alive, timeouts=Timeouts(answer_seconds=1)) as client:
        _, error = await listen(client)

    assert isinstance(error, StreamBroken)
    assert error.generation_id == "18473"


async def test_a_refusal_counts_even_when_its_words_are_lost() -> None:
    async def refuse(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of("401 Unauthorized", {"Content-Length": "500"}) + b'{"error": "not_')
        await writer.drain()

    async with raw_service(refuse) as client:
        with pytest.raises(Unauthorized):
            await events_of(client)


async def test_a_failure_that_looks_like_a_stream_is_a_failure() -> None:
    async def refuse(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of("401 Unauthorized") + WHOLE_STREAM)
        await writer.drain()

    async with raw_service(refuse) as client:
        with pytest.raises(Unauthorized):
            await events_of(client)


async def test_a_compressed_stream_is_understood() -> None:
    async def compress(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of(headers={"Content-Encoding": "gzip"}) + gzip.compress(WHOLE_STREAM))
        await writer.drain()

    async with raw_service(compress) as client:
        events = await events_of(client)

    assert events == WHOLE_ANSWER


async def test_a_body_that_is_not_compressed_as_it_says_is_a_protocol_error() -> None:
    async def lie(_: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of(headers={"Content-Encoding": "gzip"}) + WHOLE_STREAM)
        await writer.drain()

    async with raw_service(lie) as client:
        with pytest.raises(ProtocolError):
            await events_of(client)


async def test_closing_the_stream_closes_the_connection() -> None:
    left = asyncio.Event()

    async def watch(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(head_of() + HALF)
        await reader.read()
        left.set()

    async with raw_service(watch) as client, asyncio.timeout(HANGING_SECONDS):
        async with aclosing(client.stream_chat(HELLO, model="gpt-5")) as events:
            first = await anext(events)
        await left.wait()

    assert first == WHOLE_ANSWER[0]


@pytest.mark.parametrize("answer", [b"", head_of() + HALF], ids=["before", "in the middle"])
async def test_a_cancelled_listener_leaves_no_connection_behind(answer: bytes) -> None:
    asked, left = asyncio.Event(), asyncio.Event()

    async def watch(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(answer)
        asked.set()
        await reader.read()
        left.set()

    async with (
        raw_service(watch) as client,
        asyncio.timeout(HANGING_SECONDS),
        asyncio.TaskGroup() as tasks,
    ):
        listener = tasks.create_task(events_of(client))
        await asked.wait()
        listener.cancel()
        await left.wait()

    assert listener.cancelled()


async def test_three_hundred_streams_run_at_once() -> None:
    everybody = asyncio.Barrier(300)

    async def answer_together(_: StreamReader, writer: StreamWriter) -> None:
        await everybody.wait()
        writer.write(head_of() + WHOLE_STREAM)
        await writer.drain()

    async with raw_service(answer_together) as client, asyncio.timeout(HANGING_SECONDS):
        answers = await asyncio.gather(*(events_of(client) for _ in range(300)))

    assert answers == [WHOLE_ANSWER] * 300
