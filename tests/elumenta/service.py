"""Two stand-ins for the service: one tells answers from a list, one writes raw bytes."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from bot.elumenta import (
    Category,
    ChatEvent,
    ChatMessage,
    ElumentaClient,
    ElumentaError,
    Finished,
    MediaOrder,
    Patience,
    Role,
    Started,
    TextDelta,
    Timeouts,
)

KEY = "nb_live_5f0c"
ADDRESS = "https://elumenta.test"
AT_ONCE = Patience(
    first_pause_seconds=0, longest_pause_seconds=0, poll_after_seconds=(0, 0, 0, 0, 0)
)
PATIENT = Timeouts()
POSTER = MediaOrder(
    category=Category.IMAGE,
    model="flux-1.1-pro",
    prompt="A fox, as a poster",
    params={"size": "768x1344", "seed": 42},
)
HELLO = [ChatMessage(role=Role.USER, content="Hello")]

WHOLE_STREAM = (
    'data: {"type": "generation_start", "id": 18473, "model": "gpt-5"}\n\n'
    'data: {"type": "content_delta", "delta": "При"}\n\n'
    'data: {"type": "content_delta", "delta": "вет \N{WAVING HAND SIGN}"}\n\n'
    'data: {"type": "generation_end", "id": 18473, "tokens_spent": 3}\n\n'
    "data: [DONE]\n\n"
).encode()
WHOLE_ANSWER: list[ChatEvent] = [
    Started(id="18473", model="gpt-5"),
    TextDelta(text="При"),
    TextDelta(text="вет \N{WAVING HAND SIGN}"),
    Finished(id="18473", tokens_spent=3),
]
COMPLETED = {"id": 18473, "status": "completed", "result_text": "Hi", "tokens_spent": 3}
PENDING = {"id": 18473, "status": "pending", "model_slug": "gpt-5", "tokens_spent": 0}
FAILED = {"id": 18473, "status": "failed", "error": "Content policy violation"}


class ScriptedService(httpx.AsyncBaseTransport):
    """Gives its answers in order, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | httpx.TransportError) -> None:
        self.requests: list[httpx.Request] = []
        self._answers = list(answers)

    @property
    def calls(self) -> list[str]:
        return [f"{request.method} {request.url.path}" for request in self.requests]

    @property
    def bodies(self) -> list[object]:
        return [json.loads(request.content) for request in self.requests]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, httpx.TransportError):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def stream_of(body: bytes, *, status: int = 200) -> httpx.Response:
    return httpx.Response(
        status, headers={"content-type": "text/event-stream; charset=utf-8"}, content=body
    )


def json_of(body: object, *, status: int = 200, **headers: str) -> httpx.Response:
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json=body, headers=spelled)


def client_of(
    service: httpx.AsyncBaseTransport, *, patience: Patience = AT_ONCE
) -> ElumentaClient:
    return ElumentaClient(KEY, base_url=ADDRESS, patience=patience, transport=service)


async def events_of(client: ElumentaClient) -> list[ChatEvent]:
    return [event async for event in client.stream_chat(HELLO, model="gpt-5")]


async def listen(client: ElumentaClient) -> tuple[list[ChatEvent], ElumentaError | None]:
    """Give what was heard, and the error that ended it, if one did."""
    events: list[ChatEvent] = []
    try:
        async for event in client.stream_chat(HELLO, model="gpt-5"):
            events.append(event)  # noqa: PERF401 (a comprehension would lose them)
    except ElumentaError as error:
        return events, error
    return events, None


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RawServer:
    """A server on a real socket, and what it was asked."""

    address: str
    requests: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def raw_server(script: Script) -> AsyncIterator[RawServer]:
    """Run the script for every request that arrives over a real socket."""
    served: list[asyncio.Task[object] | None] = []
    requests: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.current_task())
        try:
            requests.append(await read_request(reader))
            await script(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        yield RawServer(address=f"http://127.0.0.1:{port}", requests=requests)
        await asyncio.gather(*filter(None, served))


@asynccontextmanager
async def raw_service(
    script: Script, *, timeouts: Timeouts = PATIENT
) -> AsyncIterator[ElumentaClient]:
    """Give a client whose every request the script answers."""
    async with (
        raw_server(script) as server,
        ElumentaClient(KEY, base_url=server.address, timeout=timeouts, patience=AT_ONCE) as client,
    ):
        yield client


async def read_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (
            int(line.partition(b":")[2])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    return head + await reader.readexactly(length)


def head_of(status: str = "200 OK", headers: Mapping[str, str] | None = None) -> bytes:
    """The first part of an answer that ends where its connection does."""
    lines = {"Content-Type": "text/event-stream", "Connection": "close", **(headers or {})}
    fields = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{fields}\r\n".encode()


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with a TCP reset instead of a farewell."""
    peer: socket.socket = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
