import pytest
from aiohttp import ClientSession
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer, Making
from bot.sandbox.elumenta.media_models import IMAGE_MODELS, VIDEO_MODELS
from bot.sandbox.elumenta.model import Model

MEDIA_MODELS = [*IMAGE_MODELS, *VIDEO_MODELS]


@pytest.mark.parametrize(
    ("model", "params", "field"),
    [
        ("flux-1.1-pro", {"size": "1024x1792"}, "size"),
        ("flux-1.1-pro", {"size": 1024}, "size"),
        ("flux-1.1-pro", {"size": ["1024x1024"]}, "size"),
        ("flux-1.1-pro", {"quality": "hd"}, "quality"),
        ("flux-1.1-pro", {"seed": "42"}, "seed"),
        ("flux-1.1-pro", {"seed": True}, "seed"),
        ("flux-1.1-pro", {"seed": 1.5}, "seed"),
        ("flux-1.1-pro", {"seed": -1}, "seed"),
        ("flux-1.1-pro", {"seed": 2**32}, "seed"),
        ("flux-1.1-pro", {"negative_prompt": " "}, "negative_prompt"),
        ("flux-1.1-pro", {"negative_prompt": None}, "negative_prompt"),
        ("flux-1.1-pro", {"format": "gif"}, "format"),
        ("flux-1.1-pro", {"n": 2}, "n"),
        ("flux-1.1-pro", {"temperature": 1}, "temperature"),
        ("flux-1.1-pro", {"messages": []}, "messages"),
        ("flux-kontext-pro", {"image_url": "data:image/png;base64,xxxx"}, "image_url"),
        ("flux-kontext-pro", {"image_url": 5}, "image_url"),
        ("dall-e-3", {"seed": 42}, "seed"),
        ("dall-e-3", {"style": "wild"}, "style"),
        ("midjourney", {"aspect_ratio": "1:2"}, "aspect_ratio"),
        ("midjourney", {"size": "1024x1024"}, "size"),
        ("kling-v2.1", {"duration": 7}, "duration"),
        ("kling-v2.1", {"duration": "5"}, "duration"),
        ("kling-v2.1", {"duration": 5.0}, "duration"),
        ("kling-v2.1", {"aspect_ratio": "2:3"}, "aspect_ratio"),
        ("kling-v2.1", {"format": "mp4"}, "format"),
        ("kling-v2.1", {"seed": 1}, "seed"),
    ],
)
@pytest.mark.parametrize("flat", [True, False])
async def test_what_a_model_does_not_know_is_refused(
    server: ElumentaServer,
    caller: ClientSession,
    model: str,
    params: dict[str, JsonValue],
    field: str,
    *,
    flat: bool,
) -> None:
    body: dict[str, JsonValue] = {"model": model, "prompt": "a fox"}
    body |= params if flat else {"params": params}

    response = await caller.post("generate", json=body)

    refusal = await response.json()
    assert (response.status, refusal["error"]) == (422, "validation_error")
    assert list(refusal["details"]["fields"]) == [field]
    assert server.newest_first() == []


@pytest.mark.parametrize("model", ["flux-1.1-pro", "kling-v2.1"])
@pytest.mark.parametrize("prompt", [{}, {"prompt": ""}, {"prompt": "  "}, {"prompt": 5}])
async def test_a_prompt_is_required(
    caller: ClientSession, model: str, prompt: dict[str, JsonValue]
) -> None:
    response = await caller.post("generate", json={"model": model, **prompt})

    assert response.status == 422
    assert list((await response.json())["details"]["fields"]) == ["prompt"]


@pytest.mark.parametrize("path", ["generate", "generate/stream"])
async def test_pictures_do_not_stream(caller: ClientSession, path: str) -> None:
    body = {"model": "flux-1.1-pro", "prompt": "a fox", "stream": True}

    response = await caller.post(path, json=body)

    assert response.status == 422


@pytest.mark.parametrize("model", MEDIA_MODELS, ids=lambda model: model.slug)
async def test_everything_a_model_offers_can_be_ordered_in_both_styles(
    server: ElumentaServer, caller: ClientSession, model: Model
) -> None:
    free: dict[str, JsonValue] = {
        "seed": 42,
        "negative_prompt": "people",
        "image_url": "https://example.org/fox.png",
    }
    server.script(Making(takes=0), times=100)

    for name, values in model.options.items():
        for value in values or (free[name],):
            body = {"model": model.slug, "prompt": "a fox"}
            inside = await caller.post("generate", json={**body, "params": {name: value}})
            flat_name = model.flat_names.get(name, name)
            flat = await caller.post("generate", json={**body, flat_name: value})
            assert (inside.status, flat.status) == (200, 200), (name, value)


async def test_options_in_params_win(server: ElumentaServer, caller: ClientSession) -> None:
    body = {"model": "flux-1.1-pro", "prompt": "a fox", "seed": 1, "params": {"seed": 2}}

    answer = await (await caller.post("generate", json=body)).json()

    assert answer["seed"] == 2
    assert len(server.charges) == 1


async def test_midjourney_takes_its_ratio_by_the_name_of_each_style(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Making(takes=0, pending=False), times=2)
    body = {"model": "midjourney", "prompt": "a fox --stylize 200"}

    flat = await (await caller.post("generate", json={**body, "size": "9:16"})).json()
    inside = {"params": {"aspect_ratio": "9:16"}}
    params = await (await caller.post("generate", json={**body, **inside})).json()
    confused = await caller.post("generate", json={**body, "aspect_ratio": "9:16"})

    assert flat["result_metadata"] == params["result_metadata"] == {"width": 816, "height": 1456}
    assert confused.status == 422


async def test_all_that_is_wrong_is_told_at_once(caller: ClientSession) -> None:
    body = {"model": "dall-e-3", "prompt": "a fox", "size": "1x1", "seed": 1}

    refusal = await (await caller.post("generate", json=body)).json()

    assert set(refusal["details"]["fields"]) == {"size", "seed"}
