"""How long the database is waited for: it restarts, its line breaks, somebody else locks it."""

import sqlite3
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import ParamSpec, TypeVar

import stamina
import structlog
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolExhausted

PATIENCE_SECONDS = 60.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 1.0

QUEUE_SECONDS = 120.0
"""How long a task queues for a connection: a busy machine is no reason to fail a question."""

LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

# Lines that broke, transactions that others were preferred to, want of room, a server that ends.
PASSING_STATES = {"08", "40", "53", "57"}

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)


def patiently(method: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[object, object, T]]:
    """Repeat a method of a store while the database is away, which only an idempotent one stands.

    The answer to a commit may be lost, and then what was done is done again.
    """

    @wraps(method)
    async def persistent(*args: P.args, **kwargs: P.kwargs) -> T:
        return await persist(lambda _: method(*args, **kwargs))

    return persistent


async def persist(call: Callable[[bool], Awaitable[T]], *, seconds: float = PATIENCE_SECONDS) -> T:
    """Make the call, and make it again while the database is away; then what was raised is raised.

    It is told whether it may have been done before.
    """
    async for attempt in stamina.retry_context(
        on=is_passing,
        attempts=None,
        timeout=seconds,
        wait_initial=FIRST_PAUSE_SECONDS,
        wait_max=LONGEST_PAUSE_SECONDS,
        wait_jitter=FIRST_PAUSE_SECONDS,
    ):
        is_again = attempt.num > 1
        if attempt.num == 2:  # noqa: PLR2004 - the first repetition tells enough
            log.warning("database.missed")
        with attempt:
            return await call(is_again)
    raise AssertionError  # stamina raises the last error itself


def is_passing(error: Exception) -> bool:
    """Tell whether the same may succeed in a moment."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in LOCKED
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if isinstance(error, InterfaceError | PoolExhausted | OSError):
        return True
    return str(getattr(cause, "sqlstate", None))[:2] in PASSING_STATES
