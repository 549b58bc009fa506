import asyncio
from datetime import datetime, timedelta

import pytest

from bot.storage.engine import Database
from bot.storage.notices import NoticeStore
from tests.storage.orders import Clock
from tests.storage.questions import FIRST_MOMENT

DAY = timedelta(days=1)


async def test_each_thing_is_told_once(notices: NoticeStore) -> None:
    about = [
        ("watch-low-balance", ""),
        ("watch-plan-ends", "a"),
        ("watch-plan-ends", "b"),
        ("watch-plan-ends", "a"),
    ]

    told = [await notices.take(kind, one) for kind, one in about]

    assert told == [True, True, True, False]


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        (timedelta(), False),
        (DAY - timedelta(microseconds=1), False),
        (DAY, False),
        (DAY + timedelta(microseconds=1), True),
        (3 * DAY, True),
    ],
)
async def test_what_was_told_long_ago_is_told_again(
    notices: NoticeStore, clock: Clock, passed: timedelta, *, told: bool
) -> None:
    await notices.take("stranger", "7")
    now = clock.tick(passed)

    assert await notices.take("stranger", "7", unless_since=now - DAY) == told


async def test_what_is_told_again_counts_from_then_on(notices: NoticeStore, clock: Clock) -> None:
    await notices.take("stranger", "7")
    later = clock.tick(2 * DAY)
    await notices.take("stranger", "7", unless_since=later - DAY)

    again = await notices.take("stranger", "7", unless_since=later)

    assert not again


async def test_what_was_never_told_is_told_whatever_the_time(notices: NoticeStore) -> None:
    assert await notices.take("stranger", "7", unless_since=FIRST_MOMENT - DAY)


async def test_what_is_told_once_for_all_is_not_told_again(
    notices: NoticeStore, clock: Clock
) -> None:
    await notices.take("stranger", "-7")
    clock.tick(1000 * DAY)

    assert not await notices.take("stranger", "-7")


@pytest.mark.parametrize("unless_since", [None, FIRST_MOMENT + DAY])
async def test_many_who_want_to_tell_it_at_once_tell_it_once(
    databases: tuple[Database, Database], clock: Clock, unless_since: datetime | None
) -> None:
    clock.moment = FIRST_MOMENT + DAY
    stores = [NoticeStore(database, now=clock) for database in databases]

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                stores[number % 2].take("watch-low-balance", "", unless_since=unless_since)
            )
            for number in range(20)
        ]

    assert sum(task.result() for task in tasks) == 1


@pytest.mark.parametrize(
    ("about", "told"), [("a", [True, False, False]), (None, [True, True, False])]
)
async def test_what_is_forgotten_is_told_again(
    notices: NoticeStore, about: str | None, told: list[bool]
) -> None:
    things = [("watch-plan-ends", "a"), ("watch-plan-ends", "b"), ("watch-low-balance", "a")]
    for kind, one in things:
        await notices.take(kind, one)

    await notices.forget("watch-plan-ends", about)

    assert [await notices.take(kind, one) for kind, one in things] == told


async def test_nothing_is_forgotten_twice(notices: NoticeStore) -> None:
    await notices.forget("watch-plan-ends", "a")
    await notices.forget("watch-plan-ends")

    assert await notices.take("watch-plan-ends", "a")


async def test_whoever_forgets_first_is_told_that_there_was_something(
    notices: NoticeStore,
) -> None:
    await notices.take("nameless_topic", "7:1")

    forgotten = await asyncio.gather(*(notices.forget("nameless_topic", "7:1") for _ in range(3)))

    assert sorted(forgotten) == [False, False, True]
