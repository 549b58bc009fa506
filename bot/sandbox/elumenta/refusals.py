"""The documented error bodies (guide error-handling, concepts/rate-limits)."""

from collections.abc import Mapping

from pydantic import JsonValue

CODES = {
    400: "bad_request",
    401: "not_authenticated",
    402: "insufficient_tokens",
    403: "insufficient_plan",
    404: "not_found",
    405: "method_not_allowed",
    422: "validation_error",
    429: "rate_limit_exceeded",
    500: "provider_error",
    502: "provider_error",
    503: "model_unavailable",
    504: "provider_error",
}


class Refusal(Exception):
    """A request that is answered with an HTTP error.

    Most errors have `details`; the 429 has its keys at the top level instead.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        error: str | None = None,
        details: Mapping[str, JsonValue] | None = None,
        extra: Mapping[str, JsonValue] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.body: dict[str, JsonValue] = {
            "error": error or CODES.get(status, "provider_error"),
            "message": message,
        }
        self.body |= {"details": dict(details or {})} if extra is None else dict(extra)


def invalid(problems: Mapping[str, str]) -> Refusal:
    """Refuse a body that breaks the schema; *problems* are messages by field."""
    fields: dict[str, JsonValue] = dict(problems)
    return Refusal(422, "Request validation failed", details={"fields": fields})
