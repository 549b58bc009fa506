import httpx
import pytest

from bot.elumenta import (
    ElumentaClient,
    ElumentaError,
    ListedModel,
    ModelUnavailable,
    ProtocolError,
    Unreachable,
)
from bot.sandbox.elumenta import ElumentaServer, Shape
from tests.elumenta.service import KEY, ScriptedService, client_of, json_of

GPT = {
    "slug": "gpt-5",
    "name": "GPT-5",
    "category": "text",
    "provider": "OpenAI",
    "min_plan": "basic",
    "token_cost": 2,
    "min_token_cost": 1,
    "max_token_cost": 3,
    "description_en": "For everything",
    "description_ru": "Для всего",
    "supports_streaming": True,
    "config": {},
}
LISTED = ListedModel(
    slug="gpt-5",
    name="GPT-5",
    category="text",
    min_tokens=1,
    max_tokens=3,
    descriptions={"en": "For everything", "ru": "Для всего"},
)
UNKNOWN = ListedModel(
    slug="x", name=None, category=None, min_tokens=None, max_tokens=None, descriptions={}
)


async def list_of(body: object) -> list[ListedModel]:
    async with client_of(ScriptedService(json_of(body))) as client:
        return await client.list_models()


@pytest.mark.parametrize(
    "body",
    [
        [GPT],
        {"items": [GPT]},
        {"models": [GPT], "total": 1},
        {"data": [GPT], "items": None, "total": "many"},
    ],
    ids=["bare", "items", "models", "data"],
)
async def test_models_are_read_from_any_envelope(body: object) -> None:
    assert await list_of(body) == [LISTED]


async def test_what_is_not_told_of_a_model_is_unknown() -> None:
    assert await list_of([{"slug": "x"}]) == [UNKNOWN]


@pytest.mark.parametrize(
    "oddity",
    [
        {"name": ""},
        {"name": 5, "category": ["text"]},
        {"token_cost": -1, "max_token_cost": "many"},
        {"token_cost": 2**63},
        {"description_en": None, "description_ru": ""},
    ],
)
async def test_an_odd_word_about_a_model_hides_nothing_but_itself(
    oddity: dict[str, object],
) -> None:
    assert await list_of([{"slug": "x", **oddity}]) == [UNKNOWN]


async def test_a_model_of_one_price_has_it_as_the_least_and_the_most() -> None:
    [model] = await list_of([{"slug": "x", "token_cost": 4}])

    assert (model.min_tokens, model.max_tokens) == (4, 4)


async def test_a_kind_that_nobody_documented_is_kept() -> None:
    [model] = await list_of([{"slug": "x", "category": "hologram"}])

    assert model.category == "hologram"


async def test_what_has_no_name_to_order_it_by_is_left_out() -> None:
    nameless: list[object] = [None, 5, "gpt-5", {}, {"slug": ""}, {"slug": None, "name": "X"}]

    assert await list_of([*nameless, GPT]) == [LISTED]


@pytest.mark.parametrize(
    "body",
    [{}, {"items": None}, {"items": {"slug": "x"}}, "models", {"items": [GPT], "total": 2}],
    ids=["nothing", "null", "no list", "no object", "a part"],
)
async def test_what_is_no_list_of_all_models_is_a_protocol_error(body: object) -> None:
    with pytest.raises(ProtocolError):
        await list_of(body)


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [(httpx.ConnectError("nobody"), Unreachable), (httpx.Response(503), ModelUnavailable)],
)
async def test_a_list_that_cannot_be_had_is_not_asked_for_again(
    trouble: httpx.Response | httpx.TransportError, kind: type[ElumentaError]
) -> None:
    service = ScriptedService(trouble, json_of([GPT]))

    async with client_of(service) as client:
        with pytest.raises(kind):
            await client.list_models()

    assert service.calls == ["GET /api/v2/models"]


@pytest.mark.parametrize("shape", Shape)
async def test_the_list_of_the_stand_in_is_read_in_both_shapes(shape: Shape) -> None:
    server = ElumentaServer(pace=0)
    server.shape, server.api_key = shape, KEY
    await server.start()

    try:
        async with ElumentaClient(KEY, base_url=server.url) as client:
            models = {model.slug: model for model in await client.list_models()}
    finally:
        await server.close()

    assert len(models) == 29
    assert (models["dall-e-3"].min_tokens, models["dall-e-3"].max_tokens) == (5, 13)
    assert models["dall-e-3"].descriptions == {"en": "DALL-E 3 by OpenAI"}
