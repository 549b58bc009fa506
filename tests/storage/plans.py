"""How SQLite goes about a statement."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from bot.storage.engine import Database


@contextmanager
def recorded(database: Database, words: str) -> Iterator[list[tuple[str, tuple[object, ...]]]]:
    """Collect the statements that contain some words, with their parameters."""
    statements: list[tuple[str, tuple[object, ...]]] = []

    def record(
        _connection: object,
        _cursor: object,
        statement: str,
        parameters: tuple[object, ...],
        *_: object,
    ) -> None:
        if words in statement:
            statements.append((statement, parameters))

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", record)


async def plan_of(database: Database, statement: str, parameters: tuple[object, ...]) -> str:
    async with database.engine.connect() as connection:
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return "\n".join(row.detail for row in rows)
