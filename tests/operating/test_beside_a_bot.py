from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.seeing import answer
from tests.stage import Stage, free_port, open_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with open_stage(tmp_path) as stage:
        yield stage


@pytest.fixture
async def port(stage: Stage) -> str:
    """Where a bot that has heard of Telegram serves its health."""
    port = str(free_port())
    await stage.start_bot("bot", http_port=port)
    chat = stage.telegram.private_chat(stage.telegram.person("Ann"))
    chat.send(chat.members[0], "Hello")
    await answer(chat, "Hello")
    return port


async def ran(stage: Stage, port: str, *command: str) -> tuple[int, str]:
    """Run a command with the settings of the bot, and wait for what it says."""
    beside = Stage(stage.folder, stage.telegram, stage.elumenta, program=("-m", "bot", *command))
    operator = await beside.launch_bot("operator", http_port=port, database_url=address(stage))
    return await operator.ended(), operator.output


def address(stage: Stage) -> str:
    return f"sqlite+aiosqlite:///{stage.folder}/bot/data/bot.sqlite3"


async def test_a_check_finds_all_well(stage: Stage, port: str) -> None:
    status, output = await ran(stage, port, "check")

    assert status == 0, output
    assert [line[0] for line in output.splitlines()] == ["✓"] * 8
    assert f"a bot serves {port}, and is well" in output


async def test_a_backup_is_made(stage: Stage, port: str) -> None:
    status, output = await ran(stage, port, "backup", "copy.sqlite3")

    assert status == 0, output
    assert (stage.folder / "operator" / "copy.sqlite3").is_file()


async def test_a_move_is_refused(stage: Stage, port: str) -> None:
    new = "sqlite+aiosqlite:///new.sqlite3"

    status, output = await ran(stage, port, "move", address(stage), new)

    assert status == 1
    assert "stop it first" in output
