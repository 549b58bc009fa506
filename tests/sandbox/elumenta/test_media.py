import asyncio

import pytest
from aiohttp import ClientSession, ServerDisconnectedError
from pydantic import JsonValue

from bot.sandbox.elumenta import Charge, ElumentaServer, Making, Shape

FOX: dict[str, JsonValue] = {
    "model": "flux-1.1-pro",
    "prompt": "a fox",
    "params": {"size": "768x1344", "seed": 42},
}
SEA: dict[str, JsonValue] = {"model": "kling-v2.1", "prompt": "the sea"}
FOR_EVER = 3600


async def look(caller: ClientSession, generation_id: JsonValue) -> dict[str, JsonValue]:
    answer = await caller.get(f"generate/{generation_id}")
    found: dict[str, JsonValue] = await answer.json()
    return found


async def test_a_picture_is_made_in_one_request(
    server: ElumentaServer, caller: ClientSession
) -> None:
    answer = await (await caller.post("generate", json=FOX)).json()

    assert answer.pop("processing_ms") >= 0
    assert answer.pop("created_at").endswith("Z")
    assert answer.pop("result_url").startswith(f"{server.url}/files/")
    assert answer == {
        "id": 18473,
        "status": "completed",
        "model_slug": "flux-1.1-pro",
        "result_text": None,
        "thumbnail_url": None,
        "error": None,
        "tokens_spent": 4,
        "seed": 42,
        "result_metadata": {"width": 768, "height": 1344},
    }
    assert server.charges == [Charge(generation_id="18473", model="flux-1.1-pro", tokens=4)]


async def test_a_video_is_pending_first(server: ElumentaServer, caller: ClientSession) -> None:
    server.script(Making(takes=FOR_EVER))

    answer = await (await caller.post("generate", json=SEA)).json()
    polled = await look(caller, answer["id"])

    assert answer.pop("created_at").endswith("Z")
    assert answer == {
        "id": 18473,
        "status": "pending",
        "model_slug": "kling-v2.1",
        "result_url": None,
        "tokens_spent": 0,
        "processing_ms": None,
    }
    assert polled["status"] == "pending"
    assert server.charges == []


