from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest

from bot.elumenta import (
    Balance,
    Category,
    ElumentaClient,
    ElumentaError,
    Generation,
    GenerationStatus,
    InsufficientTokens,
    MediaOrder,
    Price,
    ProtocolError,
    RateLimited,
    RequestStyle,
    TimedOut,
    Unreachable,
)
from tests.elumenta.service import (
    AT_ONCE,
    FAILED,
    KEY,
    POSTER,
    ScriptedService,
    client_of,
    json_of,
)

ROOT = "https://elumenta.test"
ADDRESS = "https://storage.elumenta.ru/generations/18491.png"
COMPLETED = GenerationStatus.COMPLETED
PRICE = {
    "token_cost": 13,
    "min_token_cost": 5,
    "max_token_cost": 13,
    "pricing_type": "matrix",
}


def flat(service: ScriptedService) -> ElumentaClient:
    return ElumentaClient(
        KEY, base_url=ROOT, style=RequestStyle.FLAT, patience=AT_ONCE, transport=service
    )


async def test_an_order_in_the_params_style_carries_its_options_apart() -> None:
    service = ScriptedService(json_of({"id": 18491, "status": "pending"}))

    async with client_of(service) as client:
        await client.generate(POSTER)

    assert service.calls == ["POST /api/v2/generate"]
    assert service.bodies == [
        {
            "model": "flux-1.1-pro",
            "prompt": "A fox, as a poster",
            "params": {"size": "768x1344", "seed": 42},
        }
    ]


async def test_an_order_in_the_flat_style_carries_its_options_at_the_top() -> None:
    service = ScriptedService(json_of({"id": 18491, "status": "pending"}))

    async with flat(service) as client:
        await client.generate(POSTER)

    assert service.bodies == [
        {
            "model": "flux-1.1-pro",
            "prompt": "A fox, as a poster",
            "size": "768x1344",
            "seed": 42,
        }
    ]


@pytest.mark.parametrize(
    ("category", "model", "name"),
    [
        (Category.IMAGE, "midjourney", "size"),
        (Category.IMAGE, "midjourney-v6", "size"),
        (Category.VIDEO, "midjourney-video", "aspect_ratio"),
        (Category.VIDEO, "kling-v2.1", "aspect_ratio"),
    ],
)
async def test_only_a_picture_of_midjourney_has_its_shape_as_a_size_in_the_flat_style(
    category: Category, model: str, name: str
) -> None:
    service = ScriptedService(json_of({"id": 18495, "status": "pending"}))

    async with flat(service) as client:
        await client.generate(
            MediaOrder(
                category=category,
                model=model,
                prompt="A fox",
                params={"aspect_ratio": "9:16"},
            )
        )

    assert service.bodies == [{"model": model, "prompt": "A fox", name: "9:16"}]


@pytest.mark.parametrize(
    ("body", "generation"),
    [
        pytest.param(
            {
                "id": 18491,
                "status": "completed",
                "model_slug": "flux-1.1-pro",
                "result_url": ADDRESS,
                "tokens_spent": 4,
                "seed": 42,
                "processing_ms": 11650,
                "result_metadata": {"width": 768, "height": 1344},
                "created_at": "2026-03-08T12:02:30Z",
            },
            Generation(
                id="18491",
                status=COMPLETED,
                model="flux-1.1-pro",
                url=ADDRESS,
                tokens_spent=4,
                seed=42,
                width=768,
                height=1344,
                processing_seconds=11.65,
            ),
            id="newer picture",
        ),
        pytest.param(
            {
                "id": 18500,
                "status": "completed",
                "result_url": ADDRESS,
                "result_metadata": {"duration": 5, "width": 1920, "height": 1080, "seed": 7},
            },
            Generation(
                id="18500",
                status=COMPLETED,
                url=ADDRESS,
                width=1920,
                height=1080,
                duration_seconds=5,
                seed=7,
            ),
            id="newer video",
        ),
        pytest.param(
            {
                "id": "gen_1",
                "status": "completed",
                "model": "kling-v2.1",
                "url": ADDRESS,
                "duration": 5.2,
                "width": 1920,
                "height": 1080,
                "tokens_used": 26,
                "balance_remaining": 272,
            },
            Generation(
                id="gen_1",
                status=COMPLETED,
                model="kling-v2.1",
                url=ADDRESS,
                tokens_spent=26,
                width=1920,
                height=1080,
                duration_seconds=5.2,
            ),
            id="older video",
        ),
        pytest.param(
            {"id": "gen_2", "status": "completed", "output_url": ADDRESS, "duration_seconds": 30},
            Generation(id="gen_2", status=COMPLETED, url=ADDRESS, duration_seconds=30),
            id="older sound",
        ),
        pytest.param(
            {
                "id": 18495,
                "status": "pending",
                "model_slug": "midjourney",
                "eta_seconds": 45,
                "processing_ms": None,
            },
            Generation(
                id="18495", status=GenerationStatus.PENDING, model="midjourney", eta_seconds=45
            ),
            id="not ready",
        ),
        pytest.param(
            FAILED,
            Generation(
                id="18473", status=GenerationStatus.FAILED, error="Content policy violation"
            ),
            id="failed",
        ),
        pytest.param(
            {
                "id": 1,
                "status": "completed",
                "result_url": "",
                "url": ADDRESS,
                "result_metadata": {"width": -1, "height": 10**30, "duration": "long"},
                "seed": -1,
                "tokens_spent": 2**64,
                "processing_ms": "soon",
                "eta_seconds": 1e300,
            },
            Generation(id="1", status=COMPLETED, url=ADDRESS),
            id="odd hints",
        ),
        pytest.param(
            {"id": 1, "status": "completed", "result_metadata": [], "width": 640, "seed": "7"},
            Generation(id="1", status=COMPLETED, width=640, seed=7),
            id="odd metadata",
        ),
    ],
)
async def test_whatever_became_of_an_order_is_given(
    body: dict[str, object], generation: Generation
) -> None:
    async with client_of(ScriptedService(json_of(body))) as client:
        given = await client.generate(POSTER)

    assert given == generation


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (httpx.ReadTimeout("late"), TimedOut),
        (json_of({"error": "insufficient_tokens"}, status=402), InsufficientTokens),
        (json_of({"error": "rate_limit_exceeded", "retry_after": 847}, status=429), RateLimited),
        (json_of({"id": 1}), ProtocolError),
    ],
)
async def test_an_order_that_may_have_been_taken_is_sent_once(
    trouble: httpx.Response | httpx.TransportError, kind: type[ElumentaError]
) -> None:
    service = ScriptedService(trouble, json_of({"id": 18491, "status": "pending"}))

    async with client_of(service) as client:
        with pytest.raises(kind):
            await client.generate(POSTER)

    assert len(service.requests) == 1


