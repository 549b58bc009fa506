"""A demo for all scenarios, and a new window for each of them."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from tests.demo.chromium import open_chromium, open_window
from tests.demo.running import running_demo
from tests.demo.window import Window


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with open_chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
async def demo(
    chromium: Browser,  # noqa: ARG001 - without it there is no need of a demo
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[str]:
    async with running_demo(tmp_path_factory.mktemp("demo")) as address:
        yield address


@pytest.fixture
async def window(chromium: Browser, demo: str) -> AsyncIterator[Window]:
    async with open_window(chromium, demo) as window:
        yield window
