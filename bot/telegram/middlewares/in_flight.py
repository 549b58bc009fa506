"""Which updates are being handled, so that the program can wait for them at its end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject
from structlog.contextvars import bound_contextvars

CANCEL_SECONDS = 1.0
"""How long a handler that is given up may take to put things in order."""


class InFlight(BaseMiddleware):
    """Keeps the tasks that handle updates, which no one else does, and names them in the log."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine always runs in a task
        if task not in self._tasks:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        with bound_contextvars(update=getattr(event, "update_id", None)):
            return await handler(event, data)

    async def drain(self, seconds: float) -> int:
        """Wait for the handlers that still run; returns how many were given up."""
        if not self._tasks:
            return 0
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=CANCEL_SECONDS)
        return len(late)
