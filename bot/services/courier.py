"""How a job reaches its person; the bot's side of it is in `bot.telegram.courier`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol

from bot.model import MediaJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture or video in an open file."""

    file: BinaryIO
    size: int
    """In bytes."""
    content_type: str
    """Such as `image/png`; empty when nobody can tell."""


class Outcome(StrEnum):
    """What became of a message."""

    DONE = "done"
    UNWANTED = "unwanted"
    """The chat does not want the bot, or is gone: no use in trying again."""
    DELAYED = "delayed"
    """It did not arrive: to be tried again."""
    UNSURE = "unsure"
    """It may have arrived; nobody knows, and trying again may bring it twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What became of a message, and its id where it arrived."""

    outcome: Outcome
    message_id: int | None = None


class Courier(Protocol):
    """Brings jobs to people; a failure is an outcome, never an error."""

    async def show(
        self,
        job: MediaJob,
        *,
        balance: int | None = None,
        allowance: int | None = None,
        waiting_until: str | None = None,
    ) -> Delivery:
        """Let the job's one status message say how far it is.

        An offer also tells the tokens of the account (*balance*) and those that are left to its
        person today (*allowance*), where they are given; an order that is not sent before the
        rate limit allows it, until about when it waits. While the job runs this is tried once;
        offers and ends are told however long it takes.
        """

    async def deliver(self, job: MediaJob, media: Media | None) -> Delivery:
        """Answer the order with its result; without media by a link to it."""

    async def send_file(self, job: MediaJob, media: Media) -> Delivery:
        """Answer the order with its result as a file, exactly as it was made."""

    async def clear(self, job: MediaJob) -> None:
        """Take the status message away."""
