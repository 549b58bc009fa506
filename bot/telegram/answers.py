"""A question on its way to an answer: asked, shown while it is written, delivered whole."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import Localizer, Translator
from bot.metrics import Metrics
from bot.model import RETRIABLE, Question, Turn, TurnState
from bot.services.answer import Answer
from bot.services.chat import ChatService
from bot.services.turns import StopReason, Ticket
from bot.telegram.answer_messages import AnswerMessages
from bot.telegram.answer_times import AnswerTimes
from bot.telegram.keyboards import retry_button
from bot.telegram.live import LiveReplies
from bot.telegram.render import FormattedText, render_parts
from bot.telegram.session import describe

SHOW_AGAIN_SECONDS = 10.0
"""Until an answer is shown again that Telegram did not take."""

log = structlog.get_logger(__name__)


class Answers:
    """Brings answers to where they belong."""

    def __init__(
        self,
        bot: Bot,
        chats: ChatService,
        live: LiveReplies,
        translator: Translator,
        metrics: Metrics,
    ) -> None:
        self._bot = bot
        self._chats = chats
        self._live = live
        self._translator = translator
        self._metrics = metrics

    async def give(self, question: Question) -> None:
        """Answer a question in its turn; one that was stored before is left alone.

        Order is that of the calls: nothing may be awaited between the update and this.
        """
        with self._chats.join(question) as ticket:
            async with ticket.entry:
                turn = await self._chats.open(question)
            if turn is not None:
                await self.carry_out(turn, ticket)

    async def resume(self, turn: Turn) -> None:
        """Go on with a turn that its program could not end.

        What was not asked yet is asked; of anything else people see how it ended.
        """
        with self._chats.rejoin(turn) as ticket:
            if turn.state is TurnState.WAITING:
                await self.carry_out(turn, ticket, is_late=True)
            else:
                await ticket.wait_for_turn()
                await self._catch_up(turn)

    async def carry_out(self, turn: Turn, ticket: Ticket, *, is_late: bool = False) -> None:
        """Answer a stored question when the turn comes of the place taken for it."""
        times = AnswerTimes(self._metrics)
        ticket.turn_id = turn.id
        is_late = is_late or not ticket.is_running
        await ticket.wait_for_turn()
        messages = self._messages(turn, is_late=is_late)
        t = self._translator.for_locale(turn.question.language)

        async with self._live.follow(turn, messages, t) as live:

            def write(piece: str) -> None:
                times.hear()
                live.write(piece)

            async def say_wait(until: str) -> None:
                await live.wait(t("answer-waiting", until=until))

            answer = await self._chats.reply(turn, ticket, write, on_wait=say_wait)
        if answer is not None:
            times.end(answer)
            await self._deliver(turn, answer, messages, ticket)
            times.show()
        elif ticket.stopped is not StopReason.SHUTDOWN:
            # It was taken back, so whoever was told to wait for it need not any more.
            clear = partial(messages.show, (), keyboard=None, is_enough=lambda: False)
            await self._insist(turn, clear)

    async def _catch_up(self, turn: Turn) -> None:
        messages = self._messages(turn, is_late=True)
        if turn.was_asked and not turn.answer:
            await messages.keep()
        await self._deliver(turn, Answer(state=turn.state, text=turn.answer), messages)

    async def _deliver(
        self, turn: Turn, answer: Answer, messages: AnswerMessages, ticket: Ticket | None = None
    ) -> None:
        t = self._translator.for_locale(turn.question.language)
        parts = await asyncio.to_thread(render_parts, answer.text)
        keyboard: InlineKeyboardMarkup | None = None
        if notice := _notice(answer, t, has_words=bool(parts)):
            parts.append(FormattedText(text=notice, entities=()))
        if answer.state in RETRIABLE:
            keyboard = retry_button(turn.id, t)

        def is_enough() -> bool:
            """A stop that came after the stream is meant for the messages still to come."""
            return (
                answer.state is not TurnState.STOPPED
                and ticket is not None
                and ticket.stopped is StopReason.PERSON
            )

        show = partial(messages.show, parts, keyboard=keyboard, is_enough=is_enough)
        await self._insist(turn, show)
        await self._chats.deliver(turn)

    async def _insist(self, turn: Turn, show: Callable[[], Awaitable[None]]) -> None:
        """Show what is paid for, however long Telegram is away; only a refusal is final.

        The end of the program ends this too; whoever takes the chat over goes on with it.
        """
        while True:
            try:
                return await show()
            except (TelegramForbiddenError, TelegramBadRequest) as error:
                log.warning("answer.refused", turn=turn.id, failure=describe(error))
                return None
            except AiogramError as error:
                log.warning("answer.delayed", turn=turn.id, failure=describe(error))
                await asyncio.sleep(SHOW_AGAIN_SECONDS)

    def _messages(self, turn: Turn, *, is_late: bool) -> AnswerMessages:
        """Prepare the messages; in private only a late answer needs to say to what it is one."""
        return AnswerMessages(
            self._bot,
            turn.question,
            partial(self._chats.show, turn),
            is_reply=is_late or turn.question.key.chat_id < 0,
            message_ids=turn.message_ids,
        )


def _notice(answer: Answer, t: Localizer, *, has_words: bool) -> str | None:
    """Say in one sentence what is wrong with the answer; nothing when it is whole."""
    if answer.error is not None:
        return t(answer.error.key, **answer.error.arguments)
    match answer.state:
        case TurnState.FAILED:
            return t("answer-failed")
        case TurnState.INTERRUPTED:
            return t("answer-interrupted")
        case TurnState.BROKEN:
            return t("error-answer-broken")
        case TurnState.ANSWERED if not has_words:
            return t("error-answer-empty")
        case _:
            return None
