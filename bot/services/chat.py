"""Conversations: a question is stored, asked once, and its answer remembered."""

from collections.abc import Awaitable, Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

import structlog

from bot.clock import utc_now
from bot.errors import PromptTooLong
from bot.model import (
    REPEATABLE,
    ConversationKey,
    ExpenseOutcome,
    Question,
    Turn,
    TurnState,
    is_owned,
)
from bot.services.answer import Answer, Hearing
from bot.services.asking import Asking
from bot.services.gate import OnWait
from bot.services.turns import StopReason, Ticket, TurnQueue
from bot.storage.history import HistoryStore

log = structlog.get_logger(__name__)


class ChatService:
    """The rules of a conversation; *on_spent* hears for whom something was asked.

    The longest prompt is counted in characters.
    """

    def __init__(
        self,
        history: HistoryStore,
        queue: TurnQueue,
        asking: Asking,
        *,
        on_spent: Callable[[Question], object],
        longest_prompt: int,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._history = history
        self._queue = queue
        self._asking = asking
        self._on_spent = on_spent
        self._longest_prompt = longest_prompt
        self._now = now

    def join(self, question: Question) -> AbstractContextManager[Ticket]:
        """Take a place in the conversation's line; to be called before the first await.

        Raises TooBusy.
        """
        return self._queue.join(question.key, person_id=question.person_id, is_limited=True)

    def rejoin(self, turn: Turn) -> AbstractContextManager[Ticket]:
        """Take a place for a question that was let in before."""
        return self._queue.join(turn.question.key, person_id=turn.question.person_id)

    async def open(self, question: Question, *, replaces: Turn | None = None) -> Turn | None:
        """Store the question before anything is spent; None when it was stored before.

        Its answer takes the place of that of *replaces*, which it can only do once. Raises
        PromptTooLong.
        """
        if len(question.prompt) > self._longest_prompt:
            raise PromptTooLong(length=len(question.prompt), limit=self._longest_prompt)
        return await self._history.add(question, replaces=replaces)

    async def reply(
        self, turn: Turn, ticket: Ticket, write: Callable[[str], object], *, on_wait: OnWait
    ) -> Answer | None:
        """Ask the model, give each piece of its answer to *write*, and store what came.

        Returns None when it was not asked: its person took it back, or the program ends, and then
        it stays open for whoever comes next. After any exception it is over for its person, who
        is told to ask again.
        """

        async def let_others_go(until: str) -> None:
            ticket.step_aside()
            await on_wait(until)

        hearing = Hearing(write)
        try:
            answer = await self._asking.listen(turn, ticket, hearing, let_others_go)
        except Exception:
            await self._give_up(turn, hearing)
            raise

        if answer.error is None and not hearing.is_asked:
            if ticket.stopped is not StopReason.SHUTDOWN:
                await self._history.finish(turn.id, TurnState.DROPPED)
            return None

        await self._keep(turn, answer, hearing)
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

    async def again(self, turn_id: int, *, person_id: int | None) -> Turn | None:
        """Ask for another answer to the newest question of a person: once, and only for them."""
        return await self._anew(turn_id, person_id, is_continued=False)

    async def carry_on(self, turn_id: int, *, person_id: int | None) -> Turn | None:
        """Ask for the rest of the newest answer to a person: once, and only for them."""
        return await self._anew(turn_id, person_id, is_continued=True)

    async def newest(self, key: ConversationKey, *, person_id: int | None) -> Turn | None:
        """Find what a person asked last in a conversation."""
        return await self._history.newest(key, person_id=person_id)

    async def previous(self, turn: Turn) -> Turn | None:
        """Find what the same person had been shown before, in the same conversation."""
        return await self._history.previous(turn)

    async def transcript(self, key: ConversationKey) -> list[Turn]:
        """Give everything that is remembered of a conversation, the oldest first."""
        return await self._history.transcript(key)

    async def knows_inline(self, inline_message_id: str) -> bool:
        """Say whether the question of an inline message has arrived."""
        return await self._history.knows_inline(inline_message_id)

    async def recover(self, chat_ids: Collection[int]) -> list[Turn]:
        """Give the turns of chats that nobody saw to any more which are not over for their people.

        Those that were not asked yet still wait; to be called before new updates are handled.
        """
        return await self._history.take_over(chat_ids)

    async def forget(
        self, key: ConversationKey, *, permit: Callable[[], Awaitable[object]]
    ) -> None:
        """Stop what runs in the conversation and forget all that was said in it before the call.

        Where *permit* raises, nothing happens.
        """
        with self._queue.join(key, person_id=None) as ticket:
            await permit()
            ticket.stop_earlier()
            await ticket.wait_for_turn()
            await self._history.forget(key)

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Carry the memory of a group over to the supergroup that it became."""
        with self._queue.join(ConversationKey(chat_id=new_chat_id), person_id=None) as ticket:
            await ticket.wait_for_turn()
            await self._history.move(old_chat_id, new_chat_id)

    async def _anew(
        self, turn_id: int, person_id: int | None, *, is_continued: bool
    ) -> Turn | None:
        turn = await self._history.get(turn_id)
        if turn is None or turn.state not in REPEATABLE:
            return None
        asker_id = turn.question.person_id
        if not is_owned(asker_id, by=person_id) or turn.question.inline_message_id is not None:
            return None
        newest = await self._history.newest(turn.question.key, person_id=asker_id)
        if newest is None or newest.id != turn.id:
            return None
        question = replace(turn.question, asked_at=self._now())
        return await self._history.add(question, replaces=turn, is_continued=is_continued)

    async def _give_up(self, turn: Turn, hearing: Hearing) -> None:
        """End a turn as if it had been told, so that nobody goes on with it later."""
        # Where nothing was sent, something may be reserved all the same.
        outcome = ExpenseOutcome.UNCLEAR if hearing.may_be_charged else ExpenseOutcome.FREE
        await self._history.finish(
            turn.id, TurnState.FAILED, generation_id=hearing.generation_id, outcome=outcome
        )
        await self._history.deliver(turn.id)
        if hearing.is_asked:
            self._on_spent(turn.question)

    async def _keep(self, turn: Turn, answer: Answer, hearing: Hearing) -> None:
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
