"""Who may decide for a chat."""

import asyncio

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import Chat
from async_lru import alru_cache

from bot.errors import NotAllowedHere
from bot.model import Question
from bot.services.access import AccessService
from bot.settings import GroupControl
from bot.telegram.session import describe

KEPT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 5.0
"""Telegram ends the wait of those who press after ten or more."""
MOST_GROUPS = 1000

log = structlog.get_logger(__name__)


class Rights:
    """Asks Telegram for the admins of a group once a minute, for all who want to know."""

    def __init__(self, bot: Bot, access: AccessService, *, control: GroupControl) -> None:
        self._bot = bot
        self._access = access
        self.control = control
        self._admins_of = alru_cache(maxsize=MOST_GROUPS, ttl=KEPT_SECONDS)(self._ask)

    async def require(self, *, chat: Chat, person_id: int | None) -> None:
        """Raise NotAllowedHere unless they may decide; in private that takes no wait."""
        if not await self.may_decide(chat=chat, person_id=person_id):
            raise NotAllowedHere

    async def may_decide(self, *, chat: Chat, person_id: int | None) -> bool:
        """Say whether somebody may change what holds for a whole chat.

        Admins of a group who hide their names write as the group itself.
        """
        if chat.type == "private" or self.control is GroupControl.EVERYBODY:
            return True
        if person_id is None:
            return False
        if self._access.is_admin(person_id) or person_id == chat.id:
            return True
        return await self.is_group_admin(chat_id=chat.id, person_id=person_id)

    async def is_group_admin(self, *, chat_id: int, person_id: int) -> bool:
        """Say whether somebody is an admin of a group, as of the last minute.

        Where Telegram does not tell, nobody is, and who asks next has it asked again.
        """
        try:
            return person_id in await self._admins_of(chat_id)
        except (AiogramError, TimeoutError) as error:
            log.warning("admins.not_found", failure=describe(error))
            return False

    async def acting_for(self, question: Question, *, person_id: int) -> int | None:
        """Say under whose id a press of a button of this question counts.

        Admins of a group act for everybody in it, others for themselves.
        """
        chat_id, asker_id = question.key.chat_id, question.person_id
        if chat_id < 0 and person_id != asker_id:
            is_admin = await self.is_group_admin(chat_id=chat_id, person_id=person_id)
            return asker_id if is_admin else person_id
        return person_id

    async def _ask(self, chat_id: int) -> frozenset[int]:
        async with asyncio.timeout(LONGEST_WAIT_SECONDS):
            admins = await self._bot.get_chat_administrators(chat_id)
        return frozenset(admin.user.id for admin in admins)
