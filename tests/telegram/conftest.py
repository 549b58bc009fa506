"""A real connection to a stand-in for Telegram, and people in its chats."""

from collections.abc import AsyncIterator, Iterator
from itertools import count

import pytest
import stamina
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession

from bot.i18n import Translator
from bot.metrics import Metrics
from bot.model import MediaJob
from bot.sandbox.telegram import Chat, FloodLimits, Message, Person, TelegramServer
from bot.services.courier import Courier
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.telegram.courier import TelegramCourier
from bot.telegram.pacer import Pacer
from bot.telegram.session import create_bot
from tests.telegram.jobs import a_job, question_in
from tests.telegram.program import Ears, Files, StatusRecord, create_program

PATIENT = FloodLimits(private_burst=1000, group_burst=1000, overall_burst=1000)


@pytest.fixture
def impatience() -> Iterator[None]:
    """Waits between attempts take no time."""
    with stamina.set_testing(True, attempts=20):
        yield


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    """A server without flood control worth the name."""
    server = TelegramServer(limits=PATIENT)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
def hasty() -> Pacer:
    """A pacer for which an hour passes between any two looks at its clock."""
    return Pacer(clock=count(0, 3600).__next__)


@pytest.fixture
async def bot(server: TelegramServer, hasty: Pacer) -> AsyncIterator[Bot]:
    bot = create_bot(server.token, api_url=server.url, pacer=hasty, metrics=Metrics())
    yield bot

    # Closing the bot would wait a quarter of a second for TLS connections that nobody has.
    assert isinstance(bot.session, AiohttpSession)
    await (await bot.session.create_session()).close()


@pytest.fixture(scope="session")
def translator() -> Translator:
    return Translator.bundled()


@pytest.fixture
def ann(server: TelegramServer) -> Person:
    return server.person("Ann")


@pytest.fixture
def chat(server: TelegramServer, ann: Person) -> Chat:
    """Ann's private chat, which she has opened."""
    chat = server.private_chat(ann)
    chat.send(ann, "/start")
    return chat


@pytest.fixture
def forum(server: TelegramServer, ann: Person) -> Chat:
    return server.group("Club", members=[ann], forum=True, announce=False)


@pytest.fixture
def olga(server: TelegramServer) -> Person:
    """An owner of the bot."""
    return server.person("Olga")


@pytest.fixture
def home(server: TelegramServer, olga: Person) -> Chat:
    """Her private chat, in which nobody has written yet."""
    return server.private_chat(olga)


@pytest.fixture
def zoe(server: TelegramServer) -> Person:
    """A stranger."""
    return server.person("Zoe", username="zoe")


@pytest.fixture
def porch(server: TelegramServer, zoe: Person) -> Chat:
    """Her private chat, in which nobody has written yet."""
    return server.private_chat(zoe)


@pytest.fixture
def square(server: TelegramServer, zoe: Person, olga: Person) -> Chat:
    """A group of the stranger's, in which an owner is as well."""
    return server.group("Square", members=[zoe, olga], announce=False)


@pytest.fixture
def files() -> Files:
    return Files()


@pytest.fixture
async def ears(bot: Bot, database: Database, jobs: JobStore, files: Files) -> AsyncIterator[Ears]:
    dispatcher = create_program(bot, await bot.me(), database, jobs=jobs, send_file=files)
    yield Ears(bot, dispatcher)
    await dispatcher.storage.close()


@pytest.fixture
def record() -> StatusRecord:
    return StatusRecord()


@pytest.fixture
def courier(bot: Bot, translator: Translator, record: StatusRecord) -> Courier:
    return TelegramCourier(bot, translator, record)


@pytest.fixture
def order(chat: Chat, ann: Person) -> Message:
    return chat.send(ann, "/image a fox")


@pytest.fixture
def job(chat: Chat, order: Message) -> MediaJob:
    """What was just ordered there."""
    return a_job(question=question_in(chat, order))
