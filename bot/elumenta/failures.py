"""The answers that are refusals: from an HTTP status and a body to one of our errors."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Annotated

from pydantic import ConfigDict, Field, ValidationError

from bot.elumenta.errors import (
    BadRequest,
    InsufficientTokens,
    ModelUnavailable,
    NotFound,
    PlanTooLow,
    ProviderFailed,
    RateLimited,
    StatusError,
    Unauthorized,
)
from bot.elumenta.wire import Hint, WireModel

BY_STATUS: Mapping[int, type[StatusError]] = {
    400: BadRequest,
    401: Unauthorized,
    402: InsufficientTokens,
    403: PlanTooLow,
    404: NotFound,
    422: BadRequest,
    429: RateLimited,
    500: ProviderFailed,
    502: ProviderFailed,
    503: ModelUnavailable,
    504: ProviderFailed,
}

BY_CODE: Mapping[str, type[StatusError]] = {
    "bad_request": BadRequest,
    "not_authenticated": Unauthorized,
    "token_expired": Unauthorized,
    "insufficient_tokens": InsufficientTokens,
    "insufficient_plan": PlanTooLow,
    "not_found": NotFound,
    "validation_error": BadRequest,
    "rate_limit_exceeded": RateLimited,
    "provider_error": ProviderFailed,
    "model_unavailable": ModelUnavailable,
}

LONGEST_WAIT_SECONDS = 10**9
"""No limit lasts for so long; a larger number is a mistake, and no calendar may hold it."""

_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


def read_failure(status: int, headers: Mapping[str, str], body: bytes) -> StatusError:
    """Build the error for an answer of 4xx or 5xx, however little of it can be read."""
    failure = _read(body)
    code, message = failure.code(), failure.words()
    details = failure.details if failure.details is not None else failure.model_extra

    kind = BY_STATUS.get(status) or BY_CODE.get(code or "") or _by_class(status)
    if kind is RateLimited:
        retry_after = failure.retry_after
        if retry_after is None:
            retry_after = _seconds(headers.get("retry-after", ""))
        return RateLimited(
            status, code=code, message=message, details=details, retry_after=retry_after
        )
    return kind(status, code=code, message=message, details=details)


class _Complaint(WireModel):
    loc: tuple[str | int, ...] = ()
    msg: str

    def words(self) -> str:
        return f"{'.'.join(map(str, self.loc))}: {self.msg}"


class _Failure(WireModel):
    model_config = ConfigDict(extra="allow")

    error: Hint[str] = None
    message: Hint[str] = None
    details: Hint[dict[str, object]] = None
    detail: Hint[str | list[_Complaint]] = None
    retry_after: Hint[Annotated[float, Field(ge=0, le=LONGEST_WAIT_SECONDS)]] = None

    def code(self) -> str | None:
        """The machine's code; some pages show words for people in its place."""
        return self.error if self.error and _CODE.fullmatch(self.error) else None

    def words(self) -> str | None:
        """What the service says to people."""
        if isinstance(self.detail, list):
            detail = "; ".join(complaint.words() for complaint in self.detail)
        else:
            detail = self.detail or ""
        return self.message or detail or (None if self.code() else self.error)


def _read(body: bytes) -> _Failure:
    try:
        return _Failure.model_validate_json(body)
    except ValidationError:
        return _Failure()


def _by_class(status: int) -> type[StatusError]:
    return BadRequest if status < HTTPStatus.INTERNAL_SERVER_ERROR else ProviderFailed


def _seconds(retry_after: str) -> float | None:
    """Read a Retry-After header: seconds, or the date of RFC 9110 10.2.3."""
    if retry_after.isascii() and retry_after.isdigit():
        seconds = float(retry_after)
        return seconds if seconds <= LONGEST_WAIT_SECONDS else None
    try:
        moment = parsedate_to_datetime(retry_after)
        left = moment.astimezone(UTC) - datetime.now(UTC)
    except (ValueError, OverflowError):
        return None
    return max(0.0, left.total_seconds())
