"""How updates find their handlers."""

from collections.abc import Awaitable, Callable

from aiogram import Dispatcher, Router
from aiogram.types import User

from bot.i18n import Translator
from bot.model import MediaJob
from bot.services.access import AccessService
from bot.services.chat import ChatService
from bot.services.media import MediaService
from bot.services.turns import TurnQueue
from bot.telegram.answers import Answers
from bot.telegram.filters import from_person
from bot.telegram.handlers import (
    chat,
    controls,
    errors,
    groups,
    jobs,
    media,
    others,
    start,
)
from bot.telegram.middlewares.access import Access
from bot.telegram.middlewares.in_flight import InFlight
from bot.telegram.middlewares.language import Language
from bot.telegram.pacer import Pacer


def create_dispatcher(
    *,
    me: User,
    answers: Answers,
    chats: ChatService,
    turns: TurnQueue,
    media: MediaService,
    send_file: Callable[[MediaJob], Awaitable[bool]],
    access: AccessService,
    translator: Translator,
    pacer: Pacer,
    in_flight: InFlight,
) -> Dispatcher:
    """Wire handlers and middlewares; the keywords are what handlers may ask for by name."""
    dispatcher = Dispatcher(
        disable_fsm=True,
        me=me,
        answers=answers,
        chats=chats,
        turns=turns,
        media=media,
        send_file=send_file,
        translator=translator,
        pacer=pacer,
    )
    dispatcher.update.outer_middleware(in_flight)
    dispatcher.update.outer_middleware(Language(translator))
    dispatcher.include_routers(groups.create_router(), _for_people(access), errors.create_router())
    return dispatcher


def _for_people(access: AccessService) -> Router:
    """Everything that people, and only people with leave, can make the bot do."""
    router = Router(name=__name__)
    router.message.filter(from_person)
    router.message.middleware(Access(access))
    router.callback_query.middleware(Access(access))
    router.include_routers(
        start.create_router(),
        controls.create_router(),
        jobs.create_router(),
        media.create_router(),
        chat.create_router(),
        others.create_router(),
    )
    return router
