"""What people hear who may not use the bot, and how its owner hears of them."""

import asyncio
from datetime import timedelta

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, Message, User
from aiolimiter import AsyncLimiter

from bot.i18n import Localizer, Translator
from bot.model import Standing
from bot.services.access import AccessService
from bot.services.owner_day import OwnerDay
from bot.storage.notices import NoticeStore
from bot.telegram.access_keyboards import request_buttons
from bot.telegram.addressing import person_of
from bot.telegram.presses import acknowledge
from bot.telegram.sending import NO_PREVIEW
from bot.telegram.session import describe
from bot.telegram.subjects import label, person_name

TURNED_AWAY = "stranger"
REQUESTED = "request"
"""Kinds of what is told once."""

REQUEST_STANDS = timedelta(days=7)
"""Admins who said nothing for so long are asked again."""

REQUESTS_PER_HOUR = 10
"""However many people want to come in; `/access` lists them all."""

log = structlog.get_logger(__name__)


class Strangers:
    """Turns people away, and asks the admins about those who wrote in private."""

    def __init__(
        self,
        access: AccessService,
        notices: NoticeStore,
        day: OwnerDay,
        translator: Translator,
    ) -> None:
        self._access = access
        self._notices = notices
        self._day = day
        self._translator = translator
        self._requests = AsyncLimiter(REQUESTS_PER_HOUR, 3600)

    async def turn_away(self, message: Message, bot: Bot, t: Localizer) -> None:
        """Say what to do, once a day, and in a group once; whoever was denied hears nothing."""
        person_id, chat_id = person_of(message), message.chat.id
        if self._access.is_denied(chat_id) or self._access.is_denied(person_id or 0):
            return
        if chat_id < 0:
            if await self._notices.take(TURNED_AWAY, str(chat_id)):
                await message.reply(t("error-access-denied", id=str(chat_id)))
            return

        today = self._day.began_at()
        if not await self._notices.take(TURNED_AWAY, str(chat_id), unless_since=today):
            return
        if message.from_user is not None and await self._request(message.from_user, bot, t):
            await message.reply(t("access-requested", id=str(chat_id)))
        else:
            await message.reply(t("error-access-denied", id=str(chat_id)))

    async def turn_away_press(self, query: CallbackQuery, t: Localizer) -> None:
        """Say that a button is for others; apps wait for an answer, whoever presses."""
        person_id = query.from_user.id
        chat_id = query.message.chat.id if query.message is not None else person_id
        text = t("error-access-denied", id=str(min(chat_id, person_id)))
        if self._access.is_denied(chat_id) or self._access.is_denied(person_id):
            text = t("button-not-yours")
        await acknowledge(query, text, show_alert=True)

    async def _request(self, person: User, bot: Bot, t: Localizer) -> bool:
        """Have the admins decide about somebody; says whether one of them has been asked."""
        about, week_ago = str(person.id), self._day.began_at() - REQUEST_STANDS
        await self._access.ask(person.id, name=person_name(person))
        if not await self._notices.take(REQUESTED, about, unless_since=week_ago):
            return self._access.standing_of(person.id) is Standing.ASKED

        is_asked = self._requests.has_capacity()
        if is_asked:
            await self._requests.acquire()
            admins = self._access.admins
            asking = (self._ask_admin(one, person, bot, t.language) for one in admins)
            is_asked = any(await asyncio.gather(*asking))
        if not is_asked:
            log.warning("request.held_back")
            await self._notices.forget(REQUESTED, about)
        return is_asked

    async def _ask_admin(self, admin_id: int, person: User, bot: Bot, language: str) -> bool:
        t = self._translator.for_locale(self._access.language_of(admin_id))
        try:
            await bot.send_message(
                admin_id,
                t("access-request", who=label(person.id, person_name(person))),
                link_preview_options=NO_PREVIEW,
                reply_markup=request_buttons(person.id, language, t),
            )
        except AiogramError as error:
            log.warning("request.not_sent", failure=describe(error))
            return False
        return True
