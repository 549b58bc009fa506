import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import httpx
import pytest

from bot.elumenta import ElumentaClient, ElumentaError
from bot.elumenta.operations import operation_of
from tests.elumenta.service import (
    ADDRESS,
    AT_ONCE,
    COMPLETED,
    KEY,
    POSTER,
    WHOLE_STREAM,
    ScriptedService,
    events_of,
    json_of,
    stream_of,
)

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
PRICE = {"token_cost": 4, "min_token_cost": 4, "max_token_cost": 4}
Heard = list[tuple[str, int | None]]


def listening(service: httpx.AsyncBaseTransport) -> tuple[ElumentaClient, Heard]:
    """Give a client, and what is heard of its requests."""
    heard: Heard = []

    def hear(operation: str, status: int | None, seconds: float) -> None:
        assert seconds >= 0
        heard.append((operation, status))

    client = ElumentaClient(
        KEY, base_url=ADDRESS, patience=AT_ONCE, on_exchange=hear, transport=service
    )
    return client, heard


async def test_every_request_is_told_by_what_it_asks_for() -> None:
    empty = {"items": [], "total": 0, "page": 1, "limit": 50}
    client, heard = listening(
        ScriptedService(
            stream_of(WHOLE_STREAM),
            json_of(COMPLETED),
            json_of(COMPLETED),
            json_of(PRICE),
            json_of({"token_balance": 1}),
            json_of(empty),
            json_of(empty),
        )
    )

    async with client:
        await events_of(client)
        await client.generate(POSTER)
        await client.get_generation("18473")
        await client.calculate_price(POSTER)
        await client.get_balance()
        await client.find_generation(POSTER, since=NOON, known=set())
        await client.list_models()

    operations = ["stream", "generate", "look_up", "price", "balance", "history", "models"]
    assert heard == [(operation, 200) for operation in operations]


async def test_each_attempt_is_told() -> None:
    client, heard = listening(
        ScriptedService(
            httpx.ReadTimeout("late"), json_of({}, status=503), json_of({}, status=402)
        )
    )

    async with client:
        with suppress(ElumentaError):
            await client.get_balance()

    assert heard == [("balance", None), ("balance", 503), ("balance", 402)]


async def test_a_request_that_is_given_up_says_nothing_about_the_service() -> None:
    asked = asyncio.Event()

    async def hang(_: httpx.Request) -> httpx.Response:
        asked.set()
        await asyncio.Event().wait()
        raise AssertionError

    client, heard = listening(httpx.MockTransport(hang))
    async with client, asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(client.get_balance())
        await asked.wait()
        waiting.cancel()

    assert waiting.cancelled()
    assert heard == []


@pytest.mark.parametrize("name", ["a/b", "../balance", "generate", "%2F", "модель", "?x=1", "a b"])
async def test_names_of_models_do_not_become_names_of_operations(name: str) -> None:
    client, heard = listening(ScriptedService(json_of(PRICE)))

    async with client:
        await client.calculate_price(replace(POSTER, model=name))

    assert heard == [("price", 200)]


def test_ids_do_not_become_names_of_operations() -> None:
    paths = [f"/api/v2/generate/{one}" for one in ("1", "abc", "status", "%00")]

    names = [operation_of(path) for path in paths]

    assert all(one == other for one, other in pairwise(names))
    assert operation_of("/somewhere/else") == "other"
