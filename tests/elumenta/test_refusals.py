import httpx
import pytest

from bot.elumenta import (
    BadRequest,
    ElumentaClient,
    ElumentaError,
    InsufficientTokens,
    ModelUnavailable,
    NotFound,
    PlanTooLow,
    ProviderFailed,
    RateLimited,
    StatusError,
    Unauthorized,
)
from tests.elumenta.service import (
    ADDRESS,
    AT_ONCE,
    COMPLETED,
    FAILED,
    HELLO,
    KEY,
    WHOLE_STREAM,
    ScriptedService,
    json_of,
    listen,
    stream_of,
)

NO_REFUSALS = [
    json_of(COMPLETED),
    json_of(FAILED),
    json_of({}, status=302),
    stream_of(WHOLE_STREAM),
    stream_of(b'data: {"type": "error", "message": "overloaded"}\n\n'),
    httpx.ConnectError("refused"),
    httpx.ReadTimeout("late"),
]


def watched(
    *answers: httpx.Response | httpx.TransportError,
) -> tuple[ElumentaClient, list[StatusError]]:
    """Give a client for these answers, and the refusals that it told of."""
    told: list[StatusError] = []
    client = ElumentaClient(
        KEY,
        base_url=ADDRESS,
        patience=AT_ONCE,
        on_refusal=told.append,
        transport=ScriptedService(*answers),
    )
    return client, told


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequest),
        (401, Unauthorized),
        (402, InsufficientTokens),
        (403, PlanTooLow),
        (404, NotFound),
        (422, BadRequest),
        (500, ProviderFailed),
    ],
)
async def test_the_refusal_of_an_order_is_told_and_then_raised(
    status: int, kind: type[StatusError]
) -> None:
    client, told = watched(json_of({"message": "Because."}, status=status))

    async with client:
        with pytest.raises(kind) as raised:
            await client.chat(HELLO, model="gpt-5")

    assert told == [raised.value]


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (httpx.Response(503), ModelUnavailable),
        (json_of({"retry_after": 0}, status=429), RateLimited),
    ],
)
async def test_every_attempt_that_is_refused_is_told(
    refusal: httpx.Response, kind: type[StatusError]
) -> None:
    client, told = watched(refusal, refusal, stream_of(WHOLE_STREAM))

    async with client:
        _, error = await listen(client)

    assert error is None
    assert [type(one) for one in told] == [kind, kind]


async def test_the_refusal_of_a_look_up_is_told_too() -> None:
    client, told = watched(httpx.Response(401))

    async with client:
        with pytest.raises(Unauthorized):
            await client.get_balance()

    assert [error.status for error in told] == [401]


@pytest.mark.parametrize("answer", NO_REFUSALS, ids=repr)
async def test_what_is_no_error_of_http_is_no_refusal(
    answer: httpx.Response | httpx.TransportError,
) -> None:
    client, told = watched(answer)

    async with client:
        await listen(client)

    assert told == []


async def test_a_refusal_that_quotes_the_key_is_told_without_it() -> None:
    client, told = watched(json_of({"message": f"bad key {KEY}"}, status=401))

    async with client:
        with pytest.raises(ElumentaError):
            await client.get_balance()

    assert [error.message for error in told] == ["bad key [key]"]
