"""What a group hears when the bot has come to it."""

from contextlib import suppress

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import ChatMemberAdministrator, ChatMemberUpdated

from bot.i18n import Localizer
from bot.settings import GroupControl
from bot.storage.notices import NoticeStore
from bot.telegram.session import describe

INTRODUCED = "introduced"
"""A kind of notice: a group that knows what the bot answers to."""

log = structlog.get_logger(__name__)


async def introduce_to_group(
    event: ChatMemberUpdated,
    bot: Bot,
    t: Localizer,
    notices: NoticeStore,
    *,
    control: GroupControl,
) -> None:
    """Say once what the bot answers to, and what to do where Telegram hides messages from it."""
    if not await notices.take(INTRODUCED, str(event.chat.id)):
        return
    name = (await bot.me()).username or ""
    text = t("group-introduction", username=name, control=control.value)
    is_admin = isinstance(event.new_chat_member, ChatMemberAdministrator)
    if not is_admin and not await _reads_all(bot):
        text = f"{text}\n\n{t('group-privacy')}"
    try:
        await bot.send_message(event.chat.id, text)
    except AiogramError as error:
        log.info("group.not_greeted", failure=describe(error))


async def _reads_all(bot: Bot) -> bool:
    """Ask anew: whoever has just switched privacy mode off brings the bot back."""
    me = await bot.me()
    with suppress(AiogramError):
        me = await bot.get_me()
    return bool(me.can_read_all_group_messages)
