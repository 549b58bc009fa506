"""An event loop in which waiting takes no time: its clock jumps to whatever comes next."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")


class Clockwork(asyncio.SelectorEventLoop):
    """Counts seconds from 0; only for tests without threads, since nobody waits for those."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.timers: list[asyncio.TimerHandle] = []
        super().__init__(_Leap(self))

    def time(self) -> float:
        return self.seconds

    def call_at(self, *args: object, **kwargs: object) -> asyncio.TimerHandle:
        timer = super().call_at(*args, **kwargs)  # type: ignore[arg-type]  # passed on as it is
        self.timers.append(timer)
        return timer

    @property
    def is_idle(self) -> bool:
        """Whether nothing is going to happen any more, and nobody but the asker does anything."""
        to_come = (one for one in self.timers if one.when() > self.seconds)
        return all(one.cancelled() for one in to_come) and len(asyncio.all_tasks(self)) == 1


class _Leap(selectors.SelectSelector):
    """Lets the time pass that anybody would have waited."""

    def __init__(self, loop: Clockwork) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        assert ready or timeout is not None, "everybody waits for somebody else"
        if not ready and timeout is not None:
            self._loop.seconds += timeout
        return ready


def in_no_time(test: Callable[P, Coroutine[object, object, None]]) -> Callable[P, None]:
    """Let a test have such a loop of its own."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=Clockwork) as runner:
            runner.run(test(*args, **kwargs))

    return run


def clockwork() -> Clockwork:
    """Give the loop that the test runs in."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Clockwork)
    return loop
