"""Asks the model: when limits allow it, once, and with what was said before."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass, replace

import structlog

from bot.elumenta import (
    ChatEvent,
    ChatMessage,
    ChatOptions,
    ElumentaClient,
    ElumentaError,
    NotFound,
    ProtocolError,
    RateLimited,
    StreamBroken,
)
from bot.errors import BotError
from bot.model import Charge, ExpenseKind, Preference, Question, Turn
from bot.services.answer import Answer, Hearing
from bot.services.briefing import Briefing
from bot.services.choosing import Choosing
from bot.services.failures import explain, may_have_been_taken
from bot.services.gate import MOST_REFUSALS, Gate, OnWait, Place
from bot.services.spending import SpendingService
from bot.services.turns import StopReason, Ticket
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore

LOOK_UP_SECONDS = 30.0
"""How long it is looked up what became of a broken stream."""

ANSWER_TOKENS = 10
"""What is reserved for an answer of a model that the catalogue does not have."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a chat wants to be answered."""

    model: str
    system_prompt: str
    options: ChatOptions


class Asking:
    """Takes a stored question to the service."""

    def __init__(
        self,
        client: ElumentaClient,
        history: HistoryStore,
        gate: Gate,
        spending: SpendingService,
        choosing: Choosing,
        *,
        default_model: str,
        system_prompt: str,
        history_chars: int,
    ) -> None:
        self._client = client
        self._history = history
        self._gate = gate
        self._spending = spending
        self._preferences = choosing.preferences
        self._directory = choosing.directory
        self._default_model = default_model
        self._system_prompt = system_prompt
        self._briefing = Briefing(history, history_chars=history_chars)

    async def listen(
        self, turn: Turn, ticket: Ticket, hearing: Hearing, on_wait: OnWait
    ) -> Answer:
        """Ask, let *hearing* take what is said, and say how it ended.

        Neither ElumentaError nor BotError is raised.
        """
        error: BotError | None = None
        manner = await self._manner_for(turn.question)
        try:
            await self._ask(turn, manner, ticket, hearing, on_wait)
        except ElumentaError as failure:
            log.warning("answer.failed", turn=turn.id, failure=repr(failure))
            hearing.may_be_charged = may_have_been_taken(failure)
            error = explain(failure, model=hearing.model or manner.model)
        except BotError as refusal:
            error = refusal
        return hearing.conclude(stopped=ticket.stopped, error=error)

    async def _manner_for(self, question: Question) -> Manner:
        """Find out how the chat wants to be answered.

        Where others can read the answer, the chat's own instructions are left out: they may say
        what is nobody else's business.
        """
        chosen = await self._preferences.of(question.key.chat_id)
        is_inline = question.inline_message_id is not None
        return Manner(
            model=chosen.chat_model or self._default_model,
            system_prompt=(None if is_inline else chosen.system_prompt) or self._system_prompt,
            options=ChatOptions(temperature=chosen.temperature, max_tokens=chosen.max_tokens),
        )

    async def _ask(
        self, turn: Turn, manner: Manner, ticket: Ticket, hearing: Hearing, on_wait: OnWait
    ) -> None:
        """Ask when limits allow it; one that the service puts off waits again.

        Where the chat's own model is gone, the owner's takes over, also from then on. Raises
        ElumentaError, AccessDenied, DailyLimitReached and LimitUntil.
        """
        charge = self._charge(turn.question, manner)
        if refusal := await self._spending.refusal(turn.question, tokens=charge.tokens):
            raise refusal
        for refusals_left in reversed(range(MOST_REFUSALS + 1)):
            try:
                await self._ask_once(turn, manner, ticket, hearing, on_wait)
            except RateLimited:
                if not refusals_left:
                    raise
            except NotFound:
                if not refusals_left or manner.model == self._default_model:
                    raise
                manner = self._fall_back(manner, hearing)
            else:
                await self._let_go(turn.question, hearing)
                return
            hearing.may_be_charged = False
            ticket.is_asked = hearing.is_asked = not await self._history.put_back(turn.id)

    def _fall_back(self, manner: Manner, hearing: Hearing) -> Manner:
        """Take the owner's model in place of one that seems to be gone."""
        hearing.vanished = manner.model
        log.warning("model.vanished", model=manner.model)
        self._directory.doubt()
        return replace(manner, model=self._default_model)

    async def _let_go(self, question: Question, hearing: Hearing) -> None:
        """Forget that a chat chose a model that is gone, if another one has just answered."""
        if hearing.vanished is None or not hearing.text:
            return
        chat_id, model = question.key.chat_id, hearing.vanished
        try:
            await self._preferences.reset_if(chat_id, Preference.CHAT_MODEL, model)
        except Exception:
            # The answer is paid for: its person gets it, and the choice is let go another time.
            log.exception("model.not_reset", model=model)

    async def _ask_once(
        self, turn: Turn, manner: Manner, ticket: Ticket, hearing: Hearing, on_wait: OnWait
    ) -> None:
        async with AsyncExitStack() as resources:
            async with ticket.until_stopped():
                line = self._gate.place(turn.question.payer_id, on_wait=on_wait)
                place = await resources.enter_async_context(line)
                await ticket.wait_for_turn()
            # Nothing may stop the bot between noting that it asks and asking.
            if ticket.stopped is not None:
                return
            ticket.is_asked = True
            if not await self._begin(turn, manner, hearing):
                # Taken back by another program: there is nothing to tell.
                ticket.stop(StopReason.PERSON)
                return
            async with ticket.until_stopped():
                await self._stream(turn, manner, hearing, place)

    async def _begin(self, turn: Turn, manner: Manner, hearing: Hearing) -> bool:
        """Store that the question is asked, and reserve what it costs; False: it was taken back.

        Raises AccessDenied and DailyLimitReached.
        """
        charge = self._charge(turn.question, manner)
        try:
            hearing.is_asked = await self._history.begin(turn.id, charge)
        except LimitExceeded:
            raise await self._spending.explain(turn.question, charge) from None
        hearing.model, hearing.max_tokens = manner.model, manner.options.max_tokens
        return hearing.is_asked

    def _charge(self, question: Question, manner: Manner) -> Charge:
        tokens = self._directory.tokens_of(manner.model)
        return self._spending.charge_for(
            question,
            ExpenseKind.ANSWER,
            model=manner.model,
            tokens=ANSWER_TOKENS if tokens is None else tokens,
        )

    async def _stream(self, turn: Turn, manner: Manner, hearing: Hearing, place: Place) -> None:
        messages = await self._briefing.messages(turn, system_prompt=manner.system_prompt)
        hearing.may_be_charged = True
        try:
            async with aclosing(self._events(messages, manner)) as events:
                async for event in events:
                    place.leave()
                    hearing.take(event)
        except StreamBroken as broken:
            if not await self._look_up(broken.generation_id, hearing):
                raise
        except ProtocolError:
            if not await self._look_up(hearing.generation_id, hearing):
                raise

    def _events(self, messages: list[ChatMessage], manner: Manner) -> AsyncGenerator[ChatEvent]:
        return self._client.stream_chat(messages, model=manner.model, options=manner.options)

    async def _look_up(self, generation_id: str | None, hearing: Hearing) -> bool:
        """Find the whole of an answer that broke off: it may be finished, and paid for.

        Raises ProviderFailed when it failed.
        """
        if generation_id is None:
            return False
        with suppress(StreamBroken, TimeoutError):
            async with asyncio.timeout(LOOK_UP_SECONDS):
                hearing.correct(await self._client.wait_for(generation_id))
                return True
        return False
