"""The client: what can be asked of Elumenta."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Self
from urllib.parse import quote

import httpx

from bot.elumenta.answers import Answer
from bot.elumenta.chat import (
    DEFAULT_OPTIONS,
    ChatEvent,
    ChatMessage,
    ChatOptions,
    ChatRequest,
    RequestStyle,
)
from bot.elumenta.connection import DEFAULT_TIMEOUTS, JSON, Connection, OnExchange, Timeouts
from bot.elumenta.errors import (
    ElumentaError,
    ProtocolError,
    ProviderFailed,
    StatusError,
    StreamBroken,
)
from bot.elumenta.generation import Generation, GenerationStatus, RateLimits
from bot.elumenta.lookups import LookUps
from bot.elumenta.media import Balance, MediaOrder, Price
from bot.elumenta.models import ListedModel
from bot.elumenta.retry import Patience
from bot.elumenta.stream import read_stream, tell_at_once
from bot.elumenta.wire import (
    chat_body,
    order_body,
    price_body,
    read_balance,
    read_generation,
    read_models,
    read_price,
)

GENERATE_PATH = "/generate"
STREAM_PATH = "/generate/stream"
EVENT_STREAM = "text/event-stream"
DEFAULT_PATIENCE = Patience()


def ignore(*_: object) -> None:
    """Leave what happened to whoever made the request."""


class ElumentaClient:
    """A connection to the account that the key belongs to; every call raises ElumentaError only.

    A request that may have been charged is never sent a second time. *on_refusal* hears of every
    answer that is an error of HTTP, also where the request is then repeated, and *on_exchange* of
    every request.
    """

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str,
        style: RequestStyle = RequestStyle.PARAMS,
        timeout: Timeouts = DEFAULT_TIMEOUTS,
        patience: Patience = DEFAULT_PATIENCE,
        on_refusal: Callable[[StatusError], object] = ignore,
        on_exchange: OnExchange = ignore,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._style = style
        self._patience = patience
        self._connection = Connection(
            api_key,
            base_url=base_url,
            timeouts=timeout,
            patience=patience,
            on_refusal=on_refusal,
            on_exchange=on_exchange,
            transport=transport,
        )
        self._look_ups = LookUps(self._connection)
        self._stream_paths = (STREAM_PATH, GENERATE_PATH)

    @property
    def limits(self) -> RateLimits | None:
        """What the newest answer told about the account's rate limits."""
        return self._connection.limits

    async def stream_chat(
        self,
        messages: Sequence[ChatMessage],
        *,
        model: str,
        options: ChatOptions = DEFAULT_OPTIONS,
    ) -> AsyncGenerator[ChatEvent]:
        """Give the model's answer as it is written; the last event is Finished, or this raises.

        Closing the generator closes the connection. Where the service answers in one piece,
        the piece is given as the only text.
        """
        request = ChatRequest(model=model, messages=messages, options=options)
        body = chat_body(request, self._style, stream=True)

        async with (
            await self._order_stream(body) as answer,
            aclosing(self._events(answer)) as events,
        ):
            async for event in events:
                yield event

    async def chat(
        self,
        messages: Sequence[ChatMessage],
        *,
        model: str,
        options: ChatOptions = DEFAULT_OPTIONS,
    ) -> Generation:
        """Give the model's whole answer, completed."""
        request = ChatRequest(model=model, messages=messages, options=options)
        body = chat_body(request, self._style, stream=False)

        return await self._settle(await self._order(body))

    async def generate(self, order: MediaOrder) -> Generation:
        """Order a picture or a video; one that is not ready or failed is given, not raised."""
        return await self._order(order_body(order, self._style))

    async def get_generation(
        self,
        id: str,  # noqa: A002 (the word of the API)
        *,
        repeats: bool = True,
    ) -> Generation:
        """Look up what became of a generation; a failed one is given, not raised.

        Without *repeats* no failure of the service is tried again, which is for those who come
        back anyway.
        """
        return await self._look_ups.get(id, repeats=repeats)

    async def find_generation(
        self, order: MediaOrder, *, since: datetime, known: Collection[str]
    ) -> Generation | None:
        """Find what became of an order whose answer was lost, in the account's history.

        It is the oldest generation by the same model of the same prompt, begun after *since* by
        the service's clock, whose id is not *known*. No failure is tried again.
        """
        return await self._look_ups.find(order, since=since, known=known)

    async def calculate_price(self, order: MediaOrder) -> Price:
        """Ask what an order would cost; nothing is ordered."""
        path = f"/models/{quote(order.model, safe='')}/calculate-price"
        return read_price(await self._connection.ask(path, price_body(order)))

    async def get_balance(self) -> Balance:
        return read_balance(await self._connection.get("/balance"))

    async def list_models(self) -> list[ListedModel]:
        """Ask which models there are; no failure is tried again, since there is a catalogue."""
        return read_models(await self._connection.get("/models", repeats=False))

    async def wait_for(self, id: str) -> Generation:  # noqa: A002 (the word of the API)
        """Wait for a generation that was ordered before, and give it completed.

        Raises ProviderFailed when it failed, and StreamBroken when it cannot be had now.
        """
        return await self._settle(Generation(id=id, status=GenerationStatus.PENDING))

    async def close(self) -> None:
        await self._connection.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _order(self, body: Mapping[str, object]) -> Generation:
        async with await self._connection.order(GENERATE_PATH, body, accept=JSON) as answer:
            return read_generation(await answer.read())

    async def _order_stream(self, body: Mapping[str, object]) -> Answer:
        """Send to the path that streams: two are documented, and the one that works is kept."""
        accept = f"{EVENT_STREAM}, {JSON}"
        path, other = self._stream_paths
        try:
            return await self._connection.order(path, body, accept=accept)
        except StatusError as error:
            if error.status not in {404, 405}:
                raise

        answer = await self._connection.order(other, body, accept=accept)
        self._stream_paths = (other, path)
        return answer

    async def _events(self, answer: Answer) -> AsyncGenerator[ChatEvent]:
        match answer.content_type:
            case "text/event-stream":
                chunks = answer.chunks()
                async with aclosing(chunks), aclosing(read_stream(chunks)) as events:
                    async for event in events:
                        yield event
            case "application/json":
                generation = read_generation(await answer.read())
                for event in tell_at_once(await self._settle(generation)):
                    yield event
            case other:
                problem = f"an answer of type {other!r} instead of a stream"
                raise ProtocolError(problem)

    async def _settle(self, generation: Generation) -> Generation:
        """Wait for an answer that is not ready yet.

        Raises ProviderFailed when it failed, and StreamBroken when it cannot be had now. Errors
        of the look-ups are not passed on: they tell nothing about the order, which was taken.
        """
        for seconds in self._patience.poll_after_seconds:
            if generation.status is not GenerationStatus.PENDING:
                break
            await asyncio.sleep(seconds)
            generation = await self._look_again(generation.id)

        match generation.status:
            case GenerationStatus.COMPLETED:
                return generation
            case GenerationStatus.FAILED:
                raise ProviderFailed(200, message=generation.error)
            case GenerationStatus.PENDING:
                problem = "the answer is still not ready"
                raise StreamBroken(problem, generation_id=generation.id)

    async def _look_again(self, generation_id: str) -> Generation:
        try:
            return await self.get_generation(generation_id)
        except ElumentaError as error:
            problem = "the answer is not ready, and looking it up failed"
            raise StreamBroken(problem, generation_id=generation_id) from error