async def test_a_video_is_made_by_itself_and_charged_once(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.balance = 100

    answer = await (await caller.post("generate", json=SEA | {"duration": 10})).json()
    await server.wait(lambda: server.charges)
    first, second = await look(caller, answer["id"]), await look(caller, answer["id"])

    assert first == second
    assert first["status"] == "completed"
    assert first["result_metadata"] == {"width": 320, "height": 180, "duration": 10}
    assert str(first["result_url"]).endswith(".mp4")
    assert str(first["completed_at"]) >= str(first["created_at"])
    assert (server.balance, len(server.charges)) == (48, 1)
    assert "seed" not in first


async def test_midjourney_is_pending_first_and_says_for_how_long(
    server: ElumentaServer, caller: ClientSession
) -> None:
    body = {"model": "midjourney", "prompt": "a fox"}
    server.script(Making(eta_seconds=45))

    scripted = await (await caller.post("generate", json=body)).json()
    usual = await (await caller.post("generate", json=body)).json()

    assert (scripted["status"], scripted["eta_seconds"]) == ("pending", 45)
    assert (usual["status"], usual["eta_seconds"]) == ("pending", 1)


async def test_every_pending_one_can_say_for_how_long(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.tells_eta = True
    server.script(Making(takes=5.5))

    answer = await (await caller.post("generate", json=SEA)).json()

    assert (answer["status"], answer["eta_seconds"]) == ("pending", 6)


async def test_shape_b_tells_the_same_in_its_own_words(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.shape, server.balance = Shape.B, 100
    server.script(Making(takes=FOR_EVER, eta_seconds=32), contains="sea")

    pending = await (await caller.post("generate", json=SEA)).json()
    picture = await (await caller.post("generate", json=FOX)).json()

    assert pending.pop("id").startswith("gen_")
    assert 0 <= pending.pop("progress") < 100
    assert pending.pop("created_at").endswith("Z")
    assert pending == {"status": "pending", "model": "kling-v2.1", "eta_seconds": 32}
    assert picture.pop("url").startswith(server.url)
    assert {picture.pop(name)[-1] for name in ("created_at", "completed_at")} == {"Z"}
    assert picture.pop("id").startswith("gen_")
    assert picture == {
        "status": "completed",
        "model": "flux-1.1-pro",
        "width": 768,
        "height": 1344,
        "tokens_used": 4,
        "balance_remaining": 96,
    }


async def test_shape_b_tells_the_duration_of_a_video(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.shape = Shape.B
    server.script(Making(pending=False))

    video = await (await caller.post("generate", json=SEA | {"aspect_ratio": "9:16"})).json()

    assert (video["width"], video["height"], video["duration"]) == (180, 320, 5)


@pytest.mark.parametrize("body", [FOX, SEA])
@pytest.mark.parametrize("shape", list(Shape))
async def test_a_failed_one_costs_nothing(
    server: ElumentaServer, caller: ClientSession, body: dict[str, JsonValue], shape: Shape
) -> None:
    server.shape = shape
    reason = "Provider error: content policy violation"
    server.script(Making(fails=reason))

    made = await (await caller.post("generate", json=body)).json()
    await server.wait(lambda: server.newest_first()[0].error)
    found = await look(caller, made["id"])

    assert (found["status"], found["error"]) == ("failed", reason)
    assert found["tokens_spent" if shape is Shape.A else "tokens_used"] == 0
    assert server.charges == []


async def test_too_small_a_balance_is_refused(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.balance = 51

    response = await caller.post("generate", json=SEA | {"params": {"duration": 10}})

    refusal = await response.json()
    assert (response.status, refusal["error"]) == (402, "insufficient_tokens")
    assert refusal["details"] == {"required": 52, "available": 51}
    assert server.newest_first() == []


async def test_a_picture_is_made_and_charged_although_its_caller_left(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Making(takes=0.3))

    async with asyncio.TaskGroup() as tasks:
        ordering = tasks.create_task(caller.post("generate", json=FOX))
        await server.wait(server.newest_first)
        ordering.cancel()
    await server.wait(lambda: server.charges)
    history = await (await caller.get("user/history")).json()

    assert ordering.cancelled()
    assert [item["status"] for item in history["items"]] == ["completed"]


async def test_making_goes_on_while_the_server_is_down(
    server: ElumentaServer, caller: ClientSession
) -> None:
    await caller.post("generate", json=SEA)

    server.down = True
    await server.wait(lambda: server.charges)

    assert server.charges[0].tokens == 26


async def test_closing_ends_the_making(caller: ClientSession, server: ElumentaServer) -> None:
    server.script(Making(takes=1), times=2)
    made = await (await caller.post("generate", json=SEA)).json()
    port = int(server.url.rpartition(":")[2])

    await server.close()
    await server.start(port=port)
    await caller.post("generate", json=FOX)

    assert (await look(caller, made["id"]))["status"] == "pending"
    assert [charge.model for charge in server.charges] == ["flux-1.1-pro"]


async def test_an_answer_can_be_lost_on_its_way(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Making(lost_answer=True), times=2)

    for body in (FOX, SEA):
        with pytest.raises(ServerDisconnectedError):
            await caller.post("generate", json=body)
    await server.wait(lambda: len(server.charges) == 2)

    assert [request.status for request in server.orders()] == [None, None]


@pytest.mark.parametrize("shape", list(Shape))
async def test_the_history_lists_pictures_and_videos(
    server: ElumentaServer, caller: ClientSession, shape: Shape
) -> None:
    server.shape = shape
    server.script(Making(takes=FOR_EVER), contains="sea")
    await caller.post("generate", json=FOX)
    await caller.post("generate", json=SEA)

    page = await (await caller.get("user/history", params={"limit": 1})).json()
    rest = await (await caller.get("user/history", params={"limit": 1, "page": 2})).json()

    video, picture = page["items"][0], rest["items"][0]
    model, address = ("model_slug", "result_url") if shape is Shape.A else ("model", "url")
    assert [video[name] for name in (model, "prompt", "status", address)] == [
        "kling-v2.1",
        "the sea",
        "pending",
        None,
    ]
    assert picture[address].startswith(server.url)
    assert picture["created_at"] <= video["created_at"]
    assert page["total"] == 2


async def test_the_history_can_be_filtered_by_category(caller: ClientSession) -> None:
    await caller.post("generate", json=FOX)

    images = await (await caller.get("user/history", params={"category": "image"})).json()
    videos = await (await caller.get("user/history", params={"type": "video"})).json()

    assert (images["total"], videos["total"]) == (1, 0)


async def test_a_seed_nobody_chose_is_told_and_differs(caller: ClientSession) -> None:
    body = {"model": "flux-1.1-pro", "prompt": "a fox"}

    seeds = {(await (await caller.post("generate", json=body)).json())["seed"] for _ in range(3)}

    assert len(seeds) == 3


async def test_a_watching_test_sees_orders_polls_and_when_it_was_made(
    server: ElumentaServer, caller: ClientSession
) -> None:
    await caller.post("generate", json={"model": "gpt-5", "prompt": "no fox at all"})
    with pytest.raises(LookupError):
        server.made_at("sea")

    made = await (await caller.post("generate", json=SEA)).json()
    await look(caller, made["id"])
    await look(caller, "unknown")
    await caller.get(f"generate/status/{made['id']}")
    await server.wait(lambda: len(server.charges) == 2)

    assert [request.path for request in server.orders("sea")] == ["/api/v2/generate"]
    assert server.orders("fox") == []
    assert len(server.orders()) == 1
    assert [request.status for request in server.polls("sea")] == [200, 200]
    assert [request.status for request in server.polls()] == [200, 404, 200]
    assert server.made_at("sea") >= server.orders("sea")[0].at


async def test_results_are_awaited_until_they_are_downloaded(
    server: ElumentaServer, caller: ClientSession, stranger: ClientSession
) -> None:
    server.script(Making(file_status=503, file_failures=1), contains="fox")
    server.script(Making(fails="Content policy violation"), contains="sea")
    await caller.post("generate", json={"model": "gpt-5", "prompt": "hello"})
    counts = [server.awaited_results]

    await caller.post("generate", json=SEA)
    counts.append(server.awaited_results)
    made = await (await caller.post("generate", json=FOX)).json()
    await server.wait(lambda: server.awaited_results == 1)
    for _ in range(2):
        await stranger.get(made["result_url"])
        counts.append(server.awaited_results)

    assert counts == [0, 1, 1, 0]


async def test_a_picture_has_no_conversation(
    server: ElumentaServer, caller: ClientSession
) -> None:
    await caller.post("generate", json=FOX)

    with pytest.raises(TypeError, match=r"flux-1\.1-pro"):
        server.conversation(server.requests[0])


async def test_the_time_of_making_can_be_set(
    caller: ClientSession, server: ElumentaServer
) -> None:
    server.making_seconds["image"] = FOR_EVER
    server.script(Making(takes=0), contains="quick")

    quick = await caller.post("generate", json=FOX | {"prompt": "a quick fox"})
    slow = asyncio.timeout(0.2)
    with pytest.raises(TimeoutError):
        async with slow:
            await caller.post("generate", json=FOX)

    assert quick.status == 200
    assert len(server.charges) == 1


def test_without_haste_a_person_has_something_to_wait_for() -> None:
    assert ElumentaServer().making_seconds == {"image": 1.0, "video": 6.0}
    assert max(ElumentaServer(pace=0).making_seconds.values()) < 1
    assert ElumentaServer(making_seconds={"video": 2}).making_seconds["video"] == 2
