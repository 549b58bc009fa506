"""What people may write after `/image` and `/video`, and what they are told about mistakes."""

import pytest

from tests.e2e.seeing import answer, bodies, posts, result, said_by_bot
from tests.stage import Stage

PNG: dict[str, object] = {"format": "png"}

ORDERS: dict[str, tuple[str, dict[str, object]]] = {
    "/image plain prompt": ("plain prompt", PNG),
    "/image —size 768x1344 phone dash": ("phone dash", {"size": "768x1344", **PNG}),
    "/image –seed 7 narrow dash": ("narrow dash", {"seed": 7, **PNG}),
    "/image --seed=8 with equals": ("with equals", {"seed": 8, **PNG}),
    "/image --SEED 9 Loud Option": ("Loud Option", {"seed": 9, **PNG}),
    "/image castle --ar 16:9 --stylize 250": ("castle --ar 16:9 --stylize 250", PNG),
    "/image -- --tile floor": ("--tile floor", PNG),
    "/image two\nlines --seed 4": ("two\nlines --seed 4", PNG),
    '/image --no "thick fog" ship at sea': (
        "ship at sea",
        {"negative_prompt": "thick fog", **PNG},
    ),
    "/image --no fog, rain --seed 1 harbour": (
        "harbour",
        {"negative_prompt": "fog, rain", "seed": 1, **PNG},
    ),
    "/image --format jpeg snapshot": ("snapshot", {"format": "jpeg"}),
    "/image --model dall-e-3 --size 1024x1024 --style natural --quality standard -- meadow": (
        "meadow",
        {"size": "1024x1024", "style": "natural", "quality": "standard", **PNG},
    ),
    "/IMAGE shouted command": ("shouted command", PNG),
}


async def test_orders_are_understood(city: Stage) -> None:
    chats = {}
    for text in ORDERS:
        ann = city.telegram.person("Ann")
        chats[text] = city.telegram.private_chat(ann)
        chats[text].send(ann, text)

    for text, (prompt, params) in ORDERS.items():
        await result(chats[text])
        model = "dall-e-3" if "dall-e-3" in text else "flux-1.1-pro"
        assert bodies(city, prompt) == [{"model": model, "prompt": prompt, "params": params}]


@pytest.mark.parametrize(
    ("old", "new"),
    [("photon-1", "photon"), ("PHOTON", "photon"), ("Photon-Flash", "photon-flash")],
)
async def test_an_old_name_of_a_model_is_understood(city: Stage, old: str, new: str) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)

    chat.send(ann, f"/image --model {old} called {old}")

    assert new in (await result(chat)).text
    (request,) = city.elumenta.orders(f"called {old}")
    assert isinstance(request.body, dict)
    assert request.body["model"] == new


MISTAKES = {
    "/image --siz 1024x1024 wrongdoing": ["--siz", "--size", "--seed"],
    "/image --size 999x999 -- wrongdoing": ["999x999", "768x1344", "flux-1.1-pro"],
    "/image --size": ["--size"],
    "/image --model nonesuch wrongdoing": ["nonesuch", "flux-1.1-pro", "midjourney"],
    "/image --model kling-v2.1 wrongdoing": ["kling-v2.1", "flux-1.1-pro"],
    "/image --model dall-e-3 --seed 42 wrongdoing": ["--seed", "dall-e-3", "--quality"],
    "/image --seed many wrongdoing": ["--seed", "many"],
    "/image --seed -5 wrongdoing": ["--seed", "-5"],
    "/image --format gif wrongdoing": ["gif", "png", "jpeg", "webp"],
    "/image --duration 5 wrongdoing": ["--duration"],
    "/video --duration 7 wrongdoing": ["7", "5", "10"],
    "/video --aspect 4:3 wrongdoing": ["4:3", "16:9", "9:16", "1:1"],
    "/video --seed 1 wrongdoing": ["--seed", "--duration"],
    "/video --model flux-1.1-pro wrongdoing": ["flux-1.1-pro", "kling-v2.1"],
}


@pytest.mark.parametrize("text", MISTAKES)
async def test_a_mistake_is_answered_with_what_is_possible(city: Stage, text: str) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)
    before = len(posts(city))

    mistake = chat.send(ann, text)

    told = await answer(chat)
    assert told.reply_to_id == mistake.id
    assert [part for part in MISTAKES[text] if part not in told.text] == []
    assert len(posts(city)) == before


async def test_a_mistake_is_explained_in_russian(city: Stage) -> None:
    olga = city.telegram.person("Ольга", language_code="ru")
    chat = city.telegram.private_chat(olga)

    chat.send(olga, "/image --size 1x1 ошибка")

    told = await answer(chat, "768x1344")
    assert "size" not in told.text.replace("--size", "")


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("topic", ["image", "video"])
async def test_help_shows_models_and_options_with_an_example(
    city: Stage, topic: str, language: str
) -> None:
    ann = city.telegram.person("Ann", language_code=language)
    chat = city.telegram.private_chat(ann)

    chat.send(ann, f"/help {topic}")

    first = "--size" if topic == "image" else "--duration"
    model = "flux-1.1-pro" if topic == "image" else "kling-v2.1"
    told = await answer(chat, first)
    for part in (model, "--model", "--aspect", "--no", f"/{topic} --"):
        assert part in told.text


async def test_help_lists_the_new_commands(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    chat = city.telegram.private_chat(ann)

    chat.send(ann, "/help")

    told = await answer(chat, "/chat")
    for command in ("/image", "/video", "/jobs"):
        assert command in told.text
        assert command[1:] in [entry["command"] for entry in city.telegram.commands["default", ""]]


async def test_a_stranger_orders_nothing_from_a_closed_bot(stage: Stage) -> None:
    owner = stage.telegram.person("Owner")
    await stage.start_bot(access="closed", admin_ids=str(owner.id))
    stranger = stage.telegram.private_chat(stage.telegram.person("Lee"))
    home = stage.telegram.private_chat(owner)

    stranger.send(stranger.members[0], "/image my own portrait")
    stranger.send(stranger.members[0], "/video my own film")
    await stranger.wait(said_by_bot)
    home.send(owner, "/image a mirror")

    await result(home)
    assert stage.elumenta.orders("my own") == []


async def test_a_picture_can_be_ordered_anonymously(city: Stage) -> None:
    ann = city.telegram.person("Ann")
    group = city.telegram.group("Masks", members=[ann], supergroup=True)

    order = group.send(ann, "/image a masked ball", anonymous=True)

    assert (await result(group)).reply_to_id == order.id
