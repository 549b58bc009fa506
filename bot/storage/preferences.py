"""What chats decided for themselves."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import BigInteger, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.clock import utc_now
from bot.model import Preference, Preferences, PreferenceValue
from bot.storage.engine import Database
from bot.storage.patience import patiently
from bot.storage.tables import chat_preferences

CHOICES = [chat_preferences.c[preference] for preference in Preference]


class PreferenceStore:
    """The choices of all chats; each method is one transaction."""

    def __init__(self, database: Database, *, now: Callable[[], datetime] = utc_now) -> None:
        self._engine = database.engine
        self._now = now

    @patiently
    async def load(self, chat_id: int) -> Preferences:
        """Return what a chat chose; None stands where it chose nothing."""
        statement = select(*CHOICES).where(chat_preferences.c.chat_id == chat_id)
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).mappings().first()
        return Preferences() if row is None else Preferences(**row)

    async def change(self, chat_id: int, changes: Mapping[Preference, PreferenceValue]) -> None:
        """Note what a chat chooses from now on; what is None is left to the owner again."""
        changed: dict[str, object] = {name.value: value for name, value in changes.items()}
        changed["changed_at"] = self._now()
        statement = insert(chat_preferences).values({"chat_id": chat_id, **changed})
        async with self._engine.begin() as connection:
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[chat_preferences.c.chat_id], set_=changed
                )
            )

    async def clear_if(self, chat_id: int, preference: Preference, value: PreferenceValue) -> bool:
        """Leave a choice to the owner again where it is still *value*; False where it is not."""
        column = chat_preferences.c[preference]
        cleared = (
            update(chat_preferences)
            .where(chat_preferences.c.chat_id == chat_id, column == value)
            .values({preference: None, "changed_at": self._now()})
            .returning(chat_preferences.c.chat_id)
        )
        async with self._engine.begin() as connection:
            return (await connection.execute(cleared)).first() is not None

    async def languages(self) -> dict[int, str]:
        """Return the languages of all chats that chose one."""
        language = chat_preferences.c.language
        statement = select(chat_preferences.c.chat_id, language).where(language.is_not(None))
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return {row.chat_id: row.language for row in rows}

    async def move(self, old_chat_id: int, new_chat_id: int) -> None:
        """Let what a group chose hold for the supergroup it became.

        What the new one chose by now comes first. Moving twice is harmless.
        """
        others = [column for column in chat_preferences.c if column.name != "chat_id"]
        known = select(literal(new_chat_id, BigInteger), *others).where(
            chat_preferences.c.chat_id == old_chat_id
        )
        moved = insert(chat_preferences).from_select([chat_preferences.c.chat_id, *others], known)
        async with self._engine.begin() as connection:
            await connection.execute(moved.on_conflict_do_nothing())
            await connection.execute(
                delete(chat_preferences).where(chat_preferences.c.chat_id == old_chat_id)
            )
