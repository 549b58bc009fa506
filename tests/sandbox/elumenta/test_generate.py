import asyncio

import pytest
from aiohttp import ClientSession, ServerDisconnectedError
from pydantic import JsonValue

from bot.sandbox.elumenta import Charge, ElumentaServer, Reply, Shape

HELLO: dict[str, JsonValue] = {"model": "gpt-5", "prompt": "hello"}


async def test_shape_a_answers_as_the_quickstart_does(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Reply(text="Hi there."))

    answer = await (await caller.post("generate", json=HELLO)).json()

    took = answer.pop("processing_ms")
    assert took >= 0
    assert answer == {
        "id": 18473,
        "status": "completed",
        "model_slug": "gpt-5",
        "result_text": "Hi there.",
        "result_url": None,
        "thumbnail_url": None,
        "error": None,
        "tokens_spent": 2,
        "result_metadata": None,
    }


async def test_shape_b_answers_as_the_text_guide_does(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.shape = Shape.B
    server.balance = 300
    server.script(Reply(text="Hi there."))

    answer = await (await caller.post("generate", json=HELLO)).json()

    assert answer.pop("id").startswith("gen_")
    assert answer.pop("created_at").endswith("Z")
    assert answer == {
        "status": "completed",
        "type": "text",
        "model": "gpt-5",
        "content": "Hi there.",
        "tokens_used": 2,
        "balance_remaining": 298,
    }


async def test_a_completed_generation_is_charged_once(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.balance = 10

    await caller.post("generate", json=HELLO)
    await caller.get("generate/18473")

    assert server.charges == [Charge(generation_id="18473", model="gpt-5", tokens=2)]
    assert server.balance == 8


async def test_a_failed_generation_is_told_with_200_and_costs_nothing(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Reply(fail_after=0, message="Provider error: content policy violation"))

    response = await caller.post("generate", json=HELLO)

    assert response.status == 200
    assert await response.json() == {
        "id": 18473,
        "status": "failed",
        "error": "Provider error: content policy violation",
        "tokens_spent": 0,
    }
    assert server.charges == []


@pytest.mark.parametrize("path", ["generate/{}", "generate/status/{}"])
@pytest.mark.parametrize("shape", list(Shape))
async def test_a_generation_can_be_looked_up_by_both_paths(
    server: ElumentaServer, caller: ClientSession, path: str, shape: Shape
) -> None:
    server.shape = shape
    made = await (await caller.post("generate", json=HELLO)).json()

    found = await (await caller.get(path.format(made["id"]))).json()

    assert found == made


@pytest.mark.parametrize("shape", list(Shape))
async def test_a_pending_generation_completes_by_itself(
    server: ElumentaServer, caller: ClientSession, shape: Shape
) -> None:
    server.shape = shape
    server.script(Reply(text="At last.", pending_for=0.05))

    made = await (await caller.post("generate", json=HELLO)).json()
    status = made["status"]
    async with asyncio.timeout(20):
        while status == "pending":
            found = await (await caller.get(f"generate/{made['id']}")).json()
            status = found["status"]

    assert made["status"] == "pending"
    assert "At last." in found.values()
    assert len(server.charges) == 1


@pytest.mark.parametrize(("finishes", "charges"), [(True, 1), (False, 0)])
async def test_a_cut_leaves_the_caller_without_an_answer(
    server: ElumentaServer, caller: ClientSession, *, finishes: bool, charges: int
) -> None:
    server.script(Reply(text="Lost.", cut_after=0, finishes=finishes))

    with pytest.raises(ServerDisconnectedError):
        await caller.post("generate", json=HELLO)

    assert len(server.charges) == charges
    assert server.requests[0].status is None


async def test_a_script_answers_only_texts_that_contain_its_words(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Reply(text="Scripted."), contains="secret")

    other = await (await caller.post("generate", json=HELLO)).json()
    meant = await (await caller.post("generate", json=HELLO | {"prompt": "my secret"})).json()
    again = await (await caller.post("generate", json=HELLO | {"prompt": "my secret"})).json()

    assert meant["result_text"] == "Scripted."
    assert other["result_text"] != "Scripted."
    assert again["result_text"] != "Scripted."


async def test_a_raw_body_is_answered_as_it_is(
    server: ElumentaServer, caller: ClientSession
) -> None:
    page = b"<html>Bad gateway</html>"
    server.script(Reply(raw_body=page, content_type="text/html", status=502))

    response = await caller.post("generate", json=HELLO)

    assert (response.status, response.content_type) == (502, "text/html")
    assert await response.read() == page
    assert server.charges == []


async def test_a_script_cannot_contradict_itself() -> None:
    with pytest.raises(ValueError, match="one way"):
        Reply(text="x", cut_after=1, fail_after=2)
    with pytest.raises(ValueError, match="either"):
        Reply(text="x", chunks=("y",))
