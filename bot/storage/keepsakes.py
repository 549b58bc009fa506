"""Small things that outlive the program, such as a secret that was made up once."""

from sqlalchemy.dialects.postgresql import insert  # SQLite spells ON CONFLICT the same way

from bot.storage.engine import Database
from bot.storage.tables import keepsakes


class KeepsakeStore:
    """Texts by their names."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine

    async def keep(self, name: str, value: str) -> str:
        """Keep a text unless there is one by that name, and return the one that is kept."""
        kept = insert(keepsakes).values(name=name, value=value)
        # What is there is written as it is, or else nothing would be returned.
        statement = kept.on_conflict_do_update(
            index_elements=[keepsakes.c.name], set_={"value": keepsakes.c.value}
        )
        async with self._engine.begin() as connection:
            result = await connection.execute(statement.returning(keepsakes.c.value))
            stored: str = result.scalar_one()
        return stored
