"""The events of an answer that is streamed."""

from bot.elumenta.chat import ChatEvent, Finished, Started, TextDelta
from bot.elumenta.errors import ProviderFailed
from bot.elumenta.wire.reading import Count, Hint, Id, WireModel, first, read


def read_event(payload: str) -> ChatEvent | None:
    """Read one event of a stream; None for what is unknown or empty.

    Raises ProviderFailed for an `error` event, and ProtocolError.
    """
    match read(_Event, payload).type:
        case "generation_start":
            start = read(_Start, payload)
            return Started(id=start.id, model=start.model) if start.id else None
        case "content_delta":
            text = read(_Delta, payload).delta
            return TextDelta(text=text) if text else None
        case "generation_end":
            return read(_End, payload).value()
        case "error":
            raise ProviderFailed(200, message=read(_Error, payload).message)
        case _:
            return None


class _Event(WireModel):
    type: object = None


class _Start(WireModel):
    id: Hint[Id] = None
    model: Hint[str] = None


class _Delta(WireModel):
    delta: str | None = None


class _End(WireModel):
    id: Hint[Id] = None
    tokens_spent: Hint[Count] = None
    tokens_used: Hint[Count] = None

    def value(self) -> Finished:
        return Finished(id=self.id, tokens_spent=first(self.tokens_spent, self.tokens_used))


class _Error(WireModel):
    message: Hint[str] = None
