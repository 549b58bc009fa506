"""An answer that appears while it is written."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Protocol

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
)
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import Localizer
from bot.model import ConversationKey, Turn
from bot.settings import Streaming
from bot.telegram.answer_messages import AnswerMessages
from bot.telegram.keyboards import stop_button
from bot.telegram.pacer import Pacer, pace_of
from bot.telegram.render import FormattedText, render_parts
from bot.telegram.session import describe

GATHER_SECONDS = 0.3
"""From the first piece to the first sight of it: one word is not worth a message."""
TYPING_AFTER_SECONDS = 0.7
TYPING_EVERY_SECONDS = 5.0
PLACEHOLDER_AFTER_SECONDS = 3.0
"""When nothing comes for so long, a stop button is offered."""
DRAFT_SECONDS = 20.0
"""After so long a draft is shown again: Telegram hides it after thirty."""
PLACEHOLDER = FormattedText(text="…", entities=())

log = structlog.get_logger(__name__)


class Painter(Protocol):
    """Shows how far an answer has come, with one call to Telegram."""

    async def paint(self, parts: Sequence[FormattedText]) -> bool:
        """Bring the chat one step closer to these parts; False when nothing was left to do."""


class EditPainter:
    """Shows it in a real message that is edited, with a stop button under it."""

    def __init__(self, messages: AnswerMessages, keyboard: InlineKeyboardMarkup) -> None:
        self._messages = messages
        self._keyboard = keyboard

    async def paint(self, parts: Sequence[FormattedText]) -> bool:
        return await self._messages.step(parts, keyboard=self._keyboard, is_live=True)


class DraftPainter:
    """Shows it in a native draft with Telegram's own stop button; full parts are sent."""

    def __init__(self, bot: Bot, turn: Turn, messages: AnswerMessages) -> None:
        self._bot = bot
        self._turn = turn
        self._messages = messages
        self._drafted: FormattedText | None = None
        self._fades_at = 0.0

    async def paint(self, parts: Sequence[FormattedText]) -> bool:
        if await self._messages.step(parts[:-1], is_live=True):
            return True
        if parts[-1] == self._drafted and monotonic() < self._fades_at:
            return False
        await self._bot.send_message_draft(
            chat_id=self._turn.question.key.chat_id,
            message_thread_id=self._turn.question.key.thread_id,
            draft_id=self._turn.id,
            text=parts[-1].text,
            entities=list(parts[-1].entities),
            can_stop=True,
            keep_on_stop=True,
        )
        self._drafted = parts[-1]
        self._fades_at = monotonic() + DRAFT_SECONDS
        return True


class LiveReplies:
    """Makes a live reply for each answer, in the way that the chat wants and Telegram allows."""

    def __init__(self, bot: Bot, pacer: Pacer) -> None:
        self._bot = bot
        self._pacer = pacer
        self._without_drafts: set[int] = set()

    @asynccontextmanager
    async def follow(
        self, turn: Turn, messages: AnswerMessages, t: Localizer, *, streaming: Streaming
    ) -> AsyncIterator["LiveReply"]:
        """Show what is written to the live reply, until the block is left."""
        edits = EditPainter(messages, stop_button(turn.id, t))
        painters = self._painters(turn, messages, edits, streaming)
        live = LiveReply(self._bot, turn.question.key, self._pacer, painters, edits=edits)
        painting = asyncio.create_task(live.run())  # noqa: TID251 - awaited below
        try:
            yield live
        finally:
            live.close()
            await painting
        if live.was_refused:
            self._without_drafts.add(turn.question.key.chat_id)

    def _painters(
        self, turn: Turn, messages: AnswerMessages, edits: EditPainter, streaming: Streaming
    ) -> list[Painter]:
        """Painters by preference: the next is taken when Telegram refuses one."""
        if streaming is Streaming.OFF:
            return []
        chat_id = turn.question.key.chat_id
        if streaming is Streaming.EDIT or chat_id < 0 or chat_id in self._without_drafts:
            return [edits]
        return [DraftPainter(self._bot, turn, messages), edits]


