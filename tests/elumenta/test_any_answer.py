import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.elumenta import ElumentaClient, ElumentaError
from tests.elumenta.service import POSTER, client_of

Call = Callable[[ElumentaClient], Awaitable[object]]

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)
WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
TIMES = st.sampled_from(
    [
        "2026-03-08T12:00:30Z",
        "2026-03-08T12:00:30",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        1e300,
        1773000000,
    ]
)
HINTS = ["width", "height", "duration", "duration_seconds", "seed"]
METADATA = st.fixed_dictionaries({}, optional=dict.fromkeys(HINTS, WILD))
GENERATIONS = st.fixed_dictionaries(
    {"id": WILD | st.integers(), "status": WILD | st.sampled_from(["completed", "failed"])},
    optional={
        **dict.fromkeys(HINTS, WILD),
        "model_slug": WILD | st.just(POSTER.model),
        "prompt": WILD | st.just(POSTER.prompt),
        "result_url": WILD,
        "result_metadata": WILD | METADATA,
        "tokens_spent": WILD,
        "processing_ms": WILD,
        "eta_seconds": WILD,
        "created_at": WILD | TIMES,
    },
)
HISTORIES = st.fixed_dictionaries(
    {"items": WILD | st.lists(WILD | GENERATIONS, max_size=3)},
    optional={"limit": WILD | st.integers(min_value=0, max_value=3)},
)
ACCOUNTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(["token_cost", "min_token_cost", "max_token_cost"], WILD),
        "token_balance": WILD | st.integers(),
        "plan": WILD,
        "plan_expires_at": WILD | TIMES,
    },
)
MODELS = st.fixed_dictionaries(
    {"slug": WILD | st.text(min_size=1)},
    optional=dict.fromkeys(
        ["name", "category", "token_cost", "max_token_cost", "description_en", "description_"],
        WILD,
    ),
)
LISTS = st.lists(WILD | MODELS, max_size=3)
ENVELOPES = LISTS | st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(["items", "models", "data"], WILD | LISTS), "total": WILD}
)
BODIES = st.binary(max_size=100) | (WILD | GENERATIONS | HISTORIES | ACCOUNTS | ENVELOPES).map(
    lambda value: json.dumps(value).encode()
)
CALLS: dict[str, Call] = {
    "generate": lambda client: client.generate(POSTER),
    "get": lambda client: client.get_generation("1"),
    "find": lambda client: client.find_generation(POSTER, since=NOON, known={"7"}),
    "price": lambda client: client.calculate_price(POSTER),
    "balance": lambda client: client.get_balance(),
    "models": lambda client: client.list_models(),
}


async def refusal(call: Call, client: ElumentaClient) -> ElumentaError | None:
    """Give the error that the call ends with, if it does."""
    try:
        await call(client)
    except ElumentaError as error:
        return error
    return None


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@settings(deadline=None)
@given(body=BODIES, status=st.sampled_from([200, 202, 302, 402, 404, 422]))
async def test_no_answer_makes_anything_escape_but_an_error_of_ours(
    call: Call, body: bytes, status: int
) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))

    async with client_of(transport) as client:
        refused = await refusal(call, client)

    assert status < 300 or refused is not None


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("location", ["https://xn--/", "http://[::1", "\x00", "//\u00e9:99999999"])
async def test_an_odd_redirect_is_an_error_of_ours(call: Call, location: str) -> None:
    moved = httpx.Response(302, headers=[(b"Location", location.encode())])

    async with client_of(httpx.MockTransport(lambda _: moved)) as client:
        refused = await refusal(call, client)

    assert refused is not None
