"""Scripted misfortune: what may go wrong between a bot and Telegram."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What goes wrong."""

    RETRY_AFTER = "retry_after"
    """Flood control says no for `seconds`."""
    SERVER_ERROR = "server_error"
    """A page of HTML with `status` comes instead of an answer; nothing is done."""
    CUT = "cut"
    """The connection ends before anything is done."""
    LOST_ANSWER = "lost_answer"
    """The call is carried out, but the connection ends before the answer."""
    DELAY = "delay"
    """The call is carried out `seconds` later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A misfortune that happens to the next matching calls.

    Without a method it is for every call except `getUpdates`, which would use it up at once.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int = 1
    seconds: float = 1
    status: int = 502

    def is_for(self, method: str, chat_id: int | None) -> bool:
        named = method != "getUpdates" if self.method is None else method == self.method
        return named and self.chat_id in (None, chat_id)


class FaultScript:
    """The misfortunes still to come, in the order they were written."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        self._left.append((fault, fault.times))

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        for index, (fault, times) in enumerate(self._left):
            if fault.is_for(method, chat_id):
                self._left[index : index + 1] = [(fault, times - 1)] if times > 1 else []
                return fault

        return None
