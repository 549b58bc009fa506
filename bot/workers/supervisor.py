"""Keeps alive what has to go on for as long as the program does."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
HEALTHY_SECONDS = 300.0
"""After so long a crash is a new one, not the next of a series."""

log = structlog.get_logger(__name__)


async def contain(name: str, work: Awaitable[object], **about: object) -> None:
    """Do one piece of work, whose crash shall end nothing else; *about* goes into the log."""
    try:
        await work
    except Exception:
        log.exception("work.crashed", work=name, **about)


async def supervise(
    name: str,
    work: Callable[[], Awaitable[None]],
    *,
    first_pause_seconds: float = FIRST_PAUSE_SECONDS,
) -> None:
    """Do the work until it ends by itself; start it anew when it crashes, later each time."""
    pause = first_pause_seconds
    clock = asyncio.get_running_loop().time
    while True:
        started_at = clock()
        try:
            return await work()
        except Exception:
            log.exception("worker.crashed", worker=name)

        if clock() - started_at > HEALTHY_SECONDS:
            pause = first_pause_seconds
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
