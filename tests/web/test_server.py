import asyncio
import socket

import pytest
from aiohttp.web import Application

from bot.settings import SettingsInvalid
from bot.web.server import open_server
from tests.web.house import HERE, PATH, TELEGRAM, Desk, open_house


async def test_a_port_that_is_taken_is_one_line_for_the_operator() -> None:
    with socket.create_server((HERE, 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(SettingsInvalid) as refusal:
            async with open_server(Application(), host=HERE, port=port):
                pass

    [problem] = refusal.value.problems
    assert problem.startswith("HTTP_PORT: ")
    assert str(port) in problem


async def test_a_host_that_does_not_exist_is_one_line_for_the_operator() -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        async with open_server(Application(), host="256.256.256.256", port=0):
            pass

    assert len(refusal.value.problems) == 1


async def test_nobody_listens_any_more_at_the_end() -> None:
    async with open_house() as visitor:
        await visitor.get("/healthz")

    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(HERE, visitor.port)


async def test_what_is_under_way_is_ended_properly() -> None:
    arrived, may_go_on = asyncio.Event(), asyncio.Event()

    class Slow(Desk):
        async def take(self, body: bytes) -> None:
            arrived.set()
            await may_go_on.wait()
            await super().take(body)

    headers = "".join(f"{name}: {value}\r\n" for name, value in TELEGRAM.items())
    request = f"POST {PATH} HTTP/1.1\r\nHost: here\r\n{headers}Content-Length: 2\r\n\r\n{{}}"
    desk = Slow()
    async with open_house(desk=desk) as visitor:
        reader, writer = await asyncio.open_connection(HERE, visitor.port)
        writer.write(request.encode())
        await arrived.wait()
        may_go_on.set()

    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert desk.taken == [b"{}"]
