"""What a test can tell the stand-in to answer."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Wire(StrEnum):
    """How the events of a stream look in bytes; every one is valid."""

    PLAIN = "plain"
    CRLF = "crlf"
    BYTES = "bytes"
    """One byte at a time, so that characters are split too."""
    COMMENTS = "comments"
    TIGHT = "tight"
    """No space after `data:`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One scripted answer: what the model says and what goes wrong on the way.

    A reply that is not streamed waits for as long as its stream would have taken.
    """

    chunks: tuple[str, ...] = ()
    """What the model says, piece by piece."""
    text: str = ""
    """The same as one text, which is said word by word."""
    first_delay: float = 0
    """Seconds before the first chunk."""
    gap: float = 0
    """Seconds between chunks."""

    status: int = 200
    """Anything else is an HTTP error with the documented body."""
    error: str | None = None
    """Machine code of the HTTP error; the documented one unless given."""
    message: str = "Provider error: scripted failure"
    retry_after: int | None = None
    """Seconds, in the body of a 429."""
    retry_after_header: bool = False
    """Also as a header, which is not documented."""
    raw_body: bytes | None = None
    """Exactly this instead of an answer."""
    content_type: str = "application/json"
    """Of the raw body."""

    fail_after: int | None = None
    """An `error` event after so many chunks; not streamed: `status: failed`."""
    cut_after: int | None = None
    """The connection is closed after so many chunks; not streamed: without any answer."""
    end_after: int | None = None
    """The body ends cleanly after so many chunks, without any end event."""
    finishes: bool = True
    """Whether, after a cut or an early end, the service completes the answer and charges it."""
    end: bool = True
    """Whether `generation_end` is sent."""
    done: bool = True
    """Whether `[DONE]` is sent."""
    wire: Wire = Wire.PLAIN
    as_json: bool = False
    """The whole answer as JSON, although a stream was asked for."""
    pending_for: float | None = None
    """Not streamed: `status: pending` first, completed after so many seconds."""

    def __post_init__(self) -> None:
        """Refuse a script that contradicts itself."""
        if self.chunks and self.text:
            message = "give either chunks or a text"
            raise ValueError(message)
        if (
            len([n for n in (self.fail_after, self.cut_after, self.end_after) if n is not None])
            > 1
        ):
            message = "a reply can break in one way only"
            raise ValueError(message)

    @property
    def pieces(self) -> tuple[str, ...]:
        """The chunks, or the words of the text with the space that follows each."""
        return self.chunks or tuple(re.findall(r"\s*\S+\s?|\s+", self.text))

    @property
    def said(self) -> tuple[str, ...]:
        """The pieces that are said before the reply breaks."""
        breaks = (self.fail_after, self.cut_after, self.end_after)
        return self.pieces[: next((count for count in breaks if count is not None), None)]

    @property
    def whole(self) -> str:
        """All that the model has to say."""
        return "".join(self.pieces)
