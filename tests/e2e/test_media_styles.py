"""Both ways to send options to the service, and both shapes of its answers."""

import pytest

from bot.sandbox.elumenta import Making, Shape
from tests.e2e.seeing import bodies, file_of, result
from tests.stage import Stage

QUICK = Making(pending=True, takes=0.3, eta_seconds=1)

ORDERS: dict[str, tuple[str, dict[str, object]]] = {
    "/image --seed 7 moon": ("flux-1.1-pro", {"seed": 7, "format": "png"}),
    "/image --model midjourney --aspect 16:9 castle": (
        "midjourney",
        {"aspect_ratio": "16:9", "format": "png"},
    ),
    "/video --duration 10 --aspect 1:1 --no rain -- bear": (
        "kling-v2.1",
        {"duration": 10, "aspect_ratio": "1:1", "negative_prompt": "rain"},
    ),
}


def body(style: str, model: str, prompt: str, options: dict[str, object]) -> dict[str, object]:
    """What the service is sent; the older style calls the shape of Midjourney's pictures size."""
    if style == "params":
        return {"model": model, "prompt": prompt, "params": options}
    names = {"aspect_ratio": "size"} if model == "midjourney" else {}
    flat = {names.get(name, name): value for name, value in options.items()}
    return {"model": model, "prompt": prompt, **flat}


@pytest.mark.parametrize("style", ["params", "flat"])
async def test_both_request_styles_and_both_answer_shapes_bring_results(
    stage: Stage, style: str
) -> None:
    await stage.start_bot(elumenta_request_style=style, confirm_above="1000")
    for shape in Shape:
        stage.elumenta.shape = shape
        chats = {}
        for order in ORDERS:
            stage.elumenta.script(QUICK)
            ann = stage.telegram.person("Ann")
            chats[order] = stage.telegram.private_chat(ann)
            chats[order].send(ann, order)

        for order, chat in chats.items():
            model, _ = ORDERS[order]
            sent = await result(chat, "video" if order.startswith("/video") else "photo")
            assert sent.text.startswith(f"{model} · ")
            assert (file_of(sent).duration or 10) == 10

    for order, (model, options) in ORDERS.items():
        prompt = order.split()[-1]
        expected = body(style, model, prompt, options)
        assert bodies(stage, prompt) == [expected] * len(Shape)
