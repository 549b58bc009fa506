"""A server, people, and two ways to call: as aiogram does, and byte by byte."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from io import BytesIO

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientSession, FormData
from pydantic import TypeAdapter

from bot.sandbox.telegram import Chat, FloodLimits, Person, TelegramServer

OBJECT = TypeAdapter(dict[str, object])
PATIENT = FloodLimits(private_burst=1000, group_burst=1000, overall_burst=1000)


class Clock:
    """Time that passes only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def tick(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back over HTTP."""

    status: int
    body: dict[str, object]

    @property
    def description(self) -> object:
        return self.body.get("description")

    @property
    def result(self) -> object:
        return self.body.get("result")


class Api:
    """The Bot API as bytes on the wire."""

    def __init__(self, server: TelegramServer, session: ClientSession) -> None:
        self.root = f"{server.url}/bot{server.token}"
        self.session = session

    async def call(self, method: str, **parameters: object) -> Answer:
        async with self.session.post(f"{self.root}/{method}", json=parameters) as response:
            return Answer(status=response.status, body=OBJECT.validate_json(await response.read()))

    async def upload(self, method: str, files: dict[str, bytes], **parameters: object) -> Answer:
        """Send a form: texts as they are, objects as JSON, files named after their fields."""
        form = FormData()
        for name, value in parameters.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, content in files.items():
            form.add_field(name, BytesIO(content), filename=f"{name}.bin")
        async with self.session.post(f"{self.root}/{method}", data=form) as response:
            return Answer(status=response.status, body=OBJECT.validate_json(await response.read()))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[TelegramServer]:
    """A server without flood control worth the name."""
    server = TelegramServer(limits=PATIENT, clock=clock)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def api(server: TelegramServer) -> AsyncIterator[Api]:
    async with ClientSession() as session:
        yield Api(server, session)


@pytest.fixture
async def bot(server: TelegramServer) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(server.url))
    yield Bot(server.token, session=session)

    # Closing the bot would wait a quarter of a second for TLS connections that nobody has.
    await (await session.create_session()).close()


@pytest.fixture
def ann(server: TelegramServer) -> Person:
    return server.person("Ann", username="ann", language_code="en")


@pytest.fixture
def bob(server: TelegramServer) -> Person:
    return server.person("Bob", last_name="Fox", language_code=None)


@pytest.fixture
def chat(server: TelegramServer, ann: Person) -> Chat:
    """Ann's private chat, which she has opened."""
    chat = server.private_chat(ann)
    chat.send(ann, "/start")
    return chat


@pytest.fixture
def group(server: TelegramServer, ann: Person, bob: Person) -> Chat:
    return server.group("Friends", members=[ann, bob], announce=False)


@pytest.fixture
def forum(server: TelegramServer, ann: Person, bob: Person) -> Chat:
    return server.group("Club", members=[ann, bob], forum=True, announce=False)
