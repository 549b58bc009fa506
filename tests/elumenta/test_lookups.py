from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from bot.elumenta import (
    Category,
    ElumentaError,
    Generation,
    GenerationStatus,
    MediaOrder,
    ModelUnavailable,
    NotFound,
    ProtocolError,
    TimedOut,
)
from tests.elumenta.service import COMPLETED, POSTER, ScriptedService, client_of, json_of

LOOK = "GET /api/v2/generate/18473"
LEGACY_LOOK = "GET /api/v2/generate/status/18473"
MISSING = json_of({"error": "not_found"}, status=404)
NOON = datetime(2026, 3, 8, 12, 0, 0, tzinfo=UTC)


def item(
    id: int | str = 18491,  # noqa: A002 (the word of the API)
    *,
    after: float = 0,
    model: str = "flux-1.1-pro",
    prompt: str = "A fox, as a poster",
    status: str = "completed",
) -> dict[str, object]:
    """An item of the history in the newer shape, so many seconds after noon."""
    return {
        "id": id,
        "model_slug": model,
        "model_name": "Flux 1.1 Pro",
        "category": "image",
        "prompt": prompt,
        "status": status,
        "result_text": None,
        "result_url": f"https://storage.elumenta.ru/generations/{id}.png",
        "tokens_spent": 4,
        "created_at": (NOON + timedelta(seconds=after)).isoformat(),
    }


def history(*items: object, page: int = 1, limit: int = 50) -> httpx.Response:
    return json_of({"items": items, "total": 500, "page": page, "limit": limit})


def chatter(count: int, *, after: float) -> list[dict[str, object]]:
    """Items of others, newest first."""
    return [item(20000 + n, after=after - n, model="gpt-5", prompt="Hi") for n in range(count)]


async def find(
    service: ScriptedService, *, order: MediaOrder = POSTER, known: tuple[str, ...] = ()
) -> Generation | None:
    async with client_of(service) as client:
        return await client.find_generation(order, since=NOON, known=known)


async def test_a_look_up_finds_the_older_path_and_keeps_to_it() -> None:
    service = ScriptedService(MISSING, json_of(COMPLETED))

    async with client_of(service) as client:
        first = await client.get_generation("18473")
        second = await client.get_generation("18473")

    assert first == second
    assert service.calls == [LOOK, LEGACY_LOOK, LEGACY_LOOK]


@pytest.mark.parametrize(
    "trouble",
    [httpx.Response(405), httpx.Response(422), json_of("<html>")],
    ids=["no such method", "no such id", "a page"],
)
async def test_what_the_older_path_says_of_itself_does_not_count(trouble: httpx.Response) -> None:
    service = ScriptedService(MISSING, trouble, json_of(COMPLETED))

    async with client_of(service) as client:
        with pytest.raises(NotFound):
            await client.get_generation("18473")
        await client.get_generation("18473")

    assert service.calls == [LOOK, LEGACY_LOOK, LOOK]


async def test_a_failure_of_the_older_path_is_not_taken_for_a_missing_generation() -> None:
    service = ScriptedService(MISSING, httpx.Response(503))

    async with client_of(service) as client:
        with pytest.raises(ModelUnavailable):
            await client.get_generation("18473", repeats=False)


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(httpx.ReadTimeout("late"), TimedOut), (httpx.Response(503), ModelUnavailable)],
)
async def test_a_look_up_that_shall_not_be_repeated_is_not(
    trouble: httpx.Response | httpx.TransportError, kind: type[ElumentaError]
) -> None:
    service = ScriptedService(trouble, json_of(COMPLETED))

    async with client_of(service) as client:
        with pytest.raises(kind):
            await client.get_generation("18473", repeats=False)

    assert service.calls == [LOOK]


async def test_an_order_is_found_in_the_history() -> None:
    service = ScriptedService(history(item(18492, prompt="A cat"), item(18491)))

    found = await find(service)

    assert found == Generation(
        id="18491",
        status=GenerationStatus.COMPLETED,
        model="flux-1.1-pro",
        url="https://storage.elumenta.ru/generations/18491.png",
        tokens_spent=4,
    )
    [request] = service.requests
    assert request.url.path == "/api/v2/user/history"
    assert dict(request.url.params) == {"page": "1", "limit": "50"}


async def test_an_order_is_found_in_a_history_of_the_older_shape() -> None:
    past = {
        "id": "gen_01j9",
        "type": "image",
        "model": "flux-1.1-pro",
        "status": "pending",
        "prompt": "A fox, as a poster",
        "url": None,
        "tokens_used": 0,
        "created_at": "2026-03-08T12:00:30",
    }

    found = await find(ScriptedService(json_of({"items": [past], "pages": 1})))

    assert found == Generation(
        id="gen_01j9", status=GenerationStatus.PENDING, model="flux-1.1-pro", tokens_spent=0
    )


