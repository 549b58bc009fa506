"""The refusals of the Bot API, in Telegram's own words."""

from typing import NoReturn

from bot.sandbox.telegram.model import JsonObject


class ApiError(Exception):
    """A call that Telegram refuses."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> JsonObject:
        answer: JsonObject = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters

        return answer


class ImpossibleError(Exception):
    """Somebody does what no Telegram app lets them do: the test is wrong, not the bot."""


def refuse(reason: str, **parameters: int) -> NoReturn:
    """Refuse a call that makes no sense, or not any more."""
    raise ApiError(400, f"Bad Request: {reason}", **parameters)


def forbid(reason: str) -> NoReturn:
    """Refuse a call because the bot is not welcome."""
    raise ApiError(403, f"Forbidden: {reason}")


def refuse_query() -> NoReturn:
    """Refuse an answer that comes too late, a second time, or to nothing."""
    refuse("query is too old and response timeout expired or query ID is invalid")


def refuse_unknown() -> NoReturn:
    """Refuse a method that this server does not have."""
    raise ApiError(404, "Not Found")


def impossible(reason: str) -> NoReturn:
    """Stop a test that asks for what cannot happen."""
    raise ImpossibleError(reason)
