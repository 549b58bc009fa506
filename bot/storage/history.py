"""What was asked and answered, and how far each turn has come."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial

from sqlalchemy import ColumnElement, delete, exists, func, update
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way
from sqlalchemy.sql.functions import coalesce

from bot.clock import utc_now
from bot.model import (
    RETRIABLE,
    Charge,
    ConversationKey,
    ExpenseKind,
    ExpenseOutcome,
    Question,
    Turn,
    TurnState,
)
from bot.storage.adding import insert_first, insert_replacing, select_stored
from bot.storage.columns import AnyText
from bot.storage.engine import Database
from bot.storage.expenses import release, reserve, settle_open
from bot.storage.forgetting import forget, move
from bot.storage.matching import owned_by
from bot.storage.open_turns import take_over
from bot.storage.patience import patiently, persist
from bot.storage.reading import read_turn
from bot.storage.tables import turn_messages, turns
from bot.storage.turn_queries import NEVER_SHOWN, TurnQueries

OPEN = (TurnState.WAITING, TurnState.ASKING)
ANSWER = ExpenseKind.ANSWER

EARLIER_ANSWER = func.substr(turns.c.answer, 1, turns.c.continued_at, type_=AnyText())
"""What the turn goes on with; empty but for one that continues another."""

NEWER = turns.alias("newer")
IS_REPLACED = exists().where(NEWER.c.replaces_id == turns.c.id)


class HistoryStore(TurnQueries):
    """The turns of all conversations; each method is one transaction.

    A method that returns a bool tells whether the turn was in a state that allowed the change.
    """

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        super().__init__(database)
        self._now = now

    async def add(
        self, question: Question, *, replaces: Turn | None = None, is_continued: bool = False
    ) -> Turn | None:
        """Store a question as a waiting turn; None when its message was stored before.

        Its answer takes the place of that of *replaces*, or goes on with it. None also when that
        turn was replaced before, or is not there any more.
        """
        return await persist(
            partial(self._add, question, replaced=replaces, is_continued=is_continued)
        )

    async def begin(self, turn_id: int, charge: Charge) -> bool:
        """Note that the request of a waiting turn is about to be sent, and what it may cost.

        Raises LimitExceeded when that is too much; the turn still waits then.
        """
        begun = (
            update(turns)
            .where(turns.c.id == turn_id, turns.c.state == TurnState.WAITING)
            .values(state=TurnState.ASKING)
            .returning(turns.c.person_id, turns.c.chat_id)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(begun)).mappings().first()
            if row is not None:
                await reserve(connection, charge, item_id=turn_id, now=self._now(), **row)
        return row is not None

    async def put_back(self, turn_id: int) -> bool:
        """Let a turn wait again that the service put off, and take back what was reserved."""
        return await persist(partial(self._put_back, turn_id))

    @patiently
    async def finish(
        self,
        turn_id: int,
        state: TurnState,
        *,
        answer: str = "",
        tokens_spent: int | None = None,
        generation_id: str | None = None,
        outcome: ExpenseOutcome | None = None,
    ) -> bool:
        """End an open turn; only one that was not asked yet can be dropped.

        An answer that the turn goes on with stays in front. What several attempts spent adds up.
        *outcome* says what became of what was reserved.
        """
        now = self._now()
        before = (TurnState.WAITING,) if state is TurnState.DROPPED else OPEN
        finished = (
            update(turns)
            .where(turns.c.id == turn_id, turns.c.state.in_(before))
            .values(
                state=state,
                answer=EARLIER_ANSWER + answer,
                tokens_spent=_sum(turns.c.tokens_spent, tokens_spent),
                generation_id=coalesce(generation_id, turns.c.generation_id),
                finished_at=now,
                delivered_at=now if state in NEVER_SHOWN else None,
            )
            .returning(turns.c.id)
        )
        async with self._engine.begin() as connection:
            has_ended = (await connection.execute(finished)).first() is not None
            if has_ended and outcome is not None:
                await settle_open(
                    connection, ANSWER, [turn_id], outcome, tokens=tokens_spent, now=now
                )
        return has_ended

    @patiently
    async def show(self, turn_id: int, *, part: int, message_id: int) -> None:
        """Note which message shows a part of the answer; a later one takes its place."""
        statement = insert(turn_messages).values(turn_id=turn_id, part=part, message_id=message_id)
        async with self._engine.begin() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[turn_messages.c.turn_id, turn_messages.c.part],
                    set_={"message_id": statement.excluded.message_id},
                )
            )

    @patiently
    async def deliver(self, turn_id: int) -> bool:
        """Note, once, that the person has seen all of a turn that has ended."""
        delivered = (
            update(turns)
            .where(
                turns.c.id == turn_id,
                turns.c.state.not_in(OPEN),
                turns.c.delivered_at.is_(None),
            )
            .values(delivered_at=self._now())
            .returning(turns.c.id)
        )
        async with self._engine.begin() as connection:
            return (await connection.execute(delivered)).first() is not None

    async def take_over(self, chat_ids: Collection[int]) -> list[Turn]:
        """Take on chats in which nobody works any more, and give their turns not yet delivered.

        The oldest come first. One that waits goes on waiting, but once: it may be what ended the
        program. One that was being asked is over, and nobody will learn what it cost.
        """
        async with self._engine.begin() as connection:
            return await take_over(connection, chat_ids, self._now())

    async def reopen(self, turn_id: int, *, person_id: int | None) -> Turn | None:
        """Let a turn wait again, or return None if it is not this person's or did not fail.

        None also when another has taken its place. What it spent stays noted.
        """
        again = (
            update(turns)
            .where(
                turns.c.id == turn_id,
                turns.c.state.in_(RETRIABLE),
                owned_by(turns, person_id),
                ~IS_REPLACED,
            )
            .values(
                state=TurnState.WAITING,
                answer=EARLIER_ANSWER,
                finished_at=None,
                delivered_at=None,
                resumed=False,
            )
            .returning(*turns.c)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(again)).mappings().first()
            if row is None:
                return None
            await connection.execute(
                delete(turn_messages).where(turn_messages.c.turn_id == turn_id)
            )
        return read_turn(row)

    async def forget(self, key: ConversationKey) -> int:
        """Empty the texts of all ended turns of a conversation, and return how many."""
        async with self._engine.begin() as connection:
            return await forget(connection, key, self._now())

    async def move(self, old_chat_id: int, new_chat_id: int) -> int:
        """Move the turns of a group that became a supergroup, and return how many.

        Message ids mean nothing in the new chat and are dropped. Moving twice is harmless.
        Whoever holds the old chat works on some of them, and holds the new one from now on.
        """
        async with self._engine.begin() as connection:
            return await move(connection, old_chat_id, new_chat_id)

    async def _add(
        self,
        question: Question,
        may_be_stored: bool,  # noqa: FBT001 - persist tells it
        *,
        replaced: Turn | None,
        is_continued: bool,
    ) -> Turn | None:
        statement = (
            insert_first(question)
            if replaced is None
            else insert_replacing(question, replaced, is_continued=is_continued)
        )
        async with self._engine.begin() as connection:
            row = (await connection.execute(statement)).mappings().first()
            if row is None and may_be_stored:
                stored = select_stored(question, replaced)
                row = (await connection.execute(stored)).mappings().first()
        return None if row is None else read_turn(row)

    async def _put_back(self, turn_id: int, may_wait: bool) -> bool:  # noqa: FBT001 - persist tells it
        before = OPEN if may_wait else (TurnState.ASKING,)
        waits_again = (
            update(turns)
            .where(turns.c.id == turn_id, turns.c.state.in_(before))
            .values(state=TurnState.WAITING)
            .returning(turns.c.id)
        )
        async with self._engine.begin() as connection:
            if (await connection.execute(waits_again)).first() is None:
                return False
            await release(connection, ANSWER, turn_id)
        return True


def _sum(known: ColumnElement[int | None], more: int | None) -> ColumnElement[int | None]:
    return known if more is None else coalesce(known, 0) + more
