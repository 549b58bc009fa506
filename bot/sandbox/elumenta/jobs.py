"""The making of pictures and videos, which goes on whoever still waits for it."""

import asyncio
import math
import zlib

from bot.sandbox.elumenta.generation import Generation, Result
from bot.sandbox.elumenta.making import Making
from bot.sandbox.elumenta.media_order import MediaOrder
from bot.sandbox.elumenta.service import Service
from bot.sandbox.elumenta.storage import Storage, StoredFile


class Jobs:
    """Completes every accepted order when its time has come, unless the server closes before."""

    def __init__(self, service: Service, storage: Storage) -> None:
        self._service = service
        self._storage = storage
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def accept(self, order: MediaOrder, making: Making) -> Generation:
        """Take an order that the balance can pay, and begin to make it."""
        generation = self._service.begin(order)
        takes = making.takes
        if takes is None:
            takes = self._service.seconds_for(order.model.category)
        generation.takes = takes
        generation.eta_seconds = self._eta_seconds(order, making, takes)

        later = asyncio.get_running_loop().call_later
        self._timers[generation.id] = later(takes, self._end, generation, order, making)
        return generation

    def close(self) -> None:
        """Leave what is not made yet pending for ever."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()

    def _end(self, generation: Generation, order: MediaOrder, making: Making) -> None:
        del self._timers[generation.id]
        if making.fails is not None:
            self._service.fail(generation, making.fails)
            return

        seed = _seed(generation, order, making)
        path = self._storage.keep(generation.id, StoredFile(order=order, seed=seed, making=making))
        width, height = order.size
        is_told = "seed" in order.model.options or making.seed is not None
        result = Result(
            url=f"{self._service.url}{path}",
            width=width,
            height=height,
            duration=order.duration,
            seed=seed if is_told else None,
        )
        self._service.complete(generation, result=result)

    def _eta_seconds(self, order: MediaOrder, making: Making, takes: float) -> int | None:
        """Say what is told of the waiting time: as documented, Midjourney's pictures tell it."""
        if making.eta_seconds is not None:
            return making.eta_seconds
        is_told = self._service.tells_eta or order.model.slug == "midjourney"
        return max(1, math.ceil(takes)) if is_told else None


def _seed(generation: Generation, order: MediaOrder, making: Making) -> int:
    if making.seed is not None:
        return making.seed
    chance = zlib.crc32(f"{generation.id} {order.prompt}".encode())
    return int(order.options.get("seed", chance))
