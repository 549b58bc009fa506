import asyncio
import logging

import pytest
from structlog.testing import capture_logs

from bot.model import UpdateUnreadable
from bot.web.application import MAX_BODY_BYTES
from bot.web.webhook import SECRET_HEADER, WebhookDoor
from tests.web.house import HERE, PATH, SECRET, TELEGRAM, UPDATE, Desk, open_house

OTHER_SECRETS = ["", "a", SECRET[:-1], SECRET + "x", SECRET.upper(), "\N{CYRILLIC SMALL LETTER A}"]


async def test_an_update_is_taken_in_as_it_came() -> None:
    desk = Desk()
    async with open_house(desk=desk) as visitor:
        answer = await visitor.post()

    assert (answer.status, answer.text) == (200, "")
    assert desk.taken == [UPDATE]


@pytest.mark.parametrize("secret", OTHER_SECRETS)
async def test_whoever_knows_another_secret_is_turned_away(secret: str) -> None:
    desk = Desk()
    async with open_house(desk=desk) as visitor:
        answer = await visitor.post(headers={**TELEGRAM, SECRET_HEADER: secret})

    assert answer.status == 401
    assert desk.taken == []


async def test_whoever_knows_no_secret_is_turned_away_before_anything_is_read() -> None:
    async with open_house(desk=Desk()) as visitor:
        answer = await visitor.post(b"x" * (MAX_BODY_BYTES + 1), headers={})

    assert answer.status == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": ""},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_what_is_no_plain_json_is_not_taken(headers: dict[str, str]) -> None:
    desk = Desk()
    async with open_house(desk=desk) as visitor:
        answer = await visitor.post(headers={**TELEGRAM, **headers})

    assert answer.status == 415
    assert desk.taken == []


async def test_json_may_name_its_alphabet() -> None:
    desk = Desk()
    async with open_house(desk=desk) as visitor:
        told = {**TELEGRAM, "Content-Type": "application/json; charset=utf-8"}
        answer = await visitor.post(headers=told)

    assert answer.status == 200


async def test_a_body_may_be_large_but_not_without_bounds() -> None:
    desk = Desk()
    async with open_house(desk=desk) as visitor:
        largest = await visitor.post(b" " * MAX_BODY_BYTES)
        larger = await visitor.post(b" " * (MAX_BODY_BYTES + 1))

    assert (largest.status, larger.status) == (200, 413)
    assert [len(body) for body in desk.taken] == [MAX_BODY_BYTES]


async def test_what_is_no_update_is_refused() -> None:
    async with open_house(desk=Desk(failure=UpdateUnreadable())) as visitor:
        answer = await visitor.post(b"[]")

    assert answer.status == 400


async def test_an_update_that_cannot_be_stored_is_asked_for_again() -> None:
    desk = Desk(failure=OSError("disk full"))
    async with open_house(desk=desk) as visitor:
        first = await visitor.post()
        desk.failure = None
        second = await visitor.post()

    assert (first.status, second.status) == (503, 200)
    assert desk.taken == [UPDATE]


async def test_the_log_names_the_failure_and_its_place_but_quotes_nobody() -> None:
    desk = Desk(failure=ValueError(UPDATE.decode()))
    async with open_house(desk=desk) as visitor:
        with capture_logs() as lines:
            await visitor.post()

    [line] = lines
    assert (line["event"], line["failure"]) == ("update.not_taken", "ValueError")
    assert "house.py" in line["place"]
    assert "between you and me" not in str(line)
    assert "exc_info" not in line


async def test_a_header_that_nobody_can_read_is_not_quoted_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    request = f"POST {PATH} HTTP/1.1\r\nHost: here\r\n{SECRET_HEADER}: {SECRET}\0\r\n\r\n"
    async with open_house(desk=Desk()) as visitor:
        with caplog.at_level(logging.DEBUG), capture_logs() as lines:
            answer = await visitor.write(request.encode())

    assert answer.split()[1] == b"400"
    assert SECRET not in caplog.text + str(lines)


async def test_a_body_that_breaks_off_is_no_mistake_of_ours() -> None:
    headers = "".join(f"{name}: {value}\r\n" for name, value in TELEGRAM.items())
    request = f"POST {PATH} HTTP/1.1\r\nHost: here\r\n{headers}Content-Length: 9\r\n\r\n{{"
    with capture_logs() as lines:
        async with open_house(desk=Desk()) as visitor:
            _, writer = await asyncio.open_connection(HERE, visitor.port)
            writer.write(request.encode())
            await writer.drain()
            await visitor.post()
            writer.transport.abort()

    assert lines == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_updates_are_only_posted(method: str) -> None:
    async with open_house(desk=Desk()) as visitor:
        answer = await visitor.ask(method, PATH, headers=TELEGRAM)

    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("path", ["/", PATH + "/", PATH.upper(), "/telegram", "/healthz/x"])
async def test_there_is_nothing_elsewhere(path: str) -> None:
    async with open_house(desk=Desk()) as visitor:
        posted, got = await visitor.post(path=path), await visitor.get(path)

    assert (posted.status, got.status) == (404, 404)


async def test_there_is_no_door_without_a_webhook() -> None:
    async with open_house() as visitor:
        answer = await visitor.post()

    assert answer.status == 404


def test_a_door_does_not_show_its_secret() -> None:
    door = WebhookDoor(path=PATH, secret=SECRET, take=Desk().take)

    assert SECRET not in repr(door)


@pytest.mark.parametrize(
    "path", ["/", "/a/b/", "/a%20b", "/%7Bid%7D", "/%D0%B1%D0%BE%D1%82", "/a~b.c-d_e", "/healthz"]
)
async def test_the_door_may_be_at_any_address(path: str) -> None:
    desk = Desk()
    async with open_house(desk=desk, path=path) as visitor:
        answer = await visitor.post(path=path)

    assert answer.status == 200
    assert desk.taken == [UPDATE]
