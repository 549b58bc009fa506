"""What happens to a chat as a whole."""

import asyncio

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import AiogramError
from aiogram.types import ChatMemberUpdated, Message

from bot.i18n import Localizer
from bot.services.access import AccessService
from bot.services.chat import ChatService
from bot.services.media import MediaService
from bot.services.preferences import PreferenceService
from bot.services.spending import SpendingService
from bot.storage.notices import NoticeStore
from bot.telegram.filters import admission, departure, entry, migration
from bot.telegram.group_introduction import INTRODUCED, introduce_to_group
from bot.telegram.rights import Rights
from bot.telegram.session import describe
from bot.telegram.strangers import TURNED_AWAY

log = structlog.get_logger(__name__)


def create_router() -> Router:
    """Follow a group that becomes a supergroup, and notice who lets the bot in or out."""
    router = Router(name=__name__)
    router.message.register(migrate, migration)
    router.my_chat_member.register(come_back, admission)
    router.my_chat_member.register(go, departure)
    return router


async def migrate(
    message: Message,
    *,
    chats: ChatService,
    media: MediaService,
    access: AccessService,
    spending: SpendingService,
    preferences: PreferenceService,
    notices: NoticeStore,
) -> None:
    """Carry everything that belongs to a group over to the new chat id."""
    old, new = message.chat.id, message.migrate_to_chat_id
    if new is None:
        return
    async with asyncio.TaskGroup() as tasks:
        for mover in (access, media, spending, preferences):
            tasks.create_task(mover.move(old, new))
        # Its people know the bot.
        tasks.create_task(notices.take(INTRODUCED, str(new)))
        # The memory begins before these: it has to take its place in line before any wait.
        await chats.move(old, new)


async def come_back(
    event: ChatMemberUpdated,
    *,
    bot: Bot,
    t: Localizer,
    media: MediaService,
    access: AccessService,
    rights: Rights,
    notices: NoticeStore,
) -> None:
    """Bring what was made while the chat did not want the bot, unless the owner denied it."""
    if not access.is_denied(event.chat.id):
        await media.revive(event.chat.id)
        if await entry(event) and access.allows(
            person_id=event.from_user.id, chat_id=event.chat.id
        ):
            await introduce_to_group(event, bot, t, notices, control=rights.control)
    elif event.chat.type != "private":
        await leave(bot, event.chat.id)


async def go(event: ChatMemberUpdated, notices: NoticeStore) -> None:
    """Be ready to introduce the bot again where it is brought back."""
    for kind in (TURNED_AWAY, INTRODUCED):
        await notices.forget(kind, str(event.chat.id))


async def leave(bot: Bot, chat_id: int) -> None:
    """Leave a group; where that fails the bot keeps silent."""
    try:
        await bot.leave_chat(chat_id)
    except AiogramError as error:
        log.warning("group.not_left", failure=describe(error))
