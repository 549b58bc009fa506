"""Sees to it that only one program at a time answers from a SQLite database.

Whoever starts takes the program before it for dead and goes on with what that left open; were it
alive, questions would be asked, and paid for, twice.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

import structlog

from bot.storage.errors import DatabaseUnusable

WAIT_SECONDS = 15.0
"""How long the program before may take to end, which it does within ten."""
LOOK_SECONDS = 0.2

log = structlog.get_logger(__name__)


@asynccontextmanager
async def sole_owner(
    file: Path | None, *, wait_seconds: float = WAIT_SECONDS
) -> AsyncIterator[None]:
    """Own the database for the length of the block; the system ends that with the program.

    Raises DatabaseUnusable when somebody else does not let go of it. A database without a file
    has its own ways.
    """
    if file is None:
        yield
        return

    with file.with_name(f"{file.name}.lock").open("w") as lock:
        if not _takes(lock):
            log.info("database.awaited")
            await _wait_for(lock, file, wait_seconds)
        yield


async def _wait_for(lock: IO[str], file: Path, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not _takes(lock):  # noqa: ASYNC110 - another program tells of nothing
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        message = f"another bot works on {file}: stop it first, or set DATABASE_URL to another"
        raise DatabaseUnusable(message) from None


def _takes(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
