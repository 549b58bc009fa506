from pathlib import Path

from bot.storage.engine import Database
from bot.storage.replicas import ReplicaStore
from bot.workers.presence import ReplicaLost
from tests.stage import open_stage


async def test_a_replica_that_others_took_for_dead_ends_with_one_line(
    tmp_path: Path, postgresql_url: str
) -> None:
    async with open_stage(tmp_path) as stage, Database(postgresql_url) as database:
        bot = await stage.start_bot(database_url=postgresql_url)

        await ReplicaStore(database).clear()
        status = await bot.ended()

    assert status == 1
    assert str(ReplicaLost()) in bot.output.splitlines()
    assert "Traceback" not in bot.output
