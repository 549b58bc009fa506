import inspect
from collections.abc import Iterator

import pytest
from aiogram import Dispatcher, Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import User

from bot.elumenta import ElumentaClient
from bot.i18n import Translator
from bot.services.access import AccessService
from bot.services.chat import ChatService
from bot.services.turns import TurnQueue
from bot.settings import Streaming
from bot.storage.engine import Database
from bot.storage.history import HistoryStore
from bot.telegram.answers import Answers
from bot.telegram.dispatcher import create_dispatcher
from bot.telegram.live import LiveReplies
from bot.telegram.middlewares.in_flight import InFlight
from bot.telegram.pacer import Pacer
from bot.telegram.session import create_bot

FROM_AIOGRAM = {"bot", "command", "callback_data", "event_from_user", "event_chat"}
FROM_MIDDLEWARES = {"t"}


@pytest.fixture
def dispatcher() -> Dispatcher:
    pacer, turns, translator = Pacer(), TurnQueue(), Translator.bundled()
    bot = create_bot("123456789:" + "a" * 35, api_url="http://localhost", pacer=pacer)
    history = HistoryStore(Database("sqlite+aiosqlite:///never-opened.sqlite3"))
    client = ElumentaClient("nb_nobody", base_url="http://localhost")
    chats = ChatService(client, history, turns, model="m", system_prompt="", history_chars=1)
    answers = Answers(bot, chats, LiveReplies(bot, pacer, streaming=Streaming.OFF), translator)
    return create_dispatcher(
        me=User(id=1, is_bot=True, first_name="Elumenta"),
        answers=answers,
        chats=chats,
        turns=turns,
        access=AccessService(open_to_all=True, admin_ids=set(), allowed_ids=set()),
        translator=translator,
        pacer=pacer,
        in_flight=InFlight(),
    )


def handlers(router: Router) -> Iterator[HandlerObject]:
    for kind, observer in router.observers.items():
        if kind != "update":
            yield from observer.handlers
    for child in router.sub_routers:
        yield from handlers(child)


def test_every_handler_asks_only_for_what_there_is(dispatcher: Dispatcher) -> None:
    there = dispatcher.workflow_data.keys() | FROM_AIOGRAM | FROM_MIDDLEWARES

    found = list(handlers(dispatcher))

    assert len(found) > 10
    for handler in found:
        asked = list(inspect.signature(handler.callback).parameters)[1:]
        assert set(asked) <= there, handler.callback


def test_no_filter_and_no_handler_runs_in_a_thread(dispatcher: Dispatcher) -> None:
    for handler in handlers(dispatcher):
        assert handler.awaitable
        assert all(one.awaitable for one in handler.filters or []), handler.callback
