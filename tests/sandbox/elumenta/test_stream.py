import json
from collections.abc import AsyncIterator

import httpx
import pytest
from aiohttp import ClientPayloadError, ClientSession
from httpx_sse import EventSource
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer, Reply, Shape, Wire

HELLO: dict[str, JsonValue] = {"model": "gpt-5", "prompt": "hello"}
CHUNKS = ("При", "вет, ", "мир 🌍")


async def events(caller: ClientSession, path: str = "generate/stream") -> AsyncIterator[str]:
    """Read the payloads of a stream with an SSE reader that is not ours."""
    async with caller.post(path, json=HELLO | {"stream": True}) as response:
        assert response.headers["Content-Type"].startswith("text/event-stream")
        read = httpx.Response(
            200, headers={"content-type": "text/event-stream"}, content=response.content.iter_any()
        )
        async for event in EventSource(read).aiter_sse():
            if event.data:
                yield event.data


@pytest.mark.parametrize("wire", list(Wire))
@pytest.mark.parametrize("path", ["generate", "generate/stream"])
async def test_every_wire_carries_the_same_events(
    server: ElumentaServer, caller: ClientSession, wire: Wire, path: str
) -> None:
    server.script(Reply(chunks=CHUNKS, wire=wire))

    *told, last = [payload async for payload in events(caller, path)]

    assert [json.loads(payload) for payload in told] == [
        {"type": "generation_start", "id": 18473, "model": "gpt-5"},
        *[{"type": "content_delta", "delta": chunk} for chunk in CHUNKS],
        {"type": "generation_end", "id": 18473, "tokens_spent": 2},
    ]
    assert last == "[DONE]"


async def test_shape_b_ends_a_stream_with_the_balance(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.shape = Shape.B
    server.balance = 300

    *_, end, _ = [payload async for payload in events(caller)]

    found = json.loads(end)
    assert found.pop("id").startswith("gen_")
    assert found == {"type": "generation_end", "tokens_used": 2, "balance_remaining": 298}


async def test_the_path_alone_asks_for_a_stream(caller: ClientSession) -> None:
    async with caller.post("generate/stream", json=HELLO) as response:
        told = await response.read()

    assert response.content_type == "text/event-stream"
    assert told.endswith(b"data: [DONE]\n\n")


@pytest.mark.parametrize(
    ("reply", "last"),
    [
        (Reply(chunks=CHUNKS, done=False), "generation_end"),
        (Reply(chunks=CHUNKS, end=False), "[DONE]"),
        (Reply(chunks=CHUNKS, end_after=1), "При"),
        (Reply(chunks=CHUNKS, fail_after=1, message="Provider error: tired"), "tired"),
    ],
)
async def test_a_stream_can_lack_its_end(
    server: ElumentaServer, caller: ClientSession, reply: Reply, last: str
) -> None:
    server.script(reply)

    told = [payload async for payload in events(caller)]

    assert last in told[-1]


async def test_an_error_in_the_middle_costs_nothing(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Reply(chunks=CHUNKS, fail_after=2, message="Provider error: tired"))

    told = [json.loads(payload) async for payload in events(caller)]

    assert told[-1] == {"type": "error", "message": "Provider error: tired"}
    assert server.charges == []


@pytest.mark.parametrize("finishes", [True, False])
async def test_after_a_cut_the_service_may_finish(
    server: ElumentaServer, caller: ClientSession, *, finishes: bool
) -> None:
    server.script(Reply(chunks=CHUNKS, cut_after=1, finishes=finishes))

    told = events(caller)
    came = [json.loads(await anext(told))["type"] for _ in range(2)]
    with pytest.raises(ClientPayloadError):
        await anext(told)
    found = await (await caller.get("generate/18473")).json()

    assert came == ["generation_start", "content_delta"]
    assert found["status"] == ("completed" if finishes else "failed")
    assert found.get("result_text") == ("".join(CHUNKS) if finishes else None)
    assert len(server.charges) == (1 if finishes else 0)


@pytest.mark.parametrize(("first_delay", "charged"), [(0, 1), (3600, 0)])
async def test_a_caller_who_leaves_pays_only_after_the_first_chunk(
    server: ElumentaServer, caller: ClientSession, first_delay: float, charged: int
) -> None:
    server.script(Reply(chunks=CHUNKS, first_delay=first_delay, gap=3600))
    seen = "generation_start" if first_delay else "content_delta"

    async with caller.post("generate/stream", json=HELLO) as response:
        await response.content.readuntil(seen.encode())
        streams = server.open_streams
        response.close()
    await server.wait(lambda: server.open_streams == 0)

    assert streams == 1
    assert len(server.charges) == charged


async def test_a_stream_can_be_answered_with_json(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Reply(chunks=CHUNKS, as_json=True))

    response = await caller.post("generate/stream", json=HELLO)

    assert (await response.json())["result_text"] == "".join(CHUNKS)


async def test_going_down_cuts_open_streams(server: ElumentaServer, caller: ClientSession) -> None:
    server.script(Reply(chunks=CHUNKS, gap=3600))

    async with caller.post("generate/stream", json=HELLO) as response:
        await response.content.readuntil(b"content_delta")
        server.down = True
        with pytest.raises((ClientPayloadError, ConnectionResetError)):
            await response.read()
    await server.wait(lambda: server.open_streams == 0)

    assert len(server.charges) == 1


@given(text=st.text())
def test_the_pieces_of_a_text_make_up_the_text(text: str) -> None:
    reply = Reply(text=text)

    assert reply.whole == text
