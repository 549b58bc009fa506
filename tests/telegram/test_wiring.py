import inspect
from collections.abc import Iterator

from aiogram import Router
from aiogram.dispatcher.event.handler import HandlerObject

from bot.telegram.handlers import chat, controls, errors, groups, others, start

WORKFLOW = {"me", "answers", "chats", "turns", "translator"}
"""What create_dispatcher passes on."""
FROM_AIOGRAM = {"bot", "t", "command", "callback_data", "event_from_user", "event_chat"}

MODULES = (chat, controls, errors, groups, others, start)


def handlers(router: Router) -> Iterator[HandlerObject]:
    for observer in router.observers.values():
        yield from observer.handlers


def test_every_handler_asks_only_for_what_there_is() -> None:
    for module in MODULES:
        for handler in handlers(module.create_router()):
            asked = list(inspect.signature(handler.callback).parameters)[1:]
            assert set(asked) <= WORKFLOW | FROM_AIOGRAM, handler.callback


def test_no_filter_and_no_handler_runs_in_a_thread() -> None:
    for module in MODULES:
        for handler in handlers(module.create_router()):
            assert handler.awaitable
            assert all(one.awaitable for one in handler.filters or []), handler.callback


def test_routers_can_be_made_more_than_once() -> None:
    for module in MODULES:
        assert module.create_router() is not module.create_router()
