"""Formatted messages as rows of a terminal."""

import unicodedata
from collections.abc import Iterable, Sequence

from bot.sandbox.telegram.model import Entity

CODES = {
    "bold": 1,
    "code": 2,
    "pre": 2,
    "blockquote": 2,
    "expandable_blockquote": 2,
    "italic": 3,
    "underline": 4,
    "text_link": 4,
    "url": 4,
    "spoiler": 7,
    "strikethrough": 9,
}
RESET = "\x1b[0m"
TAB = "    "

COMMANDING = frozenset({"Cc", "Cs"})
"""Unicode categories of control characters, and of halves of characters."""
INVISIBLE = COMMANDING | {"Cf", "Me", "Mn"}
"""Those that take no column."""


def styled_rows(text: str, entities: Sequence[Entity], *, columns: int) -> list[str]:
    """Break a text into rows of so many columns, with its formatting as escape codes."""
    styles = _styles(text, entities)
    return [
        "".join(_paint(text[start:end], styles[start:end])) for start, end in _rows(text, columns)
    ]


def plain_rows(text: str) -> list[str]:
    """Break a text at its own line breaks only."""
    return [_printable(line) for line in text.split("\n")]


def width(text: str) -> int:
    """Count the columns that a text takes."""
    return sum(map(_columns, text))


def _styles(text: str, entities: Iterable[Entity]) -> list[frozenset[int]]:
    """List the codes of every character; offsets of entities count UTF-16 units."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if character > "\uffff" else 1))

    found = list(entities)
    return [
        frozenset(
            CODES[one["type"]]
            for one in found
            if one["type"] in CODES and one["offset"] <= at < one["offset"] + one["length"]
        )
        for at in offsets[:-1]
    ]


def _paint(characters: str, styles: Sequence[frozenset[int]]) -> Iterable[str]:
    current: frozenset[int] = frozenset()
    for character, style in zip(characters, styles, strict=True):
        if style != current:
            yield RESET if current else ""
            yield f"\x1b[{';'.join(map(str, sorted(style)))}m" if style else ""
            current = style
        yield _printable(character)
    yield RESET if current else ""


def _rows(text: str, columns: int) -> Iterable[tuple[int, int]]:
    """Find where the rows begin and end, at spaces where there are any."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        while start < end and (fitting := _fitting(text, start, end, columns)) < end:
            yield start, fitting
            start = fitting
        yield start, end
        start = end + 1


def _fitting(text: str, start: int, end: int, columns: int) -> int:
    """Find where a row that begins at *start* must end."""
    used = 0
    for at in range(start, end):
        used += _columns(text[at])
        if used > columns:
            space = text.rfind(" ", start, at)
            return space + 1 if space > start else max(at, start + 1)
    return end


def _columns(character: str) -> int:
    if character == "\t":
        return len(TAB)
    if unicodedata.category(character) in INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _printable(text: str) -> str:
    """Leave out what could command the terminal."""
    shown = text.replace("\t", TAB)
    return "".join(one for one in shown if unicodedata.category(one) not in COMMANDING)
