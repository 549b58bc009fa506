"""The webhook of a bot, and how its updates were received there."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.telegram.updates import UpdateQueue

SET_MEANWHILE = "Conflict: terminated by setWebhook request"
USUAL_CONNECTIONS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where a bot wants its updates posted."""

    url: str
    secret_token: str = ""
    max_connections: int = USUAL_CONNECTIONS
    ip_address: str = ""
    """Where the host of the address is to be found, if it is not to be looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt to post an update."""

    at: datetime
    update_id: int
    chat_id: int
    status: int | None
    """What was answered, if anything was."""
    error: str
    """Why the update will be posted again; empty when it was acknowledged."""


class Webhooks:
    """The webhook that is set, if any, and what became of what was posted."""

    def __init__(self, updates: UpdateQueue) -> None:
        self.current: Webhook | None = None
        self.connections = asyncio.Semaphore(USUAL_CONNECTIONS)
        self.deliveries: list[Delivery] = []
        self.last_error: Delivery | None = None
        """The last attempt at the present address that failed."""
        self._updates = updates

    def set(self, webhook: Webhook) -> None:
        """Have updates posted there from now on; a long poll ends."""
        if self.current is None or self.current.url != webhook.url:
            self.last_error = None
        self.current = webhook
        self.connections = asyncio.Semaphore(webhook.max_connections)
        self._updates.end_polls(SET_MEANWHILE)

    def delete(self) -> None:
        self.current = None
        self.last_error = None

    def record(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        if delivery.error:
            self.last_error = delivery
