import asyncio
import logging

import pytest

from bot.elumenta import ChatMessage, ElumentaClient, ElumentaError, Role
from tests.elumenta.service import (
    KEY,
    WHOLE_STREAM,
    Script,
    head_of,
    raw_service,
)

PROMPT = "the recipe of our lemonade"
SECRET = [ChatMessage(role=Role.USER, content=PROMPT)]


async def ask(client: ElumentaClient) -> list[BaseException]:
    """Ask in confidence; gives the error, if there was one, and everything that led to it."""
    causes: list[BaseException] = []
    try:
        async for _ in client.stream_chat(SECRET, model="gpt-5"):
            pass
    except ElumentaError as error:
        cause: BaseException | None = error
        while cause is not None:
            causes.append(cause)
            cause = cause.__cause__
    return causes


async def whole(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(head_of() + WHOLE_STREAM)
    await writer.drain()


async def overloaded(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(head_of("503 Service Unavailable") + f"{PROMPT} {KEY}".encode())
    await writer.drain()


async def broken(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(head_of() + f'data: {{"type": "content_delta", "{PROMPT}": {KEY}\n\n'.encode())
    await writer.drain()


@pytest.mark.parametrize("script", [whole, overloaded, broken])
async def test_no_log_line_and_no_error_holds_the_key_or_the_prompt(
    script: Script, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    async with raw_service(script) as client:
        errors = await ask(client)

    printed = capfd.readouterr()
    written = f"{caplog.text} {printed.out} {printed.err} {errors!r} {[*map(str, errors)]}"
    assert "httpcore" in written
    assert KEY not in written
    assert PROMPT not in written


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY} ", f"{KEY}é", f"\x00{KEY}"])
async def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ValueError, match="characters that no key has") as caught:
        ElumentaClient(key, base_url="https://elumenta.test")

    assert KEY not in repr(caught.value)


async def test_a_client_does_not_show_its_key() -> None:
    async with ElumentaClient(KEY, base_url="https://elumenta.test") as client:
        assert KEY not in repr(client)
