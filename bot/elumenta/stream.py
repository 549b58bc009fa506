"""An answer that arrives in pieces, or is told as if it did."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing

from bot.elumenta.chat import ChatEvent, Finished, Started, TextDelta
from bot.elumenta.errors import ProtocolError, StreamBroken
from bot.elumenta.generation import Generation
from bot.elumenta.sse import Payload, read_payloads
from bot.elumenta.wire import read_event

END_OF_STREAM = "[DONE]"


async def read_stream(chunks: AsyncIterator[bytes]) -> AsyncGenerator[ChatEvent]:
    """Give the events of an answer; the last one is Finished, or else this raises.

    Raises StreamBroken, with the generation's id where it is known, ProviderFailed and
    ProtocolError.
    """
    generation_id: str | None = None
    try:
        async with aclosing(_events(chunks)) as events:
            async for event in events:
                if isinstance(event, Started):
                    generation_id = event.id
                yield event
    except StreamBroken as broken:
        broken.generation_id = generation_id
        raise


def tell_at_once(generation: Generation) -> Iterator[ChatEvent]:
    """Give the events of an answer that came in one piece."""
    yield Started(id=generation.id, model=generation.model)
    if generation.text:
        yield TextDelta(text=generation.text)
    yield Finished(id=generation.id, tokens_spent=generation.tokens_spent)


async def _events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[ChatEvent]:
    async with aclosing(read_payloads(chunks)) as payloads:
        async for payload in payloads:
            event = _read(payload)
            if event is not None:
                yield event
            if isinstance(event, Finished):
                return

    problem = "the stream ended before the answer did"
    raise StreamBroken(problem)


def _read(payload: Payload) -> ChatEvent | None:
    if payload.text.strip() == END_OF_STREAM:
        return Finished()
    try:
        return read_event(payload.text)
    except ProtocolError:
        if payload.whole:
            raise
        problem = "the stream ended in the middle of an event"
        raise StreamBroken(problem) from None
