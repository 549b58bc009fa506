from datetime import UTC, datetime

import httpx
import pytest

from bot.elumenta import RateLimits
from tests.elumenta.service import (
    COMPLETED,
    WHOLE_STREAM,
    ScriptedService,
    client_of,
    json_of,
    listen,
    stream_of,
)

HEADERS = {
    "X-RateLimit-Limit-Hour": "100",
    "X-RateLimit-Remaining-Hour": "87",
    "X-RateLimit-Limit-Day": "1000",
    "X-RateLimit-Remaining-Day": "912",
    "X-RateLimit-Reset-Hour": "1767225600",
}
LIMITS = RateLimits(
    limit_hour=100,
    remaining_hour=87,
    limit_day=1000,
    remaining_day=912,
    hour_resets_at=datetime(2026, 1, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    "answer",
    [stream_of(WHOLE_STREAM), json_of(COMPLETED), httpx.Response(402), httpx.Response(500)],
    ids=["stream", "JSON", "refusal", "failure"],
)
async def test_every_answer_tells_the_limits(answer: httpx.Response) -> None:
    answer.headers.update(HEADERS)

    async with client_of(ScriptedService(answer)) as client:
        await listen(client)

    assert client.limits == LIMITS


async def test_an_answer_without_limits_leaves_those_known() -> None:
    telling = json_of(COMPLETED)
    telling.headers.update(HEADERS)

    async with client_of(ScriptedService(telling, json_of(COMPLETED))) as client:
        unknown = client.limits
        await listen(client)
        await listen(client)

    assert unknown is None
    assert client.limits == LIMITS


async def test_after_an_answer_that_tells_no_limits_none_are_known_to_be() -> None:
    async with client_of(ScriptedService(json_of(COMPLETED))) as client:
        await listen(client)

    assert client.limits == RateLimits()


async def test_odd_limits_are_unknown_limits() -> None:
    odd = json_of(COMPLETED)
    odd.headers.update(dict.fromkeys(HEADERS, "lots") | {"X-RateLimit-Limit-Hour": "5"})

    async with client_of(ScriptedService(odd)) as client:
        await listen(client)

    assert client.limits == RateLimits(limit_hour=5)
