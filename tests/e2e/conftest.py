"""What every end-to-end test stands on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.stage import BotProcess, Stage, open_stage

__all__ = ["BotProcess", "Stage", "city", "stage"]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage of the test's own."""
    async with open_stage(tmp_path) as stage:
        yield stage


@pytest.fixture(scope="session")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A stage with a running bot that many tests share, each with people and chats of its own."""
    async with open_stage(tmp_path_factory.mktemp("city")) as stage:
        await stage.start_bot()
        yield stage
