import pytest
from aiohttp import ClientSession
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer, Reply
from bot.sandbox.elumenta.refusals import Refusal

HELLO: dict[str, JsonValue] = {"model": "gpt-5", "prompt": "hello"}
FOX: dict[str, JsonValue] = {"model": "photon", "prompt": "a fox"}


async def listed(caller: ClientSession) -> list[str]:
    answer = await (await caller.get("models")).json()
    return [model["slug"] for model in answer["items"]]


@pytest.mark.parametrize(
    ("path", "body"), [("generate", HELLO), ("generate/stream", HELLO), ("generate", FOX)]
)
async def test_nothing_is_made_or_charged_by_a_model_that_was_withdrawn(
    server: ElumentaServer, caller: ClientSession, path: str, body: dict[str, JsonValue]
) -> None:
    slug = str(body["model"])
    server.withdraw(slug)

    answer = await caller.post(path, json=body)

    assert answer.status == 404
    assert (await answer.json())["error"] == "not_found"
    assert (await caller.get(f"models/{slug}")).status == 404
    assert slug not in await listed(caller)
    assert server.charges == []


async def test_a_withdrawn_model_has_no_price(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.withdraw("photon")

    answer = await caller.post("models/photon/calculate-price", json={"params": {}})

    assert answer.status == 404


async def test_a_model_that_is_restored_is_where_it_was(
    server: ElumentaServer, caller: ClientSession
) -> None:
    before = await listed(caller)
    server.withdraw("gpt-5")

    server.restore("gpt-5")
    answer = await caller.post("generate", json=HELLO)

    assert answer.status == 200
    assert await listed(caller) == before


async def test_what_was_asked_of_a_withdrawn_model_can_still_be_read(
    server: ElumentaServer, caller: ClientSession
) -> None:
    await caller.post("generate", json=HELLO)

    server.withdraw("gpt-5")

    assert server.conversation(server.requests[0]) == [{"role": "user", "content": "hello"}]


def test_only_what_is_known_can_be_withdrawn(server: ElumentaServer) -> None:
    with pytest.raises(Refusal):
        server.withdraw("nonesuch")


async def test_a_model_that_was_added_is_listed_and_answers_at_its_price(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.add_text_model("gpt-6", "GPT-6", 7)

    answer = await caller.post("generate", json={"model": "gpt-6", "prompt": "hello"})

    assert (await listed(caller))[-1] == "gpt-6"
    assert (await answer.json())["tokens_spent"] == 7


async def test_the_list_can_be_broken_for_a_while(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script_models(Reply(status=503))
    server.script_models(Reply(raw_body=b"<html>", content_type="text/html"))

    answers = [await caller.get("models") for _ in range(3)]

    assert [answer.status for answer in answers] == [503, 200, 200]
    assert await answers[1].text() == "<html>"
