from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from bot.elumenta import (
    BadRequest,
    InsufficientTokens,
    ModelUnavailable,
    NotFound,
    Patience,
    PlanTooLow,
    ProviderFailed,
    RateLimited,
    StatusError,
    Unauthorized,
)
from tests.elumenta.service import HELLO, KEY, ScriptedService, client_of, json_of

AT_ONCE_OR_NEVER = Patience(attempts=1)


async def refusal(answer: httpx.Response) -> StatusError:
    """What becomes of a chat that is answered so."""
    async with client_of(ScriptedService(answer), patience=AT_ONCE_OR_NEVER) as client:
        with pytest.raises(StatusError) as caught:
            await client.chat(HELLO, model="gpt-5")
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "bad_request", BadRequest),
        (401, "not_authenticated", Unauthorized),
        (401, "token_expired", Unauthorized),
        (402, "insufficient_tokens", InsufficientTokens),
        (403, "insufficient_plan", PlanTooLow),
        (404, "not_found", NotFound),
        (422, "validation_error", BadRequest),
        (429, "rate_limit_exceeded", RateLimited),
        (500, "provider_error", ProviderFailed),
        (502, "bad_gateway", ProviderFailed),
        (503, "model_unavailable", ModelUnavailable),
        (504, "gateway_timeout", ProviderFailed),
    ],
)
async def test_every_documented_refusal_has_its_error(
    status: int, code: str, kind: type[StatusError]
) -> None:
    body = {"error": code, "message": "In words.", "details": {"required": 3}}

    error = await refusal(json_of(body, status=status))

    assert type(error) is kind
    assert (error.status, error.code, error.message) == (status, code, "In words.")
    assert error.details == {"required": 3}
    assert str(error) == f"{status} {code}"


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (418, None, BadRequest),
        (520, None, ProviderFailed),
        (409, "insufficient_tokens", InsufficientTokens),
        (402, "not_found", InsufficientTokens),
    ],
    ids=["4xx", "5xx", "unknown status, known code", "the status has the last word"],
)
async def test_other_refusals_go_by_what_is_known_of_them(
    status: int, code: str | None, kind: type[StatusError]
) -> None:
    error = await refusal(json_of({"error": code}, status=status))

    assert type(error) is kind


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b'{"error": "Not authenticated"}', None, "Not authenticated"),
        (b'{"error": "not_authenticated"}', "not_authenticated", None),
        (b'{"detail": "Not Found"}', None, "Not Found"),
        (
            b'{"detail": [{"loc": ["body", "n", 0], "msg": "too long"}]}',
            None,
            "body.n.0: too long",
        ),
        (b'{"detail": [7], "error": {"code": 5}, "message": []}', None, None),
        (b"<html>Bad Gateway</html>", None, None),
        (b"[]", None, None),
        (b"", None, None),
        (b"\xff\xfe", None, None),
    ],
)
async def test_a_refusal_is_read_as_far_as_it_can_be(
    body: bytes, code: str | None, message: str | None
) -> None:
    error = await refusal(httpx.Response(401, content=body))

    assert isinstance(error, Unauthorized)
    assert (error.code, error.message) == (code, message)


async def test_a_rate_limit_tells_what_it_is_about() -> None:
    body = {
        "error": "rate_limit_exceeded",
        "message": "Slow down.",
        "retry_after": 847,
        "plan": "vip",
        "limit_hour": 100,
    }

    error = await refusal(json_of(body, status=429, retry_after="5"))

    assert isinstance(error, RateLimited)
    assert error.retry_after == 847
    assert error.details == {"plan": "vip", "limit_hour": 100}


@pytest.mark.parametrize(
    ("body", "header", "seconds"),
    [
        ({"retry_after": 12.5}, None, 12.5),
        ({"retry_after": "12"}, None, 12),
        ({"retry_after": -1}, "30", 30),
        ({"retry_after": "soon"}, "30", 30),
        ({}, "30", 30),
        ({}, "Sat, 21 Nov 2020 09:00:00 GMT", 0),
        ({}, "Sat, 99 Foo 2020 09:00:00", None),
        ({}, "-5", None),
        ({}, "9" * 400, None),
        ({"retry_after": 1e300}, None, None),
        ({}, "\u00b2", None),
        ({}, None, None),
    ],
)
async def test_the_wait_is_found_in_the_body_or_in_the_header(
    body: dict[str, object], header: str | None, seconds: float | None
) -> None:
    headers = {} if header is None else {"Retry-After": header.encode()}
    answer = httpx.Response(
        429, json=body, headers=[(name.encode(), value) for name, value in headers.items()]
    )

    error = await refusal(answer)

    assert isinstance(error, RateLimited)
    assert error.retry_after == seconds


async def test_the_wait_may_be_a_date() -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)

    error = await refusal(httpx.Response(429, headers={"Retry-After": moment}))

    assert isinstance(error, RateLimited)
    assert error.retry_after is not None
    assert 3000 < error.retry_after <= 3600


async def test_neither_the_words_of_the_service_nor_the_key_are_in_an_errors_text() -> None:
    body = {"error": "bad_request", "message": f"No 'Hello' for {KEY}", "details": {"is": KEY}}

    error = await refusal(json_of(body, status=400))

    assert error.message == "No 'Hello' for [key]"
    assert "Hello" not in f"{error!s} {error!r}"
    assert KEY not in f"{error!r} {error.message} {error.details}"
