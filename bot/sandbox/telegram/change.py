"""A way to wait until something looks as expected."""

import asyncio
from collections.abc import Callable
from typing import Literal, TypeVar

T = TypeVar("T")

# What depends on the clock alone, such as a draft that expires, announces no change.
LONGEST_NAP_SECONDS = 0.5


class Change:
    """Wakes everybody who waits for the world to look different."""

    def __init__(self) -> None:
        self._happened = asyncio.Event()

    def announce(self) -> None:
        self._happened.set()
        self._happened = asyncio.Event()

    async def until(self, look: Callable[[], T | Literal[False] | None], *, seconds: float) -> T:
        """Return what *look* finds as soon as it is truthy; `TimeoutError` when it never is."""
        async with asyncio.timeout(seconds):
            while not (found := look()):
                await self._nap()

        return found

    async def _nap(self) -> None:
        try:
            async with asyncio.timeout(LONGEST_NAP_SECONDS):
                await self._happened.wait()
        except TimeoutError:
            return
