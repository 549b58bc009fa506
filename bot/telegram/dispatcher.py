"""How updates find their handlers."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import fields

from aiogram import Bot, Dispatcher, Router
from aiogram.types import User

from bot.i18n import Translator
from bot.model import MediaJob
from bot.services.access import AccessService
from bot.services.chat import ChatService
from bot.services.choosing import Choosing
from bot.services.erasing import ErasingService
from bot.services.media import MediaService
from bot.services.owning import Owning
from bot.services.turns import TurnQueue
from bot.settings import Settings
from bot.telegram.answers import Answers
from bot.telegram.chat_languages import ChatLanguages
from bot.telegram.filters import from_admin, from_person
from bot.telegram.handlers import access as access_handlers
from bot.telegram.handlers import (
    asides,
    chat,
    controls,
    edits,
    errors,
    groups,
    jobs,
    media,
    models,
    others,
    personal,
    repeats,
    start,
    topics,
)
from bot.telegram.handlers import settings as settings_handlers
from bot.telegram.handlers import spending as spending_handlers
from bot.telegram.middlewares.access import Access, Acquaintance
from bot.telegram.middlewares.language import Language
from bot.telegram.pacer import Pacer
from bot.telegram.pastes import Pastes
from bot.telegram.rights import Rights
from bot.telegram.settings_menu import SettingsMenu
from bot.telegram.strangers import Strangers
from bot.telegram.topics import Topics


def create_dispatcher(
    bot: Bot,
    settings: Settings,
    *,
    me: User,
    answers: Answers,
    chats: ChatService,
    turns: TurnQueue,
    media: MediaService,
    send_file: Callable[[MediaJob], Awaitable[bool]],
    owning: Owning,
    choosing: Choosing,
    erasing: ErasingService,
    translator: Translator,
    pacer: Pacer,
) -> Dispatcher:
    """Wire handlers and middlewares; the keywords are what handlers may ask for by name."""
    languages = ChatLanguages(translator, choosing.preferences)
    dispatcher = Dispatcher(
        disable_fsm=True,
        me=me,
        answers=answers,
        chats=chats,
        turns=turns,
        media=media,
        send_file=send_file,
        erasing=erasing,
        rights=Rights(bot, owning.access, control=settings.group_control),
        menu=SettingsMenu(choosing.preferences, choosing.directory, languages, translator),
        pastes=Pastes(),
        topics=Topics(bot, owning.notices),
        languages=languages,
        translator=translator,
        pacer=pacer,
    )
    dispatcher.workflow_data.update(_by_name(owning), **_by_name(choosing))
    dispatcher.update.outer_middleware(Language(languages))
    dispatcher.include_routers(*_routers(settings, owning, translator))
    return dispatcher


def _by_name(together: Owning | Choosing) -> dict[str, object]:
    return {field.name: getattr(together, field.name) for field in fields(together)}


def _routers(settings: Settings, owning: Owning, translator: Translator) -> Iterator[Router]:
    strangers = Strangers(owning.access, owning.notices, owning.day, translator)
    yield groups.create_router()
    yield topics.create_router()
    yield asides.create_router(guest_mode=settings.guest_mode, inline_mode=settings.inline_mode)
    yield _for_people(owning.access, strangers)
    yield errors.create_router()


def _for_people(access: AccessService, strangers: Strangers) -> Router:
    """Everything that people, and only people, can make the bot do."""
    router = Router(name=__name__)
    router.message.filter(from_person)
    router.edited_message.filter(from_person)
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
    for observer in (router.message, router.edited_message, router.callback_query):
        observer.middleware(Access(access, strangers))
    router.include_routers(
        start.create_router(),
        spending_handlers.create_router(),
        settings_handlers.create_router(),
        models.create_router(),
        personal.create_router(),
        controls.create_router(),
        repeats.create_router(),
        edits.create_router(),
        jobs.create_router(),
        media.create_router(),
        chat.create_router(),
        others.create_router(),
    )
    return router
