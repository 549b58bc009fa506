import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from tests.sandbox.demonstration import Demo, open_demo

KILL = json.dumps({"do": "kill"})


@pytest.fixture(scope="module")
async def demo() -> AsyncIterator[Demo]:
    async with open_demo() as demo:
        await demo.bot_is("running")
        yield demo


@pytest.mark.parametrize("path", ["/", "/site/scripts/main.js", "/words/en", "/nowhere"])
async def test_no_answer_lets_foreign_code_in(demo: Demo, path: str) -> None:
    answer = await demo.get(path)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_ticket_is_for_this_page_alone(demo: Demo) -> None:
    answer = await demo.get("/")

    ticket = answer.headers["Set-Cookie"]
    assert "SameSite=Strict" in ticket
    assert "HttpOnly" in ticket


@pytest.mark.parametrize("path", ["/scene/Ada", "/words/en", "/site/index.html"])
async def test_who_did_not_open_the_page_sees_nothing(demo: Demo, path: str) -> None:
    async with ClientSession(demo.address) as stranger, stranger.get(path) as answer:
        assert answer.status == 403


async def test_who_did_not_open_the_page_does_nothing(demo: Demo) -> None:
    async with ClientSession(demo.address, headers={"Origin": demo.address}) as stranger:
        answer = await stranger.post("/actions", data=KILL)

    assert answer.status == 403
    await demo.bot_is("running")


@pytest.mark.parametrize("origin", ["https://example.org", "null", "http://127.0.0.1:1"])
async def test_a_page_of_another_site_does_nothing(demo: Demo, origin: str) -> None:
    answer = await demo.post(KILL, Origin=origin)

    assert answer.status == 403
    await demo.bot_is("running")


async def test_another_name_for_this_machine_is_refused(demo: Demo) -> None:
    port = demo.address.rpartition(":")[2]

    answers = [await demo.get("/", Host=f"rebound.example:{port}"), await demo.get("/", Host="x")]

    assert [answer.status for answer in answers] == [403, 403]


async def test_a_form_does_nothing(demo: Demo) -> None:
    answer = await demo.post(KILL, **{"Content-Type": "text/plain"})

    assert answer.status == 415
    await demo.bot_is("running")


@pytest.mark.parametrize(
    "action",
    [
        "",
        "[]",
        '{"do": "fly"}',
        '{"do": "kill", "twice": true}',
        '{"do": "turn", "mishap": "rain", "on": true}',
        '{"do": "speak", "language": "fr"}',
        '{"do": "say", "person": "Ada", "chat": 1, "text": " \\n"}',
    ],
)
async def test_what_the_page_cannot_send_is_refused(demo: Demo, action: str) -> None:
    answer = await demo.post(action)

    assert answer.status == 400
    assert b"problem" in answer.body


@pytest.mark.parametrize(
    "action",
    [
        '{"do": "say", "person": "Eve", "chat": 1, "text": "hi"}',
        '{"do": "say", "person": "Ada", "chat": 1, "text": "hi"}',
        '{"do": "press", "person": "Ada", "chat": 1, "message": 1, "label": "x"}',
    ],
)
async def test_what_nobody_can_do_is_refused(demo: Demo, action: str) -> None:
    answer = await demo.post(action)

    assert answer.status == 409


@pytest.mark.parametrize("path", ["/scene/Eve", "/words/fr", "/media/x/y.png"])
async def test_what_is_not_there_is_not_found(demo: Demo, path: str) -> None:
    answer = await demo.get(path)

    assert answer.status == 404