class UnseenReply:
    """An answer that is not shown before it is whole."""

    def write(self, piece: str) -> None:
        """Hear the next piece of the answer."""

    async def wait(self, notice: str) -> None:
        """Hear why no words come yet."""


class LiveReply:
    """One answer on its way to one chat."""

    def __init__(
        self,
        bot: Bot,
        key: ConversationKey,
        pacer: Pacer,
        painters: list[Painter],
        *,
        edits: Painter,
    ) -> None:
        self.was_refused = False
        self._bot = bot
        self._key = key
        self._pacer = pacer
        self._painters = painters
        self._edits = edits
        self._text = ""
        self._notice: FormattedText | None = None
        self._news = asyncio.Event()
        self._end = asyncio.Event()

    def write(self, piece: str) -> None:
        """Add the next piece of the answer; it is shown when the chat's pace allows."""
        self._text += piece
        if self._painters:
            self._news.set()

    async def wait(self, notice: str) -> None:
        """Have it said soon why no words come yet, in a real message with a stop button."""
        self._notice = FormattedText(text=notice, entities=())

    def close(self) -> None:
        """End the live part; whoever closes shows the final text."""
        self._end.set()
        self._news.set()

    async def run(self) -> None:
        """Show that the bot is at work, then the words as they come, until closed.

        Nothing is raised: the answer goes on whatever becomes of the view of it.
        """
        try:
            await self._run()
        except Exception:
            log.exception("live.failed")

    async def _run(self) -> None:
        await self._wait_for_words()
        await self._pause(GATHER_SECONDS)
        while self._painters and not self._end.is_set():
            self._news.clear()
            parts = await asyncio.to_thread(render_parts, self._text)
            is_behind = await self._paint(parts or [PLACEHOLDER])
            interval = pace_of(self._key.chat_id).interval_seconds
            await self._pause(max(interval, self._pacer.delay(self._key.chat_id, keep=1)))
            if not is_behind:
                await self._hears_within(DRAFT_SECONDS)

    async def _wait_for_words(self) -> None:
        if await self._hears_within(TYPING_AFTER_SECONDS):
            return
        await self._show_typing()
        if await self._hears_within(PLACEHOLDER_AFTER_SECONDS - TYPING_AFTER_SECONDS):
            return
        await self._show_patience()
        while not await self._hears_within(TYPING_EVERY_SECONDS):
            await self._show_patience()

    async def _show_patience(self) -> None:
        """Show that the bot is still at work, or what it waits for."""
        if self._notice is not None:
            with suppress(AiogramError):  # it comes again
                await self._edits.paint([self._notice])
            return
        await self._show_typing()
        if self._painters:
            await self._paint([PLACEHOLDER])

    async def _paint(self, parts: Sequence[FormattedText]) -> bool:
        """Show the parts with the preferred painter; True when there is more to do."""
        try:
            return await self._painters[0].paint(parts)
        except TelegramForbiddenError:
            self._painters.clear()
        except (TelegramBadRequest, TelegramNotFound):
            if len(self._painters) > 1:
                self._painters.pop(0)
                self.was_refused = True
        except AiogramError as error:
            log.debug("frame.dropped", failure=describe(error))
        return True

    async def _show_typing(self) -> None:
        if self._pacer.delay(self._key.chat_id, keep=1) > 0:
            return
        with suppress(AiogramError):  # nobody misses it, and it comes again
            await self._bot.send_chat_action(
                self._key.chat_id, "typing", message_thread_id=self._key.thread_id
            )

    async def _hears_within(self, seconds: float) -> bool:
        return await _happens_within(self._news, seconds)

    async def _pause(self, seconds: float) -> None:
        await _happens_within(self._end, seconds)


async def _happens_within(event: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()
