import json
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.model import UpdateUnreadable
from bot.web.webhook import SECRET_HEADER
from tests.web.house import PATH, SECRET, Desk, Visitor, open_house

MARK = b"words-of-a-person"

WILD = st.binary(max_size=40)
NAMES = WILD | st.sampled_from(
    [b"Content-Type", b"Accept", b"Cookie", b"Connection", b"X-Real-IP"]
)
SECRETS = st.just(SECRET.encode()) | WILD | st.text(max_size=20).map(str.encode)
TYPES = (
    st.just(b"application/json") | WILD | st.sampled_from([b"text/plain", b"application/json;"])
)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
BODIES = st.binary(max_size=200) | JSONS.map(lambda value: json.dumps(value).encode())


@dataclass(frozen=True, kw_only=True)
class House:
    """A door that stays open for all examples."""

    visitor: Visitor
    desk: Desk


@pytest.fixture(scope="module")
async def house() -> AsyncIterator[House]:
    desk = Desk()
    async with open_house(desk=desk) as visitor:
        yield House(visitor=visitor, desk=desk)


def request_of(headers: dict[bytes, bytes], body: bytes) -> bytes:
    """Write a request by hand, since no library would send some of these."""
    lines = [f"POST {PATH} HTTP/1.1".encode(), b"Host: here"]
    lines += [name + b": " + value for name, value in headers.items()]
    lines += [b"Content-Length: %d" % len(body), b"", body]
    return b"\r\n".join(lines)


@given(
    secret=SECRETS,
    kind=TYPES,
    others=st.dictionaries(NAMES, WILD, max_size=3),
    body=BODIES.map(lambda body: MARK + body),
    is_update=st.booleans(),
)
@example(
    secret=SECRET.encode(), kind=b"application/json", others={}, body=MARK + b"{}", is_update=True
)
@example(
    secret=SECRET.encode() + b"\0", kind=b"application/json", others={}, body=MARK, is_update=True
)
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_nothing_that_is_posted_is_a_mistake_of_ours_or_gets_into_the_log(
    house: House,
    caplog: pytest.LogCaptureFixture,
    *,
    secret: bytes,
    kind: bytes,
    others: dict[bytes, bytes],
    body: bytes,
    is_update: bool,
) -> None:
    caplog.clear()
    house.desk.taken.clear()
    house.desk.failure = None if is_update else UpdateUnreadable()
    headers = {SECRET_HEADER.encode(): secret, b"Content-Type": kind, **others}

    with caplog.at_level(logging.DEBUG), capture_logs() as lines:
        answer = await house.visitor.write(request_of(headers, body))

    status = int(answer.split()[1])
    assert status == 200 or 400 <= status < 500
    assert house.desk.taken == ([body] if status == 200 else [])
    written = caplog.text + str(lines)
    assert SECRET not in written
    assert MARK.decode() not in written


@given(secret=SECRETS.filter(lambda secret: secret.strip() != SECRET.encode()), body=BODIES)
@settings(max_examples=100)
async def test_nobody_gets_in_without_the_secret(
    house: House, *, secret: bytes, body: bytes
) -> None:
    house.desk.taken.clear()
    house.desk.failure = None
    headers = {SECRET_HEADER.encode(): secret, b"Content-Type": b"application/json"}

    answer = await house.visitor.write(request_of(headers, body))

    assert answer.split()[1] in {b"400", b"401"}
    assert house.desk.taken == []
