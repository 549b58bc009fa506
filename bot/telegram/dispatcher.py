"""How updates find their handlers."""

from collections.abc import Awaitable, Callable

from aiogram import Dispatcher, Router
from aiogram.types import User

from bot.i18n import Translator
from bot.model import MediaJob
from bot.services.access import AccessService
from bot.services.chat import ChatService
from bot.services.media import MediaService
from bot.services.owning import Owning
from bot.services.turns import TurnQueue
from bot.telegram.answers import Answers
from bot.telegram.filters import from_admin, from_person
from bot.telegram.handlers import access as access_handlers
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
from bot.telegram.handlers import spending as spending_handlers
from bot.telegram.middlewares.access import Access, Acquaintance
from bot.telegram.middlewares.language import Language
from bot.telegram.pacer import Pacer
from bot.telegram.strangers import Strangers


def create_dispatcher(
    *,
    me: User,
    answers: Answers,
    chats: ChatService,
    turns: TurnQueue,
    media: MediaService,
    send_file: Callable[[MediaJob], Awaitable[bool]],
    owning: Owning,
    translator: Translator,
    pacer: Pacer,
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
        access=owning.access,
        spending=owning.spending,
        balance=owning.balance,
        gate=owning.gate,
        day=owning.day,
        notices=owning.notices,
        translator=translator,
        pacer=pacer,
    )
    dispatcher.update.outer_middleware(Language(translator))
    strangers = Strangers(owning.access, owning.notices, owning.day, translator)
    people = _for_people(owning.access, strangers)
    dispatcher.include_routers(groups.create_router(), people, errors.create_router())
    return dispatcher


def _for_people(access: AccessService, strangers: Strangers) -> Router:
    """Everything that people, and only people, can make the bot do."""
    router = Router(name=__name__)
    router.message.filter(from_person)
    router.message.middleware(Acquaintance(access))
    router.callback_query.middleware(Acquaintance(access))
    router.include_routers(
        access_handlers.create_claim_router(),
        _for_admins(),
        _for_allowed(access, strangers),
    )
    return router


def _for_admins() -> Router:
    """What others cannot tell from a command that there is not."""
    router = Router(name=f"{__name__}.admins")
    router.message.filter(from_admin)
    router.callback_query.filter(from_admin)
    router.include_routers(
        access_handlers.create_admin_router(), spending_handlers.create_admin_router()
    )
    return router


def _for_allowed(access: AccessService, strangers: Strangers) -> Router:
    """Everything that needs the owner's leave."""
    router = Router(name=f"{__name__}.allowed")
    router.message.middleware(Access(access, strangers))
    router.callback_query.middleware(Access(access, strangers))
    router.include_routers(
        start.create_router(),
        spending_handlers.create_router(),
        controls.create_router(),
        jobs.create_router(),
        media.create_router(),
        chat.create_router(),
        others.create_router(),
    )
    return router
