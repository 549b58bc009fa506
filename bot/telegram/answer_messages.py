"""The messages that show one answer, kept in step with its text."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
)
from aiogram.methods import EditMessageText, SendMessage, SendRichMessage
from aiogram.types import InlineKeyboardMarkup, InputRichMessage, ReplyParameters

from bot.model import Question
from bot.telegram.formatted import Content, RichContent
from bot.telegram.rich import RichRefused, RichSupport
from bot.telegram.sending import NO_PREVIEW, edit, send_in_topic
from bot.telegram.session import LiveEdit, LiveSend, describe

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a message shows."""

    content: Content
    keyboard: InlineKeyboardMarkup | None


class AnswerMessages:
    """One answer in a chat: its first message may reply to the question, the rest follow it.

    *record* is told of each message once it is sent: `record(part, message_id)`.
    """

    def __init__(
        self,
        bot: Bot,
        question: Question,
        record: Callable[[int, int], Awaitable[None]],
        rich_support: RichSupport,
        *,
        is_reply: bool,
        message_ids: Sequence[int] = (),
    ) -> None:
        self._bot = bot
        self._question = question
        self._record = record
        self._rich_support = rich_support
        self._is_reply = is_reply
        self._ids = list(message_ids)
        self._looks: list[_Look | None] = [None] * len(self._ids)
        self._kept = 0
        self._may_have_sent = False

    async def show(
        self,
        parts: Sequence[Content],
        *,
        keyboard: InlineKeyboardMarkup | None,
        is_enough: Callable[[], bool],
        rich: Sequence[Content] = (),
    ) -> None:
        """Make the chat show exactly these parts, unless somebody has had enough of them.

        Rich ones take their place where Telegram accepts any.
        """
        refusal: str | None = None
        if rich and self._rich_support.is_likely:
            try:
                return await self._show(rich, keyboard, is_enough)
            except RichRefused as error:
                refusal = str(error)

        await self._show(parts, keyboard, is_enough)
        if refusal is not None:  # and nothing else is wrong with this chat
            log.warning("rich_messages.refused", failure=refusal)
            self._rich_support.refuse()
        return None

    async def _show(
        self,
        parts: Sequence[Content],
        keyboard: InlineKeyboardMarkup | None,
        is_enough: Callable[[], bool],
    ) -> None:
        while await self.step(parts, keyboard=keyboard) and not is_enough():
            pass

    async def step(
        self,
        parts: Sequence[Content],
        *,
        keyboard: InlineKeyboardMarkup | None = None,
        is_live: bool = False,
    ) -> bool:
        """Bring the chat closer to these parts with one call; False when it is there.

        The keyboard belongs under the last part. A live step is not repeated when it
        fails, and sends nothing new once a message may have been sent unnoticed.
        """
        last = len(parts) - 1
        for index, part in enumerate(parts):
            look = _Look(content=part, keyboard=keyboard if index == last else None)
            position = index + self._kept
            if position == len(self._ids):
                if is_live and self._may_have_sent:
                    return False
                await self._send(position, look, is_live=is_live)
                return True
            if self._looks[position] != look:
                await self._edit(position, look, is_live=is_live)
                return True

        if len(self._ids) > len(parts) + self._kept:
            await self._delete_last()
            return True
        return False

    async def keep(self) -> None:
        """Leave the messages sent so far as they are, without their buttons; parts follow them."""
        if len(self._ids) > self._kept:
            # It may be gone, or never had a button, and the chat may not want the bot any more.
            with suppress(TelegramBadRequest, TelegramForbiddenError):
                await self._bot.edit_message_reply_markup(
                    chat_id=self._question.key.chat_id, message_id=self._ids[-1]
                )
        self._kept = len(self._ids)

    async def _send(self, position: int, look: _Look, *, is_live: bool) -> None:
        method = self._message(look, is_first=position == self._kept, is_live=is_live)
        try:
            message = await send_in_topic(self._bot, method)
        except (TelegramBadRequest, TelegramNotFound) as error:
            if isinstance(look.content, RichContent):
                raise RichRefused(describe(error)) from error
            raise
        except TelegramRetryAfter:
            raise
        except AiogramError:
            self._may_have_sent = True
            raise

        self._ids[position : position + 1] = [message.message_id]
        self._looks[position : position + 1] = [look]
        await self._record(position, message.message_id)

    def _message(
        self, look: _Look, *, is_first: bool, is_live: bool
    ) -> SendMessage | SendRichMessage:
        key = self._question.key
        reply = self._reply() if is_first else None
        if isinstance(look.content, RichContent):
            return SendRichMessage(
                chat_id=key.chat_id,
                message_thread_id=key.thread_id,
                rich_message=_rich(look.content),
                reply_markup=look.keyboard,
                reply_parameters=reply,
            )
        return (LiveSend if is_live else SendMessage)(
            chat_id=key.chat_id,
            message_thread_id=key.thread_id,
            text=look.content.text,
            entities=list(look.content.entities),
            reply_markup=look.keyboard,
            link_preview_options=NO_PREVIEW,
            reply_parameters=reply,
        )

    async def _edit(self, position: int, look: _Look, *, is_live: bool) -> None:
        method = self._change(self._ids[position], look, is_live=is_live)
        if not await edit(self._bot, method):
            await self._send(position, look, is_live=is_live)
        self._looks[position] = look

    def _change(self, message_id: int, look: _Look, *, is_live: bool) -> EditMessageText:
        chat_id = self._question.key.chat_id
        if isinstance(look.content, RichContent):
            return EditMessageText(
                chat_id=chat_id,
                message_id=message_id,
                rich_message=_rich(look.content),
                reply_markup=look.keyboard,
            )
        return (LiveEdit if is_live else EditMessageText)(
            chat_id=chat_id,
            message_id=message_id,
            text=look.content.text,
            entities=list(look.content.entities),
            reply_markup=look.keyboard,
            link_preview_options=NO_PREVIEW,
        )

    async def _delete_last(self) -> None:
        with suppress(TelegramBadRequest):  # somebody else was faster
            await self._bot.delete_message(self._question.key.chat_id, self._ids[-1])
        self._ids.pop()
        self._looks.pop()

    def _reply(self) -> ReplyParameters | None:
        """Point at the question, unless it stayed behind in another chat."""
        message_id = self._question.message_id
        if not self._is_reply or message_id is None:
            return None
        return ReplyParameters(message_id=message_id)


def _rich(content: RichContent) -> InputRichMessage:
    return InputRichMessage(blocks=list(content.blocks))
