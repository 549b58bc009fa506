"""A question on its way to an answer: asked, shown while it is written, delivered whole."""

import asyncio
from collections.abc import Iterable
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import Localizer, Translator
from bot.model import Question, Turn, TurnState
from bot.services.chat import Answer, ChatService
from bot.services.turns import Ticket
from bot.telegram.courier import AnswerMessages
from bot.telegram.keyboards import retry_button
from bot.telegram.live import LiveReplies
from bot.telegram.render import FormattedText, render_parts
from bot.telegram.session import describe

RETRIABLE = frozenset({TurnState.FAILED, TurnState.BROKEN, TurnState.INTERRUPTED})
"""Ends after which the question may be asked again."""

log = structlog.get_logger(__name__)


class Answers:
    """Brings answers to where they belong."""

    def __init__(
        self, bot: Bot, chats: ChatService, live: LiveReplies, translator: Translator
    ) -> None:
        self._bot = bot
        self._chats = chats
        self._live = live
        self._translator = translator

    async def give(self, question: Question) -> None:
        """Answer a question in its turn; one that was stored before is left alone.

        Order is that of the calls: nothing may be awaited between the update and this.
        """
        with self._chats.join(question) as ticket:
            turn = await self._chats.open(question)
            if turn is not None:
                await self._carry_out(turn, ticket)

    async def give_again(self, turn: Turn) -> None:
        """Answer a stored question that was opened again."""
        with self._chats.join(turn.question) as ticket:
            await self._carry_out(turn, ticket)

    async def catch_up(self, turns: Iterable[Turn]) -> None:
        """Show people how their turns ended, where an earlier run of the program could not."""
        async with asyncio.TaskGroup() as tasks:
            for turn in turns:
                tasks.create_task(self._catch_up(turn))

    async def _catch_up(self, turn: Turn) -> None:
        messages = self._messages(turn, is_late=True)
        try:
            if not turn.answer:
                await messages.keep()
            await self._deliver(turn, Answer(state=turn.state, text=turn.answer), messages)
        except AiogramError as error:
            log.warning("answer.still_undelivered", turn=turn.id, failure=describe(error))

    async def _carry_out(self, turn: Turn, ticket: Ticket) -> None:
        ticket.turn_id = turn.id
        is_late = not ticket.is_running
        await ticket.come_up()
        messages = self._messages(turn, is_late=is_late)
        t = self._translator.for_locale(turn.question.language)

        async with self._live.follow(turn, messages, t) as live:
            answer = await self._chats.reply(turn, ticket, live.write)
        if answer is not None:
            await self._deliver(turn, answer, messages)

    async def _deliver(self, turn: Turn, answer: Answer, messages: AnswerMessages) -> None:
        t = self._translator.for_locale(turn.question.language)
        parts = await asyncio.to_thread(render_parts, answer.text)
        keyboard: InlineKeyboardMarkup | None = None
        if notice := _notice(answer, t):
            parts.append(FormattedText(text=notice, entities=()))
        if answer.state in RETRIABLE:
            keyboard = retry_button(turn.id, t)

        try:
            await messages.show(parts, keyboard=keyboard)
        except (TelegramForbiddenError, TelegramBadRequest) as error:
            log.warning("answer.undeliverable", turn=turn.id, failure=describe(error))
        await self._chats.deliver(turn)

    def _messages(self, turn: Turn, *, is_late: bool) -> AnswerMessages:
        """Prepare the messages; in private only a late answer needs to say to what it is one."""
        return AnswerMessages(
            self._bot,
            turn.question,
            partial(self._chats.show, turn),
            is_reply=is_late or turn.question.key.chat_id < 0,
            message_ids=turn.message_ids,
        )


def _notice(answer: Answer, t: Localizer) -> str | None:
    """Say in one sentence why the answer is not whole; nothing when it is."""
    if answer.error is not None:
        return t(answer.error.key, **answer.error.arguments)
    match answer.state:
        case TurnState.FAILED | TurnState.INTERRUPTED:
            return t("answer-interrupted")
        case TurnState.BROKEN:
            return t("error-answer-broken")
        case _:
            return None
