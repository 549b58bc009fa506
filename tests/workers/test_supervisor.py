import asyncio

import pytest

from bot.workers.supervisor import contain, supervise


class Work:
    """Crashes so many times before it ends well."""

    def __init__(self, *, crashes: int) -> None:
        self.begun = 0
        self._crashes = crashes

    async def __call__(self) -> None:
        self.begun += 1
        if self.begun <= self._crashes:
            raise RuntimeError


async def test_work_that_crashes_is_begun_anew_until_it_ends_by_itself() -> None:
    work = Work(crashes=3)

    await supervise("work", work, first_pause_seconds=0.001)

    assert work.begun == 4


async def test_a_crash_of_one_piece_of_work_ends_nothing_else() -> None:
    work = Work(crashes=1)

    await contain("work", work(), job=17)

    assert work.begun == 1


async def test_work_that_is_cancelled_is_not_begun_anew() -> None:
    begun = 0

    async def wait() -> None:
        nonlocal begun
        begun += 1
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await supervise("waiting", wait, first_pause_seconds=0)

    assert begun == 1
