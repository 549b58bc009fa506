"""A running stand-in, a caller with its key and one without."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from bot.sandbox.elumenta import ElumentaServer


@pytest.fixture
async def server() -> AsyncIterator[ElumentaServer]:
    server = ElumentaServer(pace=0)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
async def caller(server: ElumentaServer) -> AsyncIterator[ClientSession]:
    headers = {"Authorization": f"Bearer {server.api_key}"}
    async with ClientSession(f"{server.url}/api/v2/", headers=headers) as session:
        yield session


@pytest.fixture
async def stranger() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session
