import time

import httpx
import pytest

from bot.elumenta import (
    ElumentaError,
    ModelUnavailable,
    ProviderFailed,
    RateLimited,
    TimedOut,
    Unreachable,
)
from tests.elumenta.service import (
    COMPLETED,
    HELLO,
    WHOLE_ANSWER,
    WHOLE_STREAM,
    ScriptedService,
    client_of,
    json_of,
    listen,
    stream_of,
)

Trouble = httpx.Response | httpx.TransportError

NOTHING_SENT = [
    httpx.ConnectError("refused"),
    httpx.ConnectTimeout("slow"),
    httpx.PoolTimeout("full"),
    httpx.ProxyError("407"),
]
PERHAPS_TAKEN = [
    httpx.ReadTimeout("late"),
    httpx.WriteTimeout("late"),
    httpx.ReadError("reset"),
    httpx.WriteError("reset"),
    httpx.RemoteProtocolError("cut"),
]


def limited(retry_after: float | None) -> httpx.Response:
    return json_of({"error": "rate_limit_exceeded", "retry_after": retry_after}, status=429)


def name(value: object) -> str:
    return str(value.status_code) if isinstance(value, httpx.Response) else type(value).__name__


@pytest.mark.parametrize("trouble", [*NOTHING_SENT, httpx.Response(503), limited(0)], ids=name)
async def test_a_paid_request_that_was_not_taken_is_repeated(trouble: Trouble) -> None:
    service = ScriptedService(trouble, trouble, stream_of(WHOLE_STREAM))

    async with client_of(service) as client:
        events, error = await listen(client)

    assert events == WHOLE_ANSWER
    assert error is None
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (httpx.ConnectError("refused"), Unreachable),
        (httpx.Response(503), ModelUnavailable),
        (limited(0), RateLimited),
    ],
)
async def test_three_attempts_are_enough(trouble: Trouble, kind: type[ElumentaError]) -> None:
    service = ScriptedService(trouble)

    async with client_of(service) as client:
        with pytest.raises(kind):
            await client.chat(HELLO, model="gpt-5")

    assert len(service.requests) == 3


@pytest.mark.parametrize("trouble", PERHAPS_TAKEN, ids=name)
async def test_a_paid_request_that_was_perhaps_taken_is_never_repeated(trouble: Trouble) -> None:
    service = ScriptedService(trouble, json_of(COMPLETED))

    async with client_of(service) as client:
        with pytest.raises(TimedOut):
            await client.chat(HELLO, model="gpt-5")

    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [500, 502, 504, 520])
async def test_a_paid_request_that_failed_inside_is_never_repeated(status: int) -> None:
    service = ScriptedService(httpx.Response(status), json_of(COMPLETED))

    async with client_of(service) as client:
        with pytest.raises(ProviderFailed):
            await client.chat(HELLO, model="gpt-5")

    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [400, 401, 402, 403, 422])
async def test_a_refusal_is_taken_at_its_word(status: int) -> None:
    service = ScriptedService(httpx.Response(status), json_of(COMPLETED))

    async with client_of(service) as client:
        with pytest.raises(ElumentaError):
            await client.get_generation("18473")
        generation = await client.get_generation("18473")

    assert generation.text == "Hi"
    assert len(service.requests) == 2


@pytest.mark.parametrize(
    "trouble",
    [*NOTHING_SENT, *PERHAPS_TAKEN, *map(httpx.Response, (500, 502, 503, 504)), limited(0)],
    ids=name,
)
async def test_a_look_up_costs_nothing_and_is_repeated(trouble: Trouble) -> None:
    service = ScriptedService(trouble, json_of(COMPLETED))

    async with client_of(service) as client:
        generation = await client.get_generation("18473")

    assert generation.text == "Hi"
    assert len(service.requests) == 2


@pytest.mark.parametrize("retry_after", [10.5, 847, None])
async def test_a_long_or_unknown_limit_is_told_at_once(retry_after: float | None) -> None:
    service = ScriptedService(limited(retry_after))

    async with client_of(service) as client:
        with pytest.raises(RateLimited) as caught:
            await client.chat(HELLO, model="gpt-5")

    assert caught.value.retry_after == retry_after
    assert len(service.requests) == 1


async def test_a_short_limit_is_waited_for() -> None:
    service = ScriptedService(limited(0.05), json_of(COMPLETED))
    began = time.monotonic()

    async with client_of(service) as client:
        await client.chat(HELLO, model="gpt-5")

    assert time.monotonic() - began >= 0.05
