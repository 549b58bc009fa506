"""Shows in the chats where somebody waits for a picture or a video that it is being made."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import AiogramError

from bot.clock import utc_now
from bot.model import ConversationKey, MediaKind
from bot.services.media import MediaService
from bot.telegram.pacer import Pacer

LOOK_SECONDS = 1.0
"""Until it is looked again who waits, which is one short statement."""

SHOWN_SECONDS = 5
"""How long Telegram shows an action."""

LONGEST = timedelta(minutes=10)
"""Who waits longer does not look at the chat all the time."""

ACTIONS = {MediaKind.IMAGE: ChatAction.UPLOAD_PHOTO, MediaKind.VIDEO: ChatAction.RECORD_VIDEO}


async def show_actions(bot: Bot, pacer: Pacer, media: MediaService) -> None:
    """Keep the actions of all chats alive, for as long as the program runs."""
    actions = ChatActions(bot, pacer, media)
    while True:
        seconds = await actions.step()
        await asyncio.sleep(seconds)


class ChatActions:
    """Keeps one action alive in each chat, and in each topic, while a job runs there."""

    def __init__(
        self,
        bot: Bot,
        pacer: Pacer,
        media: MediaService,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._bot = bot
        self._pacer = pacer
        self._media = media
        self._now = now
        self._clock = clock
        self._fades_at: dict[ConversationKey, float] = {}

    async def step(self) -> float:
        """Show the actions that fade, where the chat has calls to spare.

        Returns the seconds until there may be more to do.
        """
        wanted = await self._wanted()
        now = self._clock()
        rest = LOOK_SECONDS
        self._fades_at = {key: at for key, at in self._fades_at.items() if at > now}
        async with asyncio.TaskGroup() as tasks:
            for key in wanted.keys() - self._fades_at.keys():
                if delay := self._pacer.delay(key.chat_id, keep=1):
                    rest = min(rest, delay)
                else:
                    self._fades_at[key] = now + SHOWN_SECONDS
                    tasks.create_task(self._show(key, wanted[key]))
        return rest

    async def _wanted(self) -> dict[ConversationKey, ChatAction]:
        waiting = (
            job
            for job in await self._media.running()
            if self._now() - (job.waiting_since or job.created_at) <= LONGEST
        )
        return {job.question.key: ACTIONS[job.kind] for job in waiting}

    async def _show(self, key: ConversationKey, action: ChatAction) -> None:
        with suppress(AiogramError):  # nobody misses it, and it comes again
            await self._bot.send_chat_action(
                key.chat_id,
                action,
                message_thread_id=key.thread_id,
                request_timeout=SHOWN_SECONDS,
            )
