"""Posts updates to the webhook of the bot."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from aiohttp import (
    ClientConnectionError,
    ClientConnectorError,
    ClientError,
    ClientSession,
    ClientTimeout,
    TCPConnector,
    web,
)
from pydantic import TypeAdapter, ValidationError
from yarl import URL

from bot.sandbox.telegram.faults import DELIVERY, FaultKind, FaultScript
from bot.sandbox.telegram.model import JsonObject
from bot.sandbox.telegram.updates import Update
from bot.sandbox.telegram.webhook import Delivery, Webhook
from bot.sandbox.telegram.world import World

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 3.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header

REFUSED = "Connection refused"
RESET = "Connection reset by peer"
TIMED_OUT = "Read timeout expired"
ANSWERED_WITH_A_CALL = "the sandbox makes no calls that are answers to a webhook"

JSON_OBJECT = TypeAdapter(JsonObject)


class Poster:
    """Posts waiting updates: one after another in each chat, those of many chats at once.

    An update is posted until it is acknowledged, at growing intervals; the next one of its
    chat waits for that.
    """

    def __init__(self, world: World, faults: FaultScript, *, patience_seconds: float) -> None:
        self.down = False
        self._world = world
        self._faults = faults
        self._timeout = ClientTimeout(total=patience_seconds)
        self._served: set[int] = set()

    async def beside(self, _application: web.Application) -> AsyncIterator[None]:
        """Post for as long as the server runs."""
        async with asyncio.TaskGroup() as tasks:
            posting = tasks.create_task(self._run())
            yield
            posting.cancel()

    async def _run(self) -> None:
        # As many connections as the webhook allows are counted where it is kept.
        connector = TCPConnector(limit=0)
        self._served.clear()
        async with (
            ClientSession(connector=connector, timeout=self._timeout) as session,
            asyncio.TaskGroup() as tasks,
        ):
            while True:
                for chat_id in self._neglected():
                    self._served.add(chat_id)
                    tasks.create_task(self._serve(session, chat_id))
                await self._world.updates.news()

    def _neglected(self) -> list[int]:
        if self._world.webhooks.current is None:
            return []
        return [one for one in self._world.updates.chat_ids() if one not in self._served]

    async def _serve(self, session: ClientSession, chat_id: int) -> None:
        """Post what waits for a chat, until nothing does or the webhook is gone."""
        webhooks, updates = self._world.webhooks, self._world.updates
        pause = FIRST_PAUSE_SECONDS
        while (webhook := webhooks.current) and (update := updates.first_of(chat_id)):
            async with webhooks.connections:
                is_taken = not self.down and await self._deliver(session, webhook, update)

            if is_taken:
                updates.confirm(update.id)
                pause = FIRST_PAUSE_SECONDS
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

        self._served.discard(chat_id)

    async def _deliver(self, session: ClientSession, webhook: Webhook, update: Update) -> bool:
        """Post an update once; tells whether it was acknowledged."""
        fault = self._faults.take(DELIVERY, update.chat_id)
        kind = None if fault is None else fault.kind
        if fault is not None and kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)

        cut = kind is FaultKind.CUT
        status, error = (None, REFUSED) if cut else await _post(session, webhook, update)
        if self.down or kind is FaultKind.LOST_ANSWER:
            status, error = None, RESET
        self._record(update, status, error)
        return not error

    def _record(self, update: Update, status: int | None, error: str) -> None:
        delivery = Delivery(
            at=datetime.now(UTC),
            update_id=update.id,
            chat_id=update.chat_id,
            status=status,
            error=error,
        )
        self._world.webhooks.record(delivery)
        self._world.change.announce()


async def _post(
    session: ClientSession, webhook: Webhook, update: Update
) -> tuple[int | None, str]:
    """Give the status of the answer, and what is wrong with it."""
    url, headers = URL(webhook.url), dict[str, str]()
    if webhook.secret_token:
        headers[SECRET_HEADER] = webhook.secret_token
    if webhook.ip_address:
        headers["Host"] = url.raw_authority
        url = url.with_host(webhook.ip_address)

    try:
        async with session.post(
            url, json=update.body, headers=headers, allow_redirects=False
        ) as response:
            return response.status, _problem(
                response.status, response.reason, await response.read()
            )
    except ClientConnectorError:
        return None, REFUSED
    except ClientConnectionError:
        return None, RESET
    except TimeoutError:
        return None, TIMED_OUT
    except ClientError as error:
        return None, f"Wrong response from the webhook: {type(error).__name__}"


def _problem(status: int, reason: str | None, body: bytes) -> str:
    if not 200 <= status < 300:  # noqa: PLR2004 - success, in HTTP
        return f"Wrong response from the webhook: {status} {reason}"

    try:
        is_call = "method" in JSON_OBJECT.validate_json(body)
    except ValidationError:
        return ""
    return ANSWERED_WITH_A_CALL if is_call else ""
