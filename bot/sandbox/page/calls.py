"""What the bot and the servers said to one another, as the page lists it."""

import time
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import TypeVar

from bot.sandbox.elumenta import ElumentaServer, Request
from bot.sandbox.telegram import Call, TelegramServer
from bot.sandbox.telegram.model import JsonObject

T = TypeVar("T")

MAX_CALLS = 200
MAX_STRING_LENGTH = 400
FILES = "/files/"
NO_ANSWER = ""
"""The status of a call that was not answered, or not yet."""


class CallLog:
    """Merges the records of both servers, oldest first; who only polls for updates is left out."""

    def __init__(self, telegram: TelegramServer, elumenta: ElumentaServer) -> None:
        self._telegram = telegram
        self._elumenta = elumenta
        self._since = time.time() - time.monotonic()
        self._written: dict[str, JsonObject] = {}

    def newest(self) -> dict[str, JsonObject]:
        """List the newest calls by an id that stays."""
        written = dict(self._views())
        newest = sorted(written.items(), key=_moment)[-MAX_CALLS:]
        self._written = dict(newest)
        return self._written

    def _views(self) -> Iterator[tuple[str, JsonObject]]:
        for number, call in _last(self._telegram.calls):
            key = f"telegram-{number}"
            yield key, self._written.get(key) or self._telegram_call(call)
        for name, requests in (
            ("elumenta", self._elumenta.requests),
            ("download", self._elumenta.downloads),
        ):
            for number, request in _last(requests):
                key = f"{name}-{number}"
                known = self._written.get(key)
                is_settled = known is not None and known["status"] != NO_ANSWER
                yield key, known if known and is_settled else self._elumenta_call(request)

    def _telegram_call(self, call: Call) -> JsonObject:
        status = "200 OK" if call.ok else f"{call.error_code or ''} {call.description}".strip()
        return {
            "server": "telegram",
            "at": self._since + call.at,
            "method": call.method,
            "content": shorten(call.parameters),
            "status": status if call.ok or call.error_code else NO_ANSWER,
            "isRefused": call.error_code is not None,
        }

    def _elumenta_call(self, request: Request) -> JsonObject:
        return {
            "server": "elumenta",
            "at": self._since + request.at,
            "method": f"{request.method} {_path(request)}",
            "content": shorten(request.body),
            "status": NO_ANSWER if request.status is None else _status(request.status),
            "isRefused": request.status is not None and request.status >= HTTPStatus.BAD_REQUEST,
        }


def shorten(value: object) -> object:
    """Copy what was said as JSON, with long texts cut."""
    match value:
        case str() if len(value) > MAX_STRING_LENGTH:
            return f"{value[:MAX_STRING_LENGTH]}…"
        case dict():
            return {key: shorten(one) for key, one in value.items()}
        case list():
            return [shorten(one) for one in value]
        case _:
            return value


def _last(records: Sequence[T]) -> Iterator[tuple[int, T]]:
    first = max(0, len(records) - MAX_CALLS)
    yield from enumerate(records[first:], first)


def _moment(item: tuple[str, JsonObject]) -> float:
    at = item[1]["at"]
    return at if isinstance(at, float) else 0


def _status(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def _path(request: Request) -> str:
    """Leave out what would let anybody have the file."""
    if not request.path.startswith(FILES):
        return request.path
    return f"{FILES}…/{request.path.rpartition('/')[2]}"
