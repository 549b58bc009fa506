import inspect
from collections.abc import Iterator

import pytest
from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import User

from bot.metrics import Metrics
from bot.model import MediaJob
from bot.storage.engine import Database
from bot.storage.jobs import JobStore
from bot.telegram.pacer import Pacer
from bot.telegram.session import create_bot
from tests.telegram.program import create_program

FROM_AIOGRAM = {"bot", "command", "callback_data", "event_from_user", "event_chat"}
FROM_MIDDLEWARES = {"t"}
FROM_FILTERS = {"kind"}


async def send_no_file(_job: MediaJob) -> bool:
    return False


@pytest.fixture
def dispatcher() -> Dispatcher:
    bot = create_bot(
        "123456789:" + "a" * 35, api_url="http://localhost", pacer=Pacer(), metrics=Metrics()
    )
    me = User(id=1, is_bot=True, first_name="Elumenta")
    database = Database("sqlite+aiosqlite:///never-opened.sqlite3")
    return create_program(bot, me, database, jobs=JobStore(database), send_file=send_no_file)


def handlers(router: Router) -> Iterator[HandlerObject]:
    for kind, observer in router.observers.items():
        if kind != "update":
            yield from observer.handlers
    for child in router.sub_routers:
        yield from handlers(child)


def test_every_handler_asks_only_for_what_there_is(dispatcher: Dispatcher) -> None:
    there = dispatcher.workflow_data.keys() | FROM_AIOGRAM | FROM_MIDDLEWARES | FROM_FILTERS

    found = list(handlers(dispatcher))

    assert len(found) > 20
    for handler in found:
        asked = list(inspect.signature(handler.callback).parameters)[1:]
        assert set(asked) <= there, handler.callback


def test_no_filter_and_no_handler_runs_in_a_thread(dispatcher: Dispatcher) -> None:
    for handler in handlers(dispatcher):
        assert handler.awaitable
        assert all(one.awaitable for one in handler.filters or []), handler.callback
