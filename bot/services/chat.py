"""Conversations: a question is stored, asked once, and its answer remembered."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, AsyncExitStack, aclosing, suppress
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
from bot.errors import BotError, PromptTooLong
from bot.model import Charge, ConversationKey, ExpenseKind, Question, Turn, TurnState
from bot.services.answer import Answer, Hearing
from bot.services.failures import explain, may_have_been_taken
from bot.services.gate import Gate, Place
from bot.services.prompt import GROUP_NOTE
from bot.services.spending import SpendingService
from bot.services.turns import StopReason, Ticket, TurnQueue
from bot.storage.errors import LimitExceeded
from bot.storage.history import HistoryStore

LOOK_UP_SECONDS = 30.0
"""How long it is looked up what became of a broken stream."""

MOST_REFUSALS = 3
"""How often a question waits for the account's rate limit after the service refused it."""

UNKNOWN_TOKENS = 10
"""What is reserved for an answer of a model that the catalogue does not have."""

OnWait = Callable[[str], Awaitable[object]]
"""Hears until when a request has to wait, as text."""

log = structlog.get_logger(__name__)


class ChatService:
    """The rules of a conversation; *on_spent* hears for whom something was asked."""

    def __init__(
        self,
        client: ElumentaClient,
        history: HistoryStore,
        queue: TurnQueue,
        *,
        gate: Gate,
        spending: SpendingService,
        on_spent: Callable[[Question], object],
        model: str,
        system_prompt: str,
        history_chars: int,
    ) -> None:
        self._client = client
        self._history = history
        self._queue = queue
        self._gate = gate
        self._spending = spending
        self._on_spent = on_spent
        self._model = model
        self._system_prompt = system_prompt
        self._history_chars = history_chars

    def join(self, question: Question) -> AbstractContextManager[Ticket]:
        """Take a place in the conversation's line; to be called before the first await.

        Raises PromptTooLong for what no window would hold, and TooBusy.
        """
        if len(question.prompt) > self._history_chars:
            raise PromptTooLong(length=len(question.prompt), limit=self._history_chars)
        return self._queue.join(question.key, person_id=question.person_id, is_limited=True)

    def rejoin(self, turn: Turn) -> AbstractContextManager[Ticket]:
        """Take a place for a question that was let in before."""
        return self._queue.join(turn.question.key, person_id=turn.question.person_id)

    async def open(self, question: Question) -> Turn | None:
        """Store the question before anything is spent; None when it was stored before."""
        return await self._history.add(question)

    async def reply(
        self, turn: Turn, ticket: Ticket, write: Callable[[str], object], *, on_wait: OnWait
    ) -> Answer | None:
        """Ask the model, give each piece of its answer to *write*, and store what came.

        Returns None when it was not asked: its person took it back, or the program ends, and then
        it stays open for the next start.
        """
        hearing = Hearing(write)
        answer = await self._listen(turn, ticket, hearing, on_wait)
        if answer.error is None and not hearing.is_asked:
            if ticket.stopped is not StopReason.SHUTDOWN:
                await self._history.finish(turn.id, TurnState.DROPPED)
            return None

        try:
            await self._history.finish(
                turn.id,
                answer.state,
                answer=answer.text,
                tokens_spent=hearing.tokens_spent,
                generation_id=hearing.generation_id,
                outcome=hearing.outcome,
            )
        except Exception:
            # It is paid for: its person gets it even if it cannot be kept.
            log.exception("answer.not_stored", turn=turn.id)
        log.info(
            "answer.finished",
            turn=turn.id,
            state=answer.state.value,
            error=answer.error.key if answer.error else None,
            characters=len(answer.text),
            tokens=hearing.tokens_spent,
        )
        if hearing.is_asked:
            self._on_spent(turn.question)
        return answer

    async def show(self, turn: Turn, part: int, message_id: int) -> None:
        """Remember which Telegram message shows which part of the answer."""
        await self._history.show(turn.id, part=part, message_id=message_id)

    async def deliver(self, turn: Turn) -> None:
        """Remember that the person has seen how the turn ended."""
        await self._history.deliver(turn.id)

    async def find(self, turn_id: int) -> Turn | None:
        """Look up the turn that a button names."""
        return await self._history.get(turn_id)

    async def retry(self, turn_id: int, *, person_id: int | None) -> Turn | None:
        """Open a turn that ended without a whole answer again: once, and only for its person."""
        return await self._history.reopen(turn_id, person_id=person_id)

    async def recover(self) -> list[Turn]:
        """Close what an earlier run of the program left open; gives what people do not know yet.

        To be called before the first update is taken.
        """
        unasked = await self._history.interrupt()
        turns = await self._history.undelivered()
        return [replace(turn, was_asked=turn.id not in unasked) for turn in turns]

    async def forget(self, key: ConversationKey) -> None:
        """Stop what runs in the conversation and forget all that was said in it."""
        self._queue.stop(key, person_id=None)
        with self._queue.join(key, person_id=None) as ticket:
            await ticket.wait_for_turn()
            await self._history.forget(key)

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Carry the memory of a group over to the supergroup that it became."""
        with self._queue.join(ConversationKey(chat_id=new_chat_id), person_id=None) as ticket:
            await ticket.wait_for_turn()
            await self._history.move(old_chat_id, new_chat_id)

    async def _listen(
        self, turn: Turn, ticket: Ticket, hearing: Hearing, on_wait: OnWait
    ) -> Answer:
        error: BotError | None = None
        try:
            await self._ask(turn, ticket, hearing, on_wait)
        except ElumentaError as failure:
            log.warning("answer.failed", turn=turn.id, failure=repr(failure))
            hearing.may_be_charged = may_have_been_taken(failure)
            error = explain(failure, model=self._model)
        except BotError as refusal:
            error = refusal
        return hearing.conclude(stopped=ticket.stopped, error=error)

    async def _ask(self, turn: Turn, ticket: Ticket, hearing: Hearing, on_wait: OnWait) -> None:
        """Ask when limits allow it; a question that the service put off waits once more.

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
                hearing.is_asked = not await self._history.put_back(turn.id)
            else:
                return

    async def _ask_once(
        self, turn: Turn, ticket: Ticket, hearing: Hearing, on_wait: OnWait
    ) -> None:
        async with AsyncExitStack() as resources:
            async with ticket.until_stopped():
                line = self._gate.place(turn.question.payer_id, on_wait=on_wait)
                place = await resources.enter_async_context(line)
            # Nothing may stop the bot between noting that it asks and asking.
            if ticket.stopped is not None or not await self._begin(turn, hearing):
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
            raise await self._spending.explain(charge) from None
        return hearing.is_asked

    def _charge(self, question: Question) -> Charge:
        model = find_text_model(self._model)
        return self._spending.charge_for(
            question,
            ExpenseKind.ANSWER,
            model=self._model,
            tokens=UNKNOWN_TOKENS if model is None else model.tokens,
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
