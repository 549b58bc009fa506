"""Carries everything from one database to another, of whatever kind they are."""

from collections.abc import Mapping

from sqlalchemy import Table, func, insert, select, text, true
from sqlalchemy.exc import DBAPIError

from bot.storage.async_engine import AsyncConnection
from bot.storage.engine import Database
from bot.storage.errors import DatabaseUnusable
from bot.storage.tables import held_chats, metadata, replicas

BATCH = 500

# Who works on a database says nothing of another one.
CARRIED = tuple(table for table in metadata.sorted_tables if table not in {replicas, held_chats})

SEQUENCE = "pg_get_serial_sequence(:name, 'id')"
LAST_NUMBER = {
    "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = :name",
    "postgresql": f"SELECT pg_sequence_last_value({SEQUENCE}::regclass)",
}
COUNTING_ON = {
    "sqlite": (
        "DELETE FROM sqlite_sequence WHERE name = :name",
        "INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)",
    ),
    "postgresql": (f"SELECT setval({SEQUENCE}, :last)",),
}


async def copy_everything(source: Database, target: Database) -> Mapping[str, int]:
    """Copy the rows of all tables, or none; the value is how many each table has.

    The caller owns databases that are files. Raises DatabaseUnusable where bots work on one of
    them, or the target has rows of its own.
    """
    try:
        async with source.engine.connect() as reader, target.engine.begin() as writer:
            await reader.execution_options(isolation_level="SERIALIZABLE")  # as of one moment
            await _see_that_nobody_works(source, reader)
            await _see_that_nobody_works(target, writer)
            await _see_that_it_is_empty(writer)
            return {table.name: await _copy(table, reader, writer) for table in CARRIED}
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        message = f"nothing was carried over: {reason}"
        raise DatabaseUnusable(message) from error


async def _see_that_nobody_works(database: Database, connection: AsyncConnection) -> None:
    if not database.is_shared:
        return
    at_work = select(func.count()).where(replicas.c.alive_until > func.now())
    if count := await connection.scalar(at_work):
        name = database.engine.url.database
        message = f"bots are at work on {name} ({count}): stop them, or wait if they were killed"
        raise DatabaseUnusable(message)


async def _see_that_it_is_empty(connection: AsyncConnection) -> None:
    for table in CARRIED:
        if await connection.scalar(select(true()).select_from(table).limit(1)):
            message = f"the target has rows already, in {table.name}: name a new database"
            raise DatabaseUnusable(message)


async def _copy(table: Table, reader: AsyncConnection, writer: AsyncConnection) -> int:
    # A job that repeats another has the higher number, so it finds that one in place.
    rows = await reader.stream(select(table).order_by(*table.primary_key))
    async for batch in rows.mappings().partitions(BATCH):
        await writer.execute(insert(table), [dict(row) for row in batch])

    if table.autoincrement_column is not None:
        await _go_on_counting(table, await _last_number(table, reader), writer)

    counted = select(func.count()).select_from(table)
    expected, found = await reader.scalar(counted), await writer.scalar(counted)
    if found is None or found != expected:
        message = f"nothing was carried over: {found} rows of {expected} arrived in {table.name}"
        raise DatabaseUnusable(message)
    return found


async def _last_number(table: Table, connection: AsyncConnection) -> int:
    """Find the highest id that was ever given, whether its row is still there or not."""
    given = await connection.scalar(
        text(LAST_NUMBER[connection.dialect.name]), {"name": table.name}
    )
    present = await connection.scalar(select(func.max(table.c.id)))
    return max(given or 0, present or 0)


async def _go_on_counting(table: Table, last: int, connection: AsyncConnection) -> None:
    if last == 0:
        return
    for statement in COUNTING_ON[connection.dialect.name]:
        await connection.execute(text(statement), {"name": table.name, "last": last})
