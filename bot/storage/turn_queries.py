"""What was asked and answered, as people and the model look back on it."""

from sqlalchemy import ColumnElement, Select, exists, select

from bot.model import ConversationKey, Exchange, Turn, TurnState
from bot.storage.engine import Database
from bot.storage.matching import belongs_to
from bot.storage.patience import patiently
from bot.storage.reading import read_turns, select_turns
from bot.storage.remembering import is_remembered, read_exchange, select_window
from bot.storage.tables import turn_messages, turns

NEVER_SHOWN = (TurnState.DROPPED, TurnState.FORGOTTEN)


class TurnQueries:
    """Questions about the turns of all conversations; they change nothing."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    async def get(self, turn_id: int) -> Turn | None:
        return await self._find(turns.c.id == turn_id)

    @patiently
    async def newest(self, key: ConversationKey, *, person_id: int | None) -> Turn | None:
        """Return the newest turn of a person in a conversation, whatever became of it.

        One that was taken back or forgotten does not count, nor does one of an inline message;
        one that was to take the place of another does, since only it can be replaced now.
        """
        is_link = (turns.c.state == TurnState.DROPPED) & turns.c.replaces_id.is_not(None)
        return await self._find(
            turns.c.id
            == _newest_of(key, person_id)
            .where(turns.c.state.not_in(NEVER_SHOWN) | is_link)
            .scalar_subquery()
        )

    @patiently
    async def previous(self, turn: Turn) -> Turn | None:
        """Return the newest turn of the same person before this one that has messages there."""
        has_messages = exists().where(turn_messages.c.turn_id == turns.c.id)
        return await self._find(
            turns.c.id
            == _newest_of(turn.question.key, turn.question.person_id)
            .where(turns.c.id < turn.id, has_messages)
            .scalar_subquery()
        )

    @patiently
    async def window(
        self, key: ConversationKey, *, characters: int, without_message: int | None = None
    ) -> list[Exchange]:
        """Return the newest turns that fit into *characters*, oldest first.

        Turns without an answer are left out, and so are those that another one has replaced or
        that *without_message* asked. A newest one that does not fit alone is cut; the others are
        whole. At most `MOST_EXCHANGES` are returned.
        """
        statement = select_window(key, characters=characters, without_message=without_message)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        exchanges = [read_exchange(row, characters=characters) for row in rows]
        return [exchange for exchange in exchanges if exchange.answer]

    async def transcript(self, key: ConversationKey) -> list[Turn]:
        """Return all that a conversation remembers, oldest first."""
        return await self._read(is_remembered(key))

    async def knows_inline(self, inline_message_id: str) -> bool:
        """Tell whether the question of an inline message was stored, whatever became of it."""
        return await self._find(turns.c.inline_message_id == inline_message_id) is not None

    async def _find(self, condition: ColumnElement[bool]) -> Turn | None:
        return next(iter(await self._read(condition)), None)

    async def _read(self, condition: ColumnElement[bool]) -> list[Turn]:
        async with self._engine.connect() as connection:
            rows = (await connection.execute(select_turns().where(condition))).mappings().all()
        return read_turns(rows)


def _newest_of(key: ConversationKey, person_id: int | None) -> Select[int]:
    """Select the last turn of a person in a conversation; conditions may follow."""
    return (
        select(turns.c.id)
        .where(
            belongs_to(turns, key),
            turns.c.person_id == person_id,
            turns.c.inline_message_id.is_(None),
        )
        .order_by(turns.c.id.desc())
        .limit(1)
    )
