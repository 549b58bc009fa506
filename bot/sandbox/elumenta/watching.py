"""What a test can see of the stand-in's callers."""

import asyncio
from collections.abc import Callable

from bot.sandbox.elumenta.catalogue import CATALOGUE
from bot.sandbox.elumenta.model import Category
from bot.sandbox.elumenta.records import Charge, Request


class Watched:
    """Remembers requests and charges, and wakes those who wait for something to happen."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.downloads: list[Request] = []
        self.charges: list[Charge] = []
        self._change = asyncio.Event()

    def orders(self, contains: str = "") -> list[Request]:
        """List the requests for pictures and videos whose prompt contains this."""
        return [request for request in self.requests if _is_media_order(request, contains)]

    async def wait(self, claim: Callable[[], object], *, seconds: float = 20) -> None:
        """Return as soon as the claim holds; it is asked again after every change."""
        try:
            async with asyncio.timeout(seconds):
                while not claim():
                    self._change.clear()
                    await self._change.wait()
        except TimeoutError:
            message = f"still not so after {seconds} s; requests: {self.requests}"
            raise AssertionError(message) from None

    def changed(self) -> None:
        """Wake those who wait."""
        self._change.set()


def _is_media_order(request: Request, contains: str) -> bool:
    if request.method != "POST" or not isinstance(request.body, dict):
        return False
    if not request.path.endswith("/generate"):
        return False
    model = CATALOGUE.get(str(request.body.get("model")))
    is_media = model is not None and model.category is not Category.TEXT
    return is_media and contains in str(request.body.get("prompt", ""))