async def test_an_order_that_was_not_sent_is_repeated_and_then_given_up() -> None:
    service = ScriptedService(httpx.ConnectError("refused"))

    async with client_of(service) as client:
        with pytest.raises(Unreachable):
            await client.generate(POSTER)

    assert len(service.requests) == 3


async def test_a_price_is_asked_with_the_options_apart_in_either_style() -> None:
    service = ScriptedService(json_of(PRICE))

    async with flat(service) as client:
        price = await client.calculate_price(POSTER)

    assert price == Price(tokens=13, min_tokens=5, max_tokens=13)
    assert service.calls == ["POST /api/v2/models/flux-1.1-pro/calculate-price"]
    assert service.bodies == [{"params": {"size": "768x1344", "seed": 42}, "count": 1}]


@pytest.mark.parametrize(
    "trouble", [httpx.ReadTimeout("late"), httpx.Response(500)], ids=["late", "failed"]
)
async def test_a_price_costs_nothing_and_is_asked_again(
    trouble: httpx.Response | httpx.TransportError,
) -> None:
    service = ScriptedService(trouble, json_of(PRICE))

    async with client_of(service) as client:
        price = await client.calculate_price(POSTER)

    assert price.tokens == 13
    assert len(service.requests) == 2


async def test_a_price_without_a_range_is_a_range_of_one() -> None:
    service = ScriptedService(json_of({"token_cost": 88, "min_token_cost": None}))

    async with client_of(service) as client:
        price = await client.calculate_price(POSTER)

    assert price == Price(tokens=88, min_tokens=88, max_tokens=88)


async def test_the_name_of_a_model_stays_a_name_in_an_address() -> None:
    service = ScriptedService(json_of(PRICE))

    async with client_of(service) as client:
        await client.calculate_price(replace(POSTER, model="../a?b"))

    assert service.requests[0].url.raw_path == b"/api/v2/models/..%2Fa%3Fb/calculate-price"


@pytest.mark.parametrize("body", [{}, [], {"token_cost": None}, {"token_cost": -1}])
async def test_what_is_no_price_is_a_protocol_error(body: object) -> None:
    async with client_of(ScriptedService(json_of(body))) as client:
        with pytest.raises(ProtocolError, match="no price"):
            await client.calculate_price(POSTER)


@pytest.mark.parametrize(
    ("body", "balance"),
    [
        (
            {
                "token_balance": 283,
                "plan": "vip",
                "plan_expires_at": "2026-04-08T00:00:00+03:00",
            },
            Balance(
                tokens=283,
                plan="vip",
                expires_at=datetime(2026, 4, 8, tzinfo=timezone(timedelta(hours=3))),
            ),
        ),
        (
            {"token_balance": 283, "plan": "vip", "plan_expires_at": "2026-04-08T00:00:00"},
            Balance(tokens=283, plan="vip", expires_at=datetime(2026, 4, 8, tzinfo=UTC)),
        ),
        (
            {"token_balance": 0, "plan": "", "plan_expires_at": "9999-12-31T23:59:59-01:00"},
            Balance(tokens=0, plan=None, expires_at=None),
        ),
        ({"token_balance": -2}, Balance(tokens=-2, plan=None, expires_at=None)),
    ],
    ids=["whole", "no zone", "odd hints", "in debt"],
)
async def test_the_balance_is_told(body: dict[str, object], balance: Balance) -> None:
    service = ScriptedService(json_of(body))

    async with client_of(service) as client:
        told = await client.get_balance()

    assert told == balance
    assert service.calls == ["GET /api/v2/balance"]


@pytest.mark.parametrize("body", [{}, None, {"token_balance": "plenty"}, {"plan": "vip"}])
async def test_what_is_no_balance_is_a_protocol_error(body: object) -> None:
    async with client_of(ScriptedService(json_of(body))) as client:
        with pytest.raises(ProtocolError, match="no balance"):
            await client.get_balance()
