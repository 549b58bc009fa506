import pytest
from aiohttp import ClientSession
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer
from bot.sandbox.elumenta.media_models import IMAGE_MODELS, VIDEO_MODELS
from bot.sandbox.elumenta.model import Model

MEDIA_MODELS = [*IMAGE_MODELS, *VIDEO_MODELS]


async def test_dall_e_is_described_as_the_page_models_get_does(caller: ClientSession) -> None:
    model = await (await caller.get("models/dall-e-3")).json()

    assert model["config"] == {
        "sizes": ["1024x1024", "1024x1792", "1792x1024"],
        "formats": ["webp", "png", "jpeg"],
        "quality_options": ["standard", "hd"],
    }
    assert (model["provider"], model["category"], model["min_plan"]) == ("OpenAI", "image", "free")
    costs = (model["token_cost"], model["min_token_cost"], model["max_token_cost"])
    assert costs == (5, 5, 13)
    assert model["supports_streaming"] is False


async def test_a_video_model_tells_its_durations_and_ratios(caller: ClientSession) -> None:
    model = await (await caller.get("models/kling-v2.1")).json()

    assert model["category"] == "video"
    assert model["config"] == {"durations": [5, 10], "aspect_ratios": ["16:9", "9:16", "1:1"]}


@pytest.mark.parametrize(
    "slug",
    [
        "midjourney-v6",
        "midjourney-turbo",
        "luma-flash2",
        "kling-v2.1-pro",
        "photon-1",
        "nano-banana-pro-2k",
        "luma-ray2-1080p",
        "mj-video-480p",
        "mj-video-720p",
    ],
)
async def test_former_names_of_models_are_not_found(caller: ClientSession, slug: str) -> None:
    described = await caller.get(f"models/{slug}")
    priced = await caller.post(f"models/{slug}/calculate-price", json={"params": {}})
    ordered = await caller.post("generate", json={"model": slug, "prompt": "a fox"})

    assert {described.status, priced.status, ordered.status} == {404}


@pytest.mark.parametrize(
    ("slug", "params", "tokens", "pricing"),
    [
        ("dall-e-3", {"size": "1792x1024", "quality": "hd"}, 13, "matrix"),
        ("dall-e-3", {}, 5, "matrix"),
        ("gpt-image-1.5", {"size": "1024x1536", "quality": "hd"}, 21, "matrix"),
        ("gpt-image-1.5", {}, 1, "matrix"),
        ("flux-1.1-pro", {"size": "768x1344", "seed": 42}, 4, "fixed"),
        ("midjourney", {}, 14, "per_point"),
        ("midjourney", {"aspect_ratio": "16:9"}, 16, "per_point"),
        ("midjourney", {"size": "16:9"}, 16, "per_point"),
        ("kling-v2.1", {}, 26, "per_second"),
        ("kling-v2.1", {"duration": 5}, 26, "per_second"),
        ("kling-v2.1", {"duration": 10}, 52, "per_second"),
        ("minimax-video", {"duration": 10}, 88, "fixed"),
        ("gpt-5", {"temperature": 0.5}, 2, "fixed"),
    ],
)
async def test_the_price_of_an_order_can_be_asked(
    server: ElumentaServer,
    caller: ClientSession,
    *,
    slug: str,
    params: dict[str, JsonValue],
    tokens: int,
    pricing: str,
) -> None:
    answer = await caller.post(
        f"models/{slug}/calculate-price", json={"params": params, "count": 1}
    )

    told = await answer.json()
    assert (told["token_cost"], told["pricing_type"]) == (tokens, pricing)
    assert server.charges == []


@pytest.mark.parametrize("model", MEDIA_MODELS, ids=lambda model: model.slug)
async def test_every_price_is_within_its_range(caller: ClientSession, model: Model) -> None:
    choices: list[dict[str, JsonValue]] = [{}]
    for name, values in model.options.items():
        choices += [{**choice, name: value} for choice in choices for value in values]

    for choice in choices:
        asked = {"params": choice}
        told = await (await caller.post(f"models/{model.slug}/calculate-price", json=asked)).json()
        assert told["min_token_cost"] <= told["token_cost"] <= told["max_token_cost"], choice


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"params": {"duration": 7}},
        {"params": {"size": "1024x1024"}},
        {"params": {}, "count": 0},
        {"params": {}, "count": "1"},
        {"params": {}, "duration": 10},
        [],
    ],
)
async def test_a_wrong_question_for_a_price_is_refused(
    caller: ClientSession, body: JsonValue
) -> None:
    response = await caller.post("models/kling-v2.1/calculate-price", json=body)

    assert response.status == 422


async def test_the_price_of_several_is_their_sum(caller: ClientSession) -> None:
    asked = {"params": {"duration": 10}, "count": 3}

    told = await (await caller.post("models/kling-v2.1/calculate-price", json=asked)).json()

    assert told["token_cost"] == 156
