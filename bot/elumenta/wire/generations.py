"""Generations: answered to an order, looked up, or found in the history."""

from dataclasses import dataclass

from pydantic import ValidationError

from bot.elumenta.errors import ProtocolError
from bot.elumenta.generation import Generation, GenerationStatus, PastGeneration
from bot.elumenta.wire.reading import (
    Count,
    Hint,
    Id,
    Moment,
    Pixels,
    Seconds,
    WireModel,
    Words,
    first,
    read,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """A page of the account's history."""

    items: tuple[PastGeneration, ...]
    """Those that can be read."""
    is_full: bool
    """There may be more pages."""


def read_generation(body: bytes) -> Generation:
    """Read the answer to an order or to a look-up; raises ProtocolError."""
    return read(_Generation, body).value()


def read_history(body: bytes, *, limit: int) -> HistoryPage:
    """Read a page that was asked for with *limit* items.

    Raises ProtocolError also where there are items and none can be read.
    """
    history = read(_History, body)
    items = tuple(item for item in map(_past, history.items) if item is not None)
    if history.items and not items:
        problem = "a history of which nothing can be read"
        raise ProtocolError(problem)

    full = min(limit, history.limit or limit)
    return HistoryPage(items=items, is_full=len(history.items) >= full)


class _Metadata(WireModel):
    width: Hint[Pixels] = None
    height: Hint[Pixels] = None
    duration: Hint[Seconds] = None
    duration_seconds: Hint[Seconds] = None
    seed: Hint[Count] = None


class _Generation(WireModel):
    id: Id
    status: str
    model_slug: Hint[Words] = None
    model: Hint[Words] = None
    result_text: str | None = None
    content: str | None = None
    result_url: Hint[Words] = None
    output_url: Hint[Words] = None
    url: Hint[Words] = None
    error: Hint[str] = None
    tokens_spent: Hint[Count] = None
    tokens_used: Hint[Count] = None
    result_metadata: Hint[_Metadata] = None
    width: Hint[Pixels] = None
    height: Hint[Pixels] = None
    duration: Hint[Seconds] = None
    duration_seconds: Hint[Seconds] = None
    seed: Hint[Count] = None
    processing_ms: Hint[Count] = None
    eta_seconds: Hint[Seconds] = None

    def value(self) -> Generation:
        about = self.result_metadata or _Metadata()
        return Generation(
            id=self.id,
            status=_status(self.status),
            model=first(self.model_slug, self.model),
            text=first(self.result_text, self.content),
            url=first(self.result_url, self.output_url, self.url),
            error=self.error,
            tokens_spent=first(self.tokens_spent, self.tokens_used),
            width=first(about.width, self.width),
            height=first(about.height, self.height),
            duration_seconds=first(
                about.duration, about.duration_seconds, self.duration, self.duration_seconds
            ),
            seed=first(self.seed, about.seed),
            processing_seconds=_seconds(self.processing_ms),
            eta_seconds=self.eta_seconds,
        )


class _Past(_Generation):
    prompt: Hint[str] = None
    created_at: Moment

    def past(self) -> PastGeneration:
        return PastGeneration(
            generation=self.value(), prompt=self.prompt, created_at=self.created_at
        )


class _History(WireModel):
    items: list[object]
    limit: Hint[Count] = None
    """As many as the service puts on a page, whatever it was asked for."""


def _past(item: object) -> PastGeneration | None:
    try:
        return _Past.model_validate(item).past()
    except ValidationError:
        return None


def _status(spelled: str) -> GenerationStatus:
    """A state nobody documented is not an end that anybody could rely on."""
    try:
        return GenerationStatus(spelled)
    except ValueError:
        return GenerationStatus.PENDING


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
