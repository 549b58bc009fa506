import socket
from pathlib import Path

from bot.sandbox.telegram import TelegramServer
from bot.storage.engine import Database
from bot.storage.replicas import ReplicaStore
from bot.workers.presence import ReplicaLost
from tests.stage import HOST, BotProcess, open_stage


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


async def test_a_port_that_is_taken_ends_the_program_with_one_line(tmp_path: Path) -> None:
    await see_one_line_about_a_taken_port(tmp_path)


async def test_one_line_is_enough_beside_other_replicas_too(
    tmp_path: Path, postgresql_url: str
) -> None:
    await see_one_line_about_a_taken_port(tmp_path, database_url=postgresql_url)


async def test_a_webhook_that_telegram_refuses_ends_it_with_one_line(
    tmp_path: Path, postgresql_url: str
) -> None:
    odd_port = "https://127.0.0.1:8444/telegram"
    async with open_stage(tmp_path, telegram=TelegramServer(is_local=False)) as stage:
        bot = await stage.launch_bot(webhook_url=odd_port, database_url=postgresql_url)
        await see_one_line(bot, about="WEBHOOK_URL")


async def see_one_line_about_a_taken_port(folder: Path, **settings: str) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = str(other.getsockname()[1])
        async with open_stage(folder) as stage:
            bot = await stage.launch_bot(http_port=port, **settings)
            await see_one_line(bot, about="HTTP_PORT")


async def see_one_line(bot: BotProcess, *, about: str) -> None:
    assert await bot.ended() == 2
    assert bot.output.splitlines()[-1].startswith(f"{about}: ")
    assert "Traceback" not in bot.output