@pytest.mark.parametrize(
    "other",
    [
        item(model="flux-schnell"),
        item(model="gpt-5"),
        item(prompt="A fox, as a postcard"),
        item(after=-1),
        item("known"),
        item() | {"model_slug": None},
        item() | {"prompt": ["A fox, as a poster"]},
    ],
    ids=["model", "kind", "prompt", "time", "known", "no model", "no prompt"],
)
async def test_what_may_be_another_order_is_not_taken_for_it(other: dict[str, object]) -> None:
    service = ScriptedService(history(other))

    found = await find(service, known=("known",))

    assert found is None


@pytest.mark.parametrize(
    ("category", "asked", "shown"),
    [
        (Category.IMAGE, "midjourney", "midjourney-v6"),
        (Category.IMAGE, "Midjourney-Turbo", "midjourney"),
        (Category.VIDEO, "luma-ray2-flash", "luma-flash2"),
        (Category.IMAGE, "a-new-model", "A-New-Model"),
    ],
)
async def test_a_model_is_the_same_under_each_of_its_names(
    category: Category, asked: str, shown: str
) -> None:
    order = MediaOrder(category=category, model=asked, prompt="A fox", params={})

    found = await find(ScriptedService(history(item(model=shown, prompt="A fox"))), order=order)

    assert found is not None


async def test_a_prompt_is_the_same_however_it_is_spaced() -> None:
    order = replace(POSTER, prompt=" A fox,\n as a poster")

    found = await find(ScriptedService(history(item())), order=order)

    assert found is not None


async def test_whole_seconds_of_the_service_do_not_hide_an_order() -> None:
    service = ScriptedService(history(item()))

    async with client_of(service) as client:
        found = await client.find_generation(
            POSTER, since=NOON + timedelta(milliseconds=900), known=()
        )

    assert found is not None


async def test_the_oldest_of_equal_orders_is_found() -> None:
    service = ScriptedService(
        history(item(3, after=30), item(2, after=20), item(1, after=10), item(0, after=5))
    )

    found = await find(service, known=("0",))

    assert found is not None
    assert found.id == "1"


async def test_full_pages_are_turned_until_one_is_older() -> None:
    service = ScriptedService(
        history(item(2, after=200), *chatter(49, after=100)),
        history(item(1, after=40), *chatter(49, after=30)),
        history(item(0, after=-60)),
    )

    found = await find(service)

    assert found is not None
    assert found.id == "1"
    assert [request.url.params["page"] for request in service.requests] == ["1", "2"]


async def test_a_page_that_is_not_full_is_the_last() -> None:
    service = ScriptedService(history(*chatter(49, after=100)))

    found = await find(service)

    assert found is None
    assert len(service.requests) == 1


async def test_a_service_with_small_pages_has_its_pages_turned() -> None:
    service = ScriptedService(
        history(*chatter(20, after=100), limit=20), history(item(), limit=20)
    )

    found = await find(service)

    assert found is not None


async def test_a_history_too_busy_to_search_does_not_say_that_there_is_nothing() -> None:
    service = ScriptedService(history(*chatter(50, after=1000)))

    with pytest.raises(ProtocolError, match="too long"):
        await find(service)

    assert len(service.requests) == 2 * 5


async def test_in_a_busy_history_an_order_is_looked_for_among_what_is_of_its_category() -> None:
    service = ScriptedService(*[history(*chatter(50, after=1000))] * 5, history(item(1, after=2)))

    found = await find(service)

    assert found is not None
    assert found.id == "1"
    assert [request.url.params.get("category") for request in service.requests] == [
        *[None] * 5,
        "image",
    ]


async def test_what_is_not_among_its_category_in_a_busy_history_is_not_there() -> None:
    others = history(item(2, after=40, prompt="A cat"), item(1, after=20, prompt="A dog"))
    service = ScriptedService(*[history(*chatter(50, after=1000))] * 5, others)

    assert await find(service) is None


async def test_a_category_in_which_there_is_nothing_proves_nothing() -> None:
    service = ScriptedService(*[history(*chatter(50, after=1000))] * 5, history())

    with pytest.raises(ProtocolError, match="too long"):
        await find(service)


async def test_what_cannot_be_read_in_a_history_is_passed_over() -> None:
    broken: list[object] = [None, 5, {}, item() | {"created_at": "lately"}, item() | {"id": None}]

    found = await find(ScriptedService(history(*broken, item(7))))

    assert found is not None
    assert found.id == "7"


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"items": None},
        {"items": [None]},
        {"items": [item() | {"created_at": None}]},
    ],
)
async def test_a_history_of_which_nothing_can_be_read_is_a_protocol_error(body: object) -> None:
    with pytest.raises(ProtocolError):
        await find(ScriptedService(json_of(body)))


async def test_an_empty_history_holds_nothing() -> None:
    found = await find(ScriptedService(history()))

    assert found is None


async def test_a_full_history_that_begins_with_the_oldest_proves_nothing() -> None:
    service = ScriptedService(history(*reversed(chatter(50, after=-1000))))

    with pytest.raises(ProtocolError, match="begins with the oldest"):
        await find(service)


async def test_a_search_is_not_repeated() -> None:
    service = ScriptedService(httpx.Response(503), history(item()))

    with pytest.raises(ModelUnavailable):
        await find(service)

    assert len(service.requests) == 1
