"""Puts text and entities together so that Telegram cannot object to them."""

from dataclasses import dataclass
from typing import NamedTuple

from aiogram.types import MessageEntity

from bot.telegram.formatted import FormattedText, is_visible, utf16_length

STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
MONOSPACED = frozenset({"code", "pre"})
EXCLUSIVE = frozenset({"code", "text_link"})
PLAIN = "plain"
FORMULA = "formula"
"""An entity around LaTeX; only rich messages have such a thing."""
TAB_WIDTH = 4

# Telegram turns control characters into spaces and drops the old direction marks, both by
# itself and before it looks at the entities.
SAFE = str.maketrans(
    dict.fromkeys([*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0)], " ")
    | dict.fromkeys([0x2028, 0x2029], "\n")
    | dict.fromkeys(range(0x202A, 0x202F))
)


class TextBuilder:
    """Text written from front to back, with scopes of formatting around it.

    Scopes close in the reverse order of opening. What Telegram would refuse inside another
    scope is opened without effect. Line breaks and list markers wait for text to follow, so
    nothing begins or ends with whitespace.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._spans: list[_Span] = []
        self._scopes: list[_Scope] = []
        self._kinds: set[str] = set()
        self._newlines = 0
        self._indent = ""
        self._marker = ""

    def write(self, text: str) -> None:
        """Add text to whatever is open."""
        text = text.translate(SAFE)
        if not self._length and not self._marker:
            text = text.lstrip()
        if text:
            self._begin_line()
            self._start_scopes()
            self._put(text)

    def write_code(self, code: str) -> None:
        """Add code in the line."""
        self.open("code")
        self.write(code)
        self.close()

    def write_block(self, code: str, *, language: str | None = None) -> None:
        """Add lines of code, or of anything else whose columns matter."""
        code = code.expandtabs(TAB_WIDTH).strip("\n").rstrip()
        self.settle_marker()
        self.open("pre", language=language)
        self.write(code)
        self.close()

    def append(self, fragment: FormattedText) -> None:
        """Add a text that was formatted on its own; only quotes may be open."""
        self._begin_line()
        self._start_scopes()
        for entity in fragment.entities:
            start = self._length + entity.offset
            stop = start + entity.length
            self._spans.append(_Span(entity.type, start, stop, entity.url, entity.language))
        self._put(fragment.text)

    def break_line(self, newlines: int = 1, *, indent: str = "") -> None:
        """Let the next text begin on a new line; more newlines leave blank lines."""
        self._newlines = max(self._newlines, newlines)
        self._indent = indent

    def mark(self, marker: str) -> None:
        """Put a list marker before the next text, in the place of one that still waits."""
        self._marker = marker

    @property
    def at_marker(self) -> bool:
        """Whether the next text continues the line of a list marker."""
        return bool(self._marker)

    def settle_marker(self) -> None:
        """Leave a waiting marker alone on its line."""
        if self._marker:
            self._marker = self._marker.rstrip()
            self._begin_line()
            self.break_line()

    def open(self, kind: str, *, url: str | None = None, language: str | None = None) -> None:
        """Begin an entity with the next text; the kind PLAIN begins none."""
        if kind == "code":
            self._pause_styles()
        is_effective = self._allows(kind)
        self._scopes.append(_Scope(kind, is_effective, url, language))
        if is_effective:
            self._kinds.add(kind)

    def close(self) -> None:
        """End the entity opened last."""
        scope = self._scopes.pop()
        self._finish_scope(scope)
        if scope.is_effective:
            self._kinds.remove(scope.kind)

    def text_in_scope(self) -> str:
        """Give what was written since the last opening."""
        return self._text_of(self._scopes[-1])

    def finish(self) -> FormattedText:
        """Give all that was written, without trailing whitespace."""
        self.settle_marker()
        text = "".join(self._pieces).rstrip()
        end = utf16_length(text)
        clipped = (span._replace(stop=min(span.stop, end)) for span in reversed(self._spans))
        spans = sorted((span for span in clipped if span.start < span.stop), key=_Span.rank)
        return FormattedText(text=text, entities=tuple(span.to_entity() for span in spans))

    def _allows(self, kind: str) -> bool:
        if kind == PLAIN or kind in self._kinds or self._kinds & MONOSPACED:
            return False
        excluded = EXCLUSIVE if kind in EXCLUSIVE else QUOTES if kind in QUOTES else frozenset()
        return self._kinds.isdisjoint(excluded)

    def _begin_line(self) -> None:
        if self._newlines and self._length:
            self._put("\n" * self._newlines + self._indent)
        self._newlines = 0

        for scope in self._scopes:
            if scope.kind in QUOTES:
                scope.start_at(self._length, len(self._pieces))
        self._put(self._marker)
        self._marker = ""

    def _start_scopes(self) -> None:
        in_code = "code" in self._kinds
        for scope in self._scopes:
            if not (in_code and scope.kind in STYLES):
                scope.start_at(self._length, len(self._pieces))

    def _pause_styles(self) -> None:
        """End the styles here, as code must not be styled; the next other text resumes them."""
        if not self._allows("code"):
            return
        for scope in self._scopes:
            if scope.kind in STYLES:
                self._finish_scope(scope)
                scope.start = None

    def _finish_scope(self, scope: "_Scope") -> None:
        text = self._text_of(scope)
        if scope.start is None or not scope.is_effective or not is_visible(text):
            return
        if scope.kind in STYLES:
            scope.start += len(text) - len(text.lstrip())
            text = text.strip()
        stop = scope.start + utf16_length(text)
        self._spans.append(_Span(scope.kind, scope.start, stop, scope.url, scope.language))

    def _text_of(self, scope: "_Scope") -> str:
        return "" if scope.start is None else "".join(self._pieces[scope.first_piece :])

    def _put(self, text: str) -> None:
        self._pieces.append(text)
        self._length += utf16_length(text)


@dataclass(slots=True)
class _Scope:
    """An entity in the making; without effect where Telegram forbids it."""

    kind: str
    is_effective: bool
    url: str | None
    language: str | None
    start: int | None = None
    first_piece: int = 0

    def start_at(self, offset: int, piece: int) -> None:
        if self.start is None:
            self.start, self.first_piece = offset, piece


class _Span(NamedTuple):
    """A finished entity."""

    kind: str
    start: int
    stop: int
    url: str | None
    language: str | None

    def rank(self) -> tuple[int, int]:
        """Sort by place, the outer before the inner."""
        return self.start, -self.stop

    def to_entity(self) -> MessageEntity:
        return MessageEntity(
            type=self.kind,
            offset=self.start,
            length=self.stop - self.start,
            url=self.url,
            language=self.language,
        )
