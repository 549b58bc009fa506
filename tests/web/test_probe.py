import asyncio
import os
import socket
import sys

import pytest

from bot.model import Vital
from tests.web.house import HERE, open_house


async def probe(**settings: str) -> tuple[int, str]:
    """Run it as the container does; the exit status, and what was written."""
    kept = {name: value for name, value in os.environ.items() if name != "HTTP_PORT"}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.web.probe",
        env={**kept, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    written, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, written.decode().strip()


async def test_a_bot_that_is_well_is_healthy() -> None:
    async with open_house() as visitor:
        assert await probe(HTTP_PORT=str(visitor.port)) == (0, "well")


async def test_a_bot_that_is_not_well_is_not_and_it_says_why() -> None:
    async def ill() -> Vital:
        return Vital(is_well=False, note="disk full")

    async with open_house(vitals={"database": ill}) as visitor:
        assert await probe(HTTP_PORT=str(visitor.port)) == (1, "database: disk full")


async def test_a_proxy_of_the_surroundings_is_left_out() -> None:
    proxy = "http://127.0.0.1:1"
    async with open_house() as visitor:
        status, _ = await probe(HTTP_PORT=str(visitor.port), http_proxy=proxy, HTTP_PROXY=proxy)

    assert status == 0


@pytest.mark.parametrize("port", ["not a port", "99999999"])
async def test_a_port_that_is_none_is_not_healthy(port: str) -> None:
    status, written = await probe(HTTP_PORT=port)

    assert status == 1
    assert "Traceback" not in written


async def test_where_nobody_listens_nothing_is_healthy() -> None:
    with socket.create_server((HERE, 0)) as server:
        port = server.getsockname()[1]

    status, written = await probe(HTTP_PORT=str(port))

    assert status == 1
    assert str(port) in written


async def test_somebody_else_on_the_port_is_not_healthy() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        writer.close()

    async with await asyncio.start_server(greet, HERE, 0) as other:
        status, written = await probe(HTTP_PORT=str(other.sockets[0].getsockname()[1]))

    assert status == 1
    assert "Traceback" not in written
