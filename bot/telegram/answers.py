"""A question on its way to an answer: asked, shown while it is written, delivered whole."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import InlineKeyboardMarkup

from bot.i18n import Localizer, Translator
from bot.metrics import Metrics
from bot.model import REPEATABLE, RETRIABLE, Preferences, Question, Turn, TurnState
from bot.services.answer import Answer
from bot.services.chat import ChatService
from bot.services.preferences import PreferenceService
from bot.services.turns import StopReason, Ticket
from bot.settings import Streaming
from bot.telegram.answer_messages import AnswerMessages
from bot.telegram.answer_texts import footer_of, notice_of
from bot.telegram.answer_times import AnswerTimes
from bot.telegram.footer import with_footer
from bot.telegram.formatted import Content, FormattedText
from bot.telegram.inline_message import InlineMessage
from bot.telegram.keyboards import answer_buttons, retry_button
from bot.telegram.live import LiveReplies, LiveReply, UnseenReply
from bot.telegram.pacer import Pacer
from bot.telegram.render import render_parts
from bot.telegram.rich import RichSupport, rich_parts
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
        preferences: PreferenceService,
        *,
        pacer: Pacer,
        translator: Translator,
        metrics: Metrics,
    ) -> None:
        self._bot = bot
        self._chats = chats
        self._live = live
        self._preferences = preferences
        self._rich_support = RichSupport()
        self._pacer = pacer
        self._translator = translator
        self._metrics = metrics

    async def give(
        self,
        question: Question,
        *,
        rest: Callable[[Question], Awaitable[Question]] | None = None,
    ) -> None:
        """Answer a question in its turn; one that was stored before is left alone.

        Order is that of the calls: nothing may be awaited between the update and this. What the
        question lacks as yet, *rest* adds to it when it is the first in line to be stored.
        """
        with self._chats.join(question) as ticket:
            async with ticket.entry:
                if rest is not None:
                    question = await rest(question)
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
                ticket.turn_id = turn.id
                await ticket.wait_for_turn()
                await self._catch_up(turn, ticket)

    async def carry_out(self, turn: Turn, ticket: Ticket, *, is_late: bool = False) -> None:
        """Answer a stored question when the turn comes of the place taken for it."""
        times = AnswerTimes(self._metrics)
        ticket.turn_id = turn.id
        is_late = is_late or not ticket.is_running or turn.replaces_id is not None
        await ticket.wait_for_turn()
        # Nothing is spent yet; later it is too late to fail over a wish.
        wishes = await self._preferences.effective(turn.question.key.chat_id)
        messages = self._messages(turn, is_late=is_late)
        t = self._translator.for_locale(turn.question.language)
        await self._clear_previous(turn)

        async with self._view(turn, messages, wishes, t) as live:

            def write(piece: str) -> None:
                times.hear()
                live.write(piece)

            async def say_wait(until: str) -> None:
                await live.wait(t("answer-waiting", until=until))

            answer = await self._chats.reply(turn, ticket, write, on_wait=say_wait)
        if answer is not None:
            times.end(answer)
            await self._deliver(turn, answer, wishes, messages, ticket)
            times.show()
        elif ticket.stopped is not StopReason.SHUTDOWN:
            # It was taken back, so whoever was told to wait for it need not any more.
            clear = partial(messages.show, (), keyboard=None, is_enough=lambda: False)
            await self._insist(turn, clear)

    def _view(
        self,
        turn: Turn,
        messages: AnswerMessages | InlineMessage,
        wishes: Preferences,
        t: Localizer,
    ) -> AbstractAsyncContextManager[LiveReply | UnseenReply]:
        if isinstance(messages, InlineMessage):
            return nullcontext(UnseenReply())
        streaming = Streaming(wishes.streaming or Streaming.EDIT)
        return self._live.follow(turn, messages, t, streaming=streaming)

    async def _catch_up(self, turn: Turn, ticket: Ticket) -> None:
        messages = self._messages(turn, is_late=True)
        if turn.was_asked and not turn.own_answer:
            await messages.keep()
        wishes = await self._preferences.effective(turn.question.key.chat_id)
        answer = Answer(state=turn.state, text=turn.own_answer)
        await self._deliver(turn, answer, wishes, messages, ticket)

    async def _deliver(
        self,
        turn: Turn,
        answer: Answer,
        wishes: Preferences,
        messages: AnswerMessages | InlineMessage,
        ticket: Ticket,
    ) -> None:
        t = self._translator.for_locale(turn.question.language)
        parts = await asyncio.to_thread(render_parts, answer.text)
        keyboard = _buttons(turn, answer, t)
        has_words, has_button = bool(parts), keyboard is not None
        if notice := notice_of(answer, t, has_words=has_words, has_button=has_button):
            parts.append(FormattedText(text=notice, entities=()))
        if footer := footer_of(answer, wishes, t):
            parts = with_footer(parts, footer)
        rich: list[Content] = []
        if wishes.rich_messages and notice is None:
            rich = await asyncio.to_thread(rich_parts, answer.text, footer)

        def is_enough() -> bool:
            """A stop that came after the stream is meant for the messages still to come."""
            return answer.state is not TurnState.STOPPED and ticket.stopped is StopReason.PERSON

        show = partial(messages.show, parts, keyboard=keyboard, is_enough=is_enough, rich=rich)
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

    async def _clear_previous(self, turn: Turn) -> None:
        """Take the buttons from the answer before, unless the chat is told so much that it waits.

        They say that they are old then.
        """
        chat_id = turn.question.key.chat_id
        if turn.question.inline_message_id is not None or self._pacer.delay(chat_id, keep=1) > 0:
            return
        previous = await self._chats.previous(turn)
        if previous is None or not _has_buttons(previous):
            return
        with suppress(AiogramError):  # it may be gone, or have none any more
            await self._bot.edit_message_reply_markup(
                chat_id=chat_id, message_id=previous.message_ids[-1]
            )

    def _messages(self, turn: Turn, *, is_late: bool) -> AnswerMessages | InlineMessage:
        """Prepare the messages; in private only a late answer needs to say to what it is one."""
        if turn.question.inline_message_id is not None:
            t = self._translator.for_locale(turn.question.language)
            return InlineMessage(self._bot, turn.question, t)
        return AnswerMessages(
            self._bot,
            turn.question,
            partial(self._chats.show, turn),
            self._rich_support,
            is_reply=is_late or turn.question.key.chat_id < 0,
            message_ids=turn.message_ids,
        )


def _buttons(turn: Turn, answer: Answer, t: Localizer) -> InlineKeyboardMarkup | None:
    if turn.question.inline_message_id is not None:
        return None
    if answer.state in RETRIABLE:
        return retry_button(turn.id, t)
    if answer.state in REPEATABLE:
        return answer_buttons(turn.id, t, can_continue=answer.is_cut)
    return None


def _has_buttons(turn: Turn) -> bool:
    return turn.state in (*REPEATABLE, TurnState.FORGOTTEN) and bool(turn.message_ids)
