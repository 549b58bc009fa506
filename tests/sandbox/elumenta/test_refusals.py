import pytest
from aiohttp import ClientConnectionError, ClientSession
from pydantic import JsonValue

from bot.sandbox.elumenta import ElumentaServer, Reply

HELLO: dict[str, JsonValue] = {"model": "gpt-5", "prompt": "hello"}
TURNS: list[JsonValue] = [{"role": "user", "content": "hello"}]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"model": 5}, "model"),
        ({"prompt": ["hello"]}, "prompt"),
        ({"prompt": "  "}, "prompt"),
        ({"prompt": None}, "prompt"),
        ({"params": []}, "params"),
        ({"params": {"temperature": 2.1}}, "temperature"),
        ({"params": {"temperature": "0.7"}}, "temperature"),
        ({"params": {"temperature": True}}, "temperature"),
        ({"temperature": -0.1}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": 1.5}, "max_tokens"),
        ({"stream": "yes"}, "stream"),
        ({"size": "1024x1024"}, "size"),
        ({"params": {"messages": [{"role": "tool", "content": "x"}]}}, "messages.0.role"),
        ({"params": {"messages": [{"role": "user", "content": ""}]}}, "messages.0.content"),
        ({"params": {"messages": [{"role": "user"}]}}, "messages.0.content"),
        ({"params": {"messages": {"role": "user"}}}, "messages"),
        ({"messages": TURNS}, "messages"),
        ({"params": {"messages": TURNS}}, "messages"),
    ],
)
async def test_a_body_that_breaks_the_schema_is_refused(
    server: ElumentaServer, caller: ClientSession, change: dict[str, JsonValue], field: str
) -> None:
    response = await caller.post("generate", json=HELLO | change)

    refusal = await response.json()
    assert response.status == 422
    assert refusal["error"] == "validation_error"
    assert list(refusal["details"]["fields"]) == [field]
    assert server.charges == []


@pytest.mark.parametrize(
    "body",
    [
        {"model": "gpt-5"},
        {"model": "gpt-5", "messages": []},
        {"model": "gpt-5", "messages": [*TURNS, {"role": "assistant", "content": "hi"}]},
        {"prompt": "hello"},
        [],
        "hello",
    ],
)
async def test_a_body_without_a_question_is_refused(
    caller: ClientSession, body: JsonValue
) -> None:
    response = await caller.post("generate", json=body)

    assert response.status == 422


@pytest.mark.parametrize("body", [b"", b"{", b'{"model": "\\ud800"}', b"\xff"])
async def test_a_body_that_is_not_json_is_refused(caller: ClientSession, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    response = await caller.post("generate", data=body, headers=headers)

    assert response.status == 400
    assert (await response.json())["error"] == "bad_request"


@pytest.mark.parametrize("header", [None, "Bearer nb_wrong", "nb_wrong", "bearer"])
async def test_a_wrong_key_is_not_authenticated(
    server: ElumentaServer, header: str | None
) -> None:
    headers = {"Authorization": header} if header else {}
    async with ClientSession(server.url, headers=headers) as stranger:
        response = await stranger.get("/api/v2/balance")

        refusal = await response.json()

    assert (response.status, refusal["error"]) == (401, "not_authenticated")


@pytest.mark.parametrize("plan", ["free", "basic", "pro"])
async def test_a_low_plan_has_no_api(
    server: ElumentaServer, caller: ClientSession, plan: str
) -> None:
    server.plan = plan

    response = await caller.post("generate", json=HELLO)

    assert response.status == 403
    assert (await response.json())["error"] == "insufficient_plan"


async def test_an_empty_balance_is_refused(server: ElumentaServer, caller: ClientSession) -> None:
    server.balance = 1

    response = await caller.post("generate", json=HELLO)

    refusal = await response.json()
    assert (response.status, refusal["error"]) == (402, "insufficient_tokens")
    assert refusal["details"] == {"required": 2, "available": 1}


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [("api_key", "nb_new", 401), ("balance", 0, 402), ("plan", "pro", 403)],
)
async def test_a_refusal_lasts_for_as_long_as_its_cause(
    server: ElumentaServer, caller: ClientSession, name: str, value: object, status: int
) -> None:
    usual = getattr(server, name)
    setattr(server, name, value)
    refused = [(await caller.post("generate", json=HELLO)).status for _ in range(2)]

    setattr(server, name, usual)
    response = await caller.post("generate", json=HELLO)

    assert refused == [status, status]
    assert response.status == 200


@pytest.mark.parametrize("path", ["generate/1", "generate/status/gen_1", "models/none", "none"])
async def test_the_unknown_is_not_found(caller: ClientSession, path: str) -> None:
    response = await caller.get(path)

    assert response.status == 404
    assert (await response.json())["error"] == "not_found"


async def test_an_unknown_model_is_not_found(caller: ClientSession) -> None:
    response = await caller.post("generate", json=HELLO | {"model": "gpt-17"})

    assert response.status == 404
    assert "gpt-17" in (await response.json())["message"]


async def test_a_wrong_method_is_refused_in_the_same_form(caller: ClientSession) -> None:
    response = await caller.put("generate", json=HELLO)

    assert response.status == 405
    assert set(await response.json()) == {"error", "message", "details"}


async def test_a_documented_path_can_be_missing(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.missing.add("/api/v2/generate/stream")

    missing = await caller.post("generate/stream", json=HELLO)
    present = await caller.post("generate", json=HELLO)

    assert (missing.status, present.status) == (404, 200)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad_request"),
        (401, "not_authenticated"),
        (402, "insufficient_tokens"),
        (403, "insufficient_plan"),
        (404, "not_found"),
        (422, "validation_error"),
        (500, "provider_error"),
        (503, "model_unavailable"),
    ],
)
async def test_every_documented_error_can_be_scripted(
    server: ElumentaServer, caller: ClientSession, status: int, code: str
) -> None:
    server.script(Reply(status=status, message="Because."))

    response = await caller.post("generate/stream", json=HELLO)

    assert response.status == status
    assert await response.json() == {"error": code, "message": "Because.", "details": {}}
    assert server.charges == []


@pytest.mark.parametrize(("in_header", "header"), [(True, "847"), (False, None)])
async def test_a_scripted_rate_limit_has_its_own_form(
    server: ElumentaServer, caller: ClientSession, *, in_header: bool, header: str | None
) -> None:
    server.script(Reply(status=429, retry_after=847, retry_after_header=in_header))

    response = await caller.post("generate", json=HELLO)

    refusal = await response.json()
    assert response.status == 429
    assert response.headers.get("Retry-After") == header
    assert refusal["retry_after"] == 847
    assert set(refusal) == {
        "error",
        "message",
        "retry_after",
        "plan",
        "limit_hour",
        "limit_day",
    }


async def test_while_it_is_down_nobody_gets_an_answer(
    server: ElumentaServer, caller: ClientSession
) -> None:
    server.down = True
    with pytest.raises((ClientConnectionError, ConnectionResetError)):
        await caller.post("generate", json=HELLO)
    server.down = False

    response = await caller.post("generate", json=HELLO)

    assert response.status == 200
    assert [request.status for request in server.requests] == [None, 200]


async def test_it_can_close_and_come_back_on_its_port(
    server: ElumentaServer, caller: ClientSession
) -> None:
    port = int(server.url.rpartition(":")[2])

    await server.close()
    with pytest.raises((ClientConnectionError, ConnectionResetError)):
        await caller.get("balance")
    await server.start(port=port)

    assert (await caller.get("balance")).status == 200
