import pytest
from aiohttp import ClientError, ClientSession, ServerDisconnectedError
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer, Making, Reply

FOX: dict[str, JsonValue] = {"model": "flux-1.1-pro", "prompt": "a fox"}
SEA: dict[str, JsonValue] = {"model": "kling-v2.1", "prompt": "the sea"}
PRICE: dict[str, JsonValue] = {"params": {}}


async def test_scripts_for_pictures_are_used_in_their_order(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Reply(status=503), contains="fox")
    server.script(Making(seed=7), contains="fox")

    other = await caller.post("generate", json=SEA)
    refused = await caller.post("generate", json=FOX)
    scripted = await (await caller.post("generate", json=FOX)).json()
    usual = await (await caller.post("generate", json=FOX)).json()

    assert (other.status, refused.status) == (200, 503)
    assert scripted["seed"] == 7
    assert usual["seed"] != 7


async def test_a_making_is_not_for_texts(server: ElumentaServer, caller: ClientSession) -> None:
    server.script(Making(fails="No."))
    server.script(Reply(text="Hi there."))

    text = await (await caller.post("generate", json={"model": "gpt-5", "prompt": "fox"})).json()
    picture = await (await caller.post("generate", json=FOX)).json()

    assert text["result_text"] == "Hi there."
    assert picture["status"] == "failed"


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(status=429, retry_after=3), 429),
        (Reply(status=500), 500),
        (Reply(raw_body=b"<html>", content_type="text/html", status=502), 502),
        (Reply(raw_body=b"{", first_delay=0.01), 200),
    ],
)
async def test_a_reply_with_an_error_accepts_nothing(
    server: ElumentaServer, caller: ClientSession, reply: Reply, status: int
) -> None:
    server.script(reply)

    response = await caller.post("generate", json=FOX)

    assert response.status == status
    assert server.newest_first() == []


@pytest.mark.parametrize(("finishes", "made"), [(True, 1), (False, 0)])
async def test_a_cut_order_is_carried_out_only_if_the_service_finishes(
    server: ElumentaServer, caller: ClientSession, *, finishes: bool, made: int
) -> None:
    server.script(Reply(cut_after=0, finishes=finishes))

    with pytest.raises(ServerDisconnectedError):
        await caller.post("generate", json=FOX)

    assert len(server.charges) == made
    assert len(server.newest_first()) == made


async def test_a_reply_can_fail_or_wait_as_for_texts(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script(Reply(fail_after=0, message="Provider error: tired"))
    server.script(Reply(pending_for=0.01))

    failed = await (await caller.post("generate", json=FOX)).json()
    pending = await (await caller.post("generate", json=FOX)).json()
    await server.wait(lambda: server.charges)

    assert (failed["status"], failed["error"]) == ("failed", "Provider error: tired")
    assert pending["status"] == "pending"


async def test_polls_can_be_scripted_by_the_prompt(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script_polls(Reply(status=429, retry_after=2), contains="sea")
    server.script_polls(Reply(raw_body=b"<html>", content_type="text/html"), contains="sea")
    server.script_polls(Reply(first_delay=0.01), contains="sea")
    fox = await (await caller.post("generate", json=FOX)).json()
    sea = await (await caller.post("generate", json=SEA)).json()

    other = await caller.get(f"generate/{fox['id']}")
    polls = [await caller.get(f"generate/{sea['id']}") for _ in range(4)]

    assert other.status == 200
    assert [poll.status for poll in polls] == [429, 200, 200, 200]
    assert [poll.content_type for poll in polls[1:]] == [
        "text/html",
        "application/json",
        "application/json",
    ]
    assert (await polls[0].json())["retry_after"] == 2


async def test_several_polls_can_fail_alike(server: ElumentaServer, caller: ClientSession) -> None:
    server.script_polls(Reply(status=500), times=2)
    sea = await (await caller.post("generate", json=SEA)).json()

    polls = [await caller.get(f"generate/{sea['id']}") for _ in range(3)]

    assert [poll.status for poll in polls] == [500, 500, 200]


async def test_a_poll_can_be_cut(server: ElumentaServer, caller: ClientSession) -> None:
    sea = await (await caller.post("generate", json=SEA)).json()
    server.script_polls(Reply(cut_after=0), times=9)

    with pytest.raises(ClientError):
        await caller.get(f"generate/{sea['id']}")

    assert server.polls("sea")[0].status is None


async def test_prices_balances_and_history_have_scripts_of_their_own(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.script_prices(Reply(status=500))
    server.script_balances(Reply(status=502))
    server.script_history(Reply(status=503), times=2)

    prices = [
        (await caller.post("models/photon/calculate-price", json=PRICE)).status for _ in range(2)
    ]
    balances = [(await caller.get("balance")).status for _ in range(2)]
    pages = [(await caller.get("user/history")).status for _ in range(3)]

    assert (prices, balances, pages) == ([500, 200], [502, 200], [503, 503, 200])


@pytest.mark.parametrize(("status", "failures"), [(500, 0), (200, 1)])
def test_a_making_cannot_contradict_itself(status: int, failures: int) -> None:
    with pytest.raises(ValueError, match="both"):
        Making(file_status=status, file_failures=failures)
