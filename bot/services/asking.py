"""Asks the model: when limits allow it, once, and with what was said before."""

import asyncio
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import replace

import structlog

from bot.elumenta import (
    ChatMessage,
    ElumentaClient,
    ElumentaError,
    ProtocolError,
    RateLimited,
    Role,
    StreamBroken,
    find_text_model,
)
from bot.errors import BotError
from bot.model import Charge, ExpenseKind, Question, Turn
from bot.services.answer import Answer, Hearing
from bot.services.failures import explain, may_have_been_taken
from bot.services.gate import MOST_REFUSALS, Gate, OnWait, Place
from bot.services.prompt import GROUP_NOTE
from bot.services.spending import SpendingService
from bot.services.turns import Ticket
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore

LOOK_UP_SECONDS = 30.0
"""How long it is looked up what became of a broken stream."""

ANSWER_TOKENS = 10
"""What is reserved for an answer of a model that the catalogue does not have."""

log = structlog.get_logger(__name__)


class Asking:
    """Takes a stored question to the service."""

    def __init__(
        self,
        client: ElumentaClient,
        history: HistoryStore,
        gate: Gate,
        spending: SpendingService,
        *,
        model: str,
        system_prompt: str,
        history_chars: int,
    ) -> None:
        self._client = client
        self._history = history
        self._gate = gate
        self._spending = spending
        self._model = model
        self._system_prompt = system_prompt
        self._history_chars = history_chars

    async def listen(
        self, turn: Turn, ticket: Ticket, hearing: Hearing, on_wait: OnWait
    ) -> Answer:
        """Ask, let *hearing* take what is said, and say how it ended; nothing is raised."""
        error: BotError | None = None
        try:
            await self._ask(turn, ticket, hearing, on_wait)
        except ElumentaError as failure:
            log.warning("answer.failed", turn=turn.id, failure=repr(failure))
            hearing.may_be_charged = may_have_been_taken(failure)
            error = explain(failure, model=self._model)
        except BotError as refusal:
            error = refusal
        answer = hearing.conclude(stopped=ticket.stopped, error=error)
        return replace(answer, tokens_spent=hearing.tokens_spent)

    async def _ask(self, turn: Turn, ticket: Ticket, hearing: Hearing, on_wait: OnWait) -> None:
        """Ask when limits allow it; one that the service puts off waits again.

        Raises ElumentaError, AccessDenied, DailyLimitReached and LimitUntil.
        """
        charge = self._charge(turn.question)
        if refusal := await self._spending.refusal(turn.question, tokens=charge.tokens):
            raise refusal
        for refusals_left in reversed(range(MOST_REFUSALS + 1)):
            try:
                await self._ask_once(turn, ticket, hearing, on_wait)
            except RateLimited:
                hearing.may_be_charged = False
                if not refusals_left:
                    raise
                ticket.is_asked = hearing.is_asked = not await self._history.put_back(turn.id)
            else:
                return

    async def _ask_once(
        self, turn: Turn, ticket: Ticket, hearing: Hearing, on_wait: OnWait
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
            if not await self._begin(turn, hearing):
                return
            async with ticket.until_stopped():
                await self._stream(turn.question, hearing, place)

    async def _begin(self, turn: Turn, hearing: Hearing) -> bool:
        """Store that the question is asked, and reserve what it costs; False: it was taken back.

        Raises AccessDenied and DailyLimitReached.
        """
        charge = self._charge(turn.question)
        try:
            hearing.is_asked = await self._history.begin(turn.id, charge)
        except LimitExceeded:
            raise await self._spending.explain(turn.question, charge) from None
        return hearing.is_asked

    def _charge(self, question: Question) -> Charge:
        model = find_text_model(self._model)
        return self._spending.charge_for(
            question,
            ExpenseKind.ANSWER,
            model=self._model,
            tokens=ANSWER_TOKENS if model is None else model.tokens,
        )

    async def _stream(self, question: Question, hearing: Hearing, place: Place) -> None:
        messages = await self._messages(question)
        hearing.may_be_charged = True
        try:
            async with aclosing(self._client.stream_chat(messages, model=self._model)) as events:
                async for event in events:
                    place.leave()
                    hearing.take(event)
        except StreamBroken as broken:
            if not await self._look_up(broken.generation_id, hearing):
                raise
        except ProtocolError:
            if not await self._look_up(hearing.generation_id, hearing):
                raise

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

    async def _messages(self, question: Question) -> list[ChatMessage]:
        system = self._system_prompt
        if question.key.chat_id < 0:
            system = f"{system}\n\n{GROUP_NOTE}".strip()
        messages = [ChatMessage(role=Role.SYSTEM, content=system)] if system else []

        for exchange in await self._history.window(question.key, characters=self._history_chars):
            messages.append(ChatMessage(role=Role.USER, content=exchange.prompt))
            messages.append(ChatMessage(role=Role.ASSISTANT, content=exchange.answer))
        messages.append(ChatMessage(role=Role.USER, content=question.prompt))
        return messages
