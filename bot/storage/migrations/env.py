"""Run by alembic, inside the program and on the command line.

The program lends the connection it has locked. On the command line DATABASE_URL says where to go.
"""

import asyncio
import os
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, TypeDecorator

from bot.storage.async_engine import create_async_engine
from bot.storage.tables import metadata


def migrate(connection: Connection) -> None:
    """Take the steps that were asked for on *connection*."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=spell_plainly,
    )
    with context.begin_transaction():
        context.run_migrations()


def spell_plainly(_kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they store: a migration does not change with the program."""
    return f"sa.{item.impl!r}" if isinstance(item, TypeDecorator) else False


async def migrate_from_command_line() -> None:
    """Take the steps on a connection of its own."""
    engine = create_async_engine(os.environ["DATABASE_URL"])
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


lent: Connection | None = context.config.attributes.get("connection")
if lent is None:
    asyncio.run(migrate_from_command_line())
else:
    migrate(lent)
