"""Conversations: a question is stored, asked once, and its answer remembered."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, aclosing, suppress

import structlog

from bot.elumenta import (
    ChatMessage,
    ElumentaClient,
    ElumentaError,
    ProtocolError,
    Role,
    StreamBroken,
)
from bot.errors import BotError, PromptTooLong
from bot.model import ConversationKey, Question, Turn, TurnState
from bot.services.answer import Answer, Hearing
from bot.services.failures import explain
from bot.services.prompt import GROUP_NOTE
from bot.services.turns import StopReason, Ticket, TurnQueue
from bot.storage.history import HistoryStore

LOOK_UP_SECONDS = 30.0
"""How long it is looked up what became of a broken stream."""

log = structlog.get_logger(__name__)


class ChatService:
    """The rules of a conversation."""

    def __init__(
        self,
        client: ElumentaClient,
        history: HistoryStore,
        queue: TurnQueue,
        *,
        model: str,
        system_prompt: str,
        history_chars: int,
    ) -> None:
        self._client = client
        self._history = history
        self._queue = queue
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
        self, turn: Turn, ticket: Ticket, write: Callable[[str], object]
    ) -> Answer | None:
        """Ask the model, give each piece of its answer to *write*, and store what came.

        Returns None when it was not asked: its person took it back, or the program ends, and then
        it stays open for the next start.
        """
        if ticket.stopped is StopReason.SHUTDOWN:
            return None
        if ticket.stopped is not None or not await self._history.begin(turn.id):
            await self._history.finish(turn.id, TurnState.DROPPED)
            return None

        hearing = Hearing(write)
        answer = await self._listen(turn, ticket, hearing)
        try:
            await self._history.finish(
                turn.id,
                answer.state,
                answer=answer.text,
                tokens_spent=hearing.tokens_spent,
                generation_id=hearing.generation_id,
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
        await self._history.interrupt()
        return await self._history.undelivered()

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

    async def _listen(self, turn: Turn, ticket: Ticket, hearing: Hearing) -> Answer:
        messages = await self._messages(turn.question)
        error: BotError | None = None
        try:
            async with ticket.until_stopped():
                await self._stream(messages, hearing)
        except ElumentaError as failure:
            log.warning("answer.failed", turn=turn.id, failure=repr(failure))
            error = explain(failure, model=self._model)
        return hearing.conclude(stopped=ticket.stopped, error=error)

    async def _stream(self, messages: list[ChatMessage], hearing: Hearing) -> None:
        try:
            async with aclosing(self._client.stream_chat(messages, model=self._model)) as events:
                async for event in events:
                    hearing.take(event)
        except StreamBroken as broken:
            if not await self._look_up(broken.generation_id, hearing):
                raise
        except ProtocolError:
            if not await self._look_up(hearing.generation_id, hearing):
                raise

    async def _look_up(self, generation_id: str | None, hearing: Hearing) -> bool:
        """Find the whole of an answer that broke off: it may be finished, and paid for."""
        if generation_id is None:
            return False
        with suppress(ElumentaError, TimeoutError):
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
