import asyncio

import pytest

from bot.storage.engine import Database
from bot.storage.keepsakes import KeepsakeStore


@pytest.fixture
def keepsakes(database: Database) -> KeepsakeStore:
    return KeepsakeStore(database)


async def test_the_first_one_of_a_name_to_be_kept_stays(keepsakes: KeepsakeStore) -> None:
    kept = [
        await keepsakes.keep(name, value)
        for name, value in (("code", "first"), ("secret", "other"), ("code", "second"))
    ]

    assert kept == ["first", "other", "first"]


async def test_programs_that_start_at_once_keep_the_same(
    databases: tuple[Database, Database],
) -> None:
    stores = [KeepsakeStore(database) for database in databases]

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(stores[number % 2].keep("code", str(number))) for number in range(20)
        ]

    assert len({task.result() for task in tasks}) == 1
