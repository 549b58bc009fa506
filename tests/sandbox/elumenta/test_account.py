from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import pytest
from aiohttp import ClientSession
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer, Shape
from bot.sandbox.elumenta.limits import RateLimits
from bot.sandbox.elumenta.refusals import Refusal

HELLO: dict[str, JsonValue] = {"model": "gpt-5", "prompt": "hello"}


async def test_the_balance_has_the_documented_fields(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.balance, server.plan = 283, "vip"

    told = await (await caller.get("balance")).json()

    assert set(told) == {"token_balance", "plan", "plan_expires_at"}
    assert (told["token_balance"], told["plan"]) == (283, "vip")


@pytest.mark.parametrize(
    ("ends_at", "told"),
    [
        (datetime(2026, 4, 8, 12, tzinfo=UTC), "2026-04-08T12:00:00Z"),
        (datetime(2026, 4, 8, tzinfo=timezone(timedelta(hours=3))), "2026-04-07T21:00:00Z"),
        (None, None),
    ],
)
async def test_the_end_of_the_plan_can_be_set(
    server: ElumentaServer, caller: ClientSession, ends_at: datetime | None, told: str | None
) -> None:
    server.plan_expires_at = ends_at

    balance = await (await caller.get("balance")).json()

    assert balance["plan_expires_at"] == told


async def test_all_models_are_listed(server: ElumentaServer, caller: ClientSession) -> None:
    wrapped = await (await caller.get("models")).json()
    server.shape = Shape.B
    bare = await (await caller.get("models")).json()

    assert wrapped == {"items": bare}
    count = Counter(model["category"] for model in bare)
    assert count == {"text": 12, "image": 10, "video": 7}


async def test_a_model_tells_its_price(caller: ClientSession) -> None:
    model = await (await caller.get("models/gpt-5.2-pro")).json()

    assert (model["token_cost"], model["min_plan"]) == (39, "basic")
    assert model["supports_streaming"] is True


async def test_the_history_is_paged_newest_first(caller: ClientSession) -> None:
    for word in ("one", "two", "three"):
        await caller.post("generate", json={"model": "gpt-5", "prompt": word})

    page = await (await caller.get("user/history", params={"limit": 2})).json()
    rest = await (await caller.get("user/history", params={"limit": 2, "page": 2})).json()

    assert [item["prompt"] for item in page["items"]] == ["three", "two"]
    assert [item["prompt"] for item in rest["items"]] == ["one"]
    assert (page["total"], page["page"], page["limit"]) == (3, 1, 2)


async def test_the_history_of_shape_b_counts_its_pages(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.shape = Shape.B
    await caller.post("generate", json=HELLO)

    page = await (await caller.get("user/history", params={"type": "text"})).json()

    assert page["pages"] == 1
    assert page["items"][0]["tokens_used"] == 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"status": "completed"}, 1),
        ({"status": "failed"}, 0),
        ({"category": "image"}, 0),
        ({"model_slug": "gpt-5"}, 1),
        ({"model": "deepseek-r1"}, 0),
    ],
)
async def test_the_history_can_be_filtered(
    caller: ClientSession, query: dict[str, str], found: int
) -> None:
    await caller.post("generate", json=HELLO)

    page = await (await caller.get("user/history", params=query)).json()

    assert page["total"] == found


@pytest.mark.parametrize("query", [{"limit": "101"}, {"page": "0"}, {"order": "newest"}])
async def test_a_wrong_history_query_is_refused(
    caller: ClientSession, query: dict[str, str]
) -> None:
    response = await caller.get("user/history", params=query)

    assert response.status == 422


async def test_the_limits_are_told_on_every_answer(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.limits.hourly, server.limits.daily = 2, 10

    answers = [
        await caller.post("generate/stream", json=HELLO),
        await caller.get("generate/none"),
        await caller.post("generate", json=HELLO),
        await caller.post("generate", json=HELLO),
    ]
    bodies = [await answer.text() for answer in answers]

    assert [answer.status for answer in answers] == [200, 404, 200, 429]
    left = [answer.headers["X-RateLimit-Remaining-Hour"] for answer in answers]
    assert left == ["1", "1", "0", "0"]
    assert {answer.headers["X-RateLimit-Limit-Day"] for answer in answers} == {"10"}
    assert '"limit_hour": 2' in bodies[-1]
    assert len(server.charges) == 2


async def test_polls_can_count_too(server: ElumentaServer, caller: ClientSession) -> None:
    server.limits.hourly = 1
    server.polls_count = True

    first = await caller.get("balance")
    second = await caller.get("balance")

    assert (first.status, second.status) == (200, 429)


async def test_a_limit_that_is_renewed_lets_requests_pass_again(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.limits.hourly = server.limits.daily = 1
    await caller.post("generate", json=HELLO)
    refused = await caller.post("generate", json=HELLO)

    server.limits.renew()
    passed = await caller.post("generate", json=HELLO)

    assert (refused.status, passed.status) == (429, 200)


def test_a_limit_ends_with_its_hour() -> None:
    now = 1_000.0
    limits = RateLimits(hourly=1, clock=lambda: now)
    limits.count(plan="vip")
    now += 3_599

    with pytest.raises(Refusal) as refused:
        limits.count(plan="vip")
    now += 1
    limits.count(plan="vip")

    assert refused.value.body["retry_after"] == 1


def test_an_hour_can_end_early() -> None:
    now = 1_000.0
    limits = RateLimits(hourly=1, clock=lambda: now)
    limits.count(plan="vip")

    limits.end_hour_in(2)
    told = limits.headers()
    with pytest.raises(Refusal) as refused:
        limits.count(plan="vip")
    now += 2
    limits.count(plan="vip")

    assert told["X-RateLimit-Reset-Hour"] == "1002"
    assert refused.value.body["retry_after"] == 2
    assert limits.headers()["X-RateLimit-Reset-Hour"] == "4602"


def test_a_day_goes_on_when_its_hour_ends_early() -> None:
    now = 1_000.0
    limits = RateLimits(daily=1, clock=lambda: now)
    limits.count(plan="vip")

    limits.end_hour_in(2)
    now += 2

    with pytest.raises(Refusal):
        limits.count(plan="vip")
