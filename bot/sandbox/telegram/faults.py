"""Scripted misfortune: what may go wrong between a bot and Telegram."""

import asyncio
import math
from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.telegram.errors import impossible
from bot.sandbox.telegram.flood import too_many_requests

DELIVERY = "webhook"
"""What faults call the posting of an update to the webhook, as if it were a method."""
DOWNLOAD = "file"
"""What faults call the fetching of a file."""
NAMED_ONLY = frozenset({"getUpdates", DELIVERY, DOWNLOAD})
"""What goes wrong only where a fault names it."""


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
    LATE_ANSWER = "late_answer"
    """The call is carried out, and answered `seconds` later."""
    DELAY = "delay"
    """The call is carried out `seconds` later."""


POSSIBLE_IN_DELIVERY = frozenset({FaultKind.CUT, FaultKind.LOST_ANSWER, FaultKind.DELAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A misfortune that happens to the next matching calls.

    Without a method it is for every call except `getUpdates`, which would use it up at once.
    Updates on their way to a webhook can be cut off, be acknowledged in vain, or come late; of
    a file that is fetched, a lost answer is one that ends in the middle.
    """

    kind: FaultKind
    method: str | None = None
    chat_id: int | None = None
    times: int = 1
    seconds: float = 1
    status: int = 502

    def is_for(self, method: str, chat_id: int | None) -> bool:
        named = method not in NAMED_ONLY if self.method is None else method == self.method
        return named and self.chat_id in (None, chat_id)


class FaultScript:
    """The misfortunes still to come, in the order they were written."""

    def __init__(self) -> None:
        self._left: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        if fault.method == DELIVERY and fault.kind not in POSSIBLE_IN_DELIVERY:
            impossible(f"no delivery ends with {fault.kind}, the bot is who answers")
        self._left.append((fault, fault.times))

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        for index, (fault, times) in enumerate(self._left):
            if fault.is_for(method, chat_id):
                self._left[index : index + 1] = [(fault, times - 1)] if times > 1 else []
                return fault

        return None


class AnswerLostError(Exception):
    """The connection ends instead of an answer."""


class ServerBrokenError(Exception):
    """A page of HTML comes instead of an answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def strike(fault: Fault | None) -> None:
    """Let happen what happens before anything is done."""
    match fault:
        case Fault(kind=FaultKind.RETRY_AFTER, seconds=seconds):
            raise too_many_requests(math.ceil(seconds))
        case Fault(kind=FaultKind.SERVER_ERROR, status=status):
            raise ServerBrokenError(status)
        case Fault(kind=FaultKind.CUT):
            raise AnswerLostError
        case Fault(kind=FaultKind.DELAY, seconds=seconds):
            await asyncio.sleep(seconds)
        case _:
            return


async def linger(fault: Fault | None) -> None:
    """Let happen what happens once all is done."""
    match fault:
        case Fault(kind=FaultKind.LOST_ANSWER):
            raise AnswerLostError
        case Fault(kind=FaultKind.LATE_ANSWER, seconds=seconds):
            await asyncio.sleep(seconds)
        case _:
            return
