"""Markdown as models write it, read the way they mean it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pyromark
from pyromark import Options
from pyromark.event import Event, Range

from bot.telegram.markdown.formulas import is_formula

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_MATH
)
MAX_READINGS = 8
"""Escaping one character can give another a new meaning, so the text is read again."""

UNPRINTABLE = str.maketrans(
    dict.fromkeys([*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)], " ")
)
LATEX = r"(?:\\\\|\\(?![()\[\]])|[^\\\n$]|\n(?![ \t>]*\n))+?"
FORMULA = re.compile(
    rf"(?<!\\)(?:\\\((?P<inline>{LATEX})\\\)|\\\[(?P<display>{LATEX})\\\]|\$\$(?P<dollars>{LATEX})\$\$)"
)
LINE_END = re.compile(r"\s*\n[ \t>]*")
SPOILER = re.compile(
    r"(?P<table_row>^[ \t>]*\|(?!\|).*$)"
    r"|\|\|(?=[^\s|])(?P<secret>(?:(?!\|\||\n[ \t>]*\n).)+?)(?<=[^\s|])\|\|",
    re.MULTILINE | re.DOTALL,
)
REFERENCE = re.compile(rb"^[ >]*(?:(?:[-*+]|\d{1,9}[.)])[ >]+)*(\[([^\]\n]+)\]):", re.MULTILINE)
PRICE_AND_WORDS = re.compile(r"\d[^\\]*\s[a-z]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Markdown and what the parser found in it; ranges count the bytes of the source."""

    source: bytes
    events: list[tuple[Event, Range]]


def clean(markdown: str) -> str:
    """Replace what cannot be shown or sent: control characters, halves of surrogate pairs."""
    text = markdown.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.translate(UNPRINTABLE)


def parse(markdown: str) -> Document:
    """Read clean Markdown.

    Beyond the standard there are formulas in escaped brackets and spoilers; prices, a lone
    tilde and references that nothing refers to are read as text.
    """
    document = _read(_rewrite(markdown).encode())
    for _ in range(MAX_READINGS):
        offsets = sorted({*_literal_delimiters(document), *_loose_references(document)})
        if not offsets:
            break
        document = _read(_escape(document.source, offsets))
    return document


def _read(source: bytes) -> Document:
    events = pyromark.events_with_range(source.decode(), options=OPTIONS, merge_text=True)
    return Document(source=source, events=list(events))


def _escape(source: bytes, offsets: list[int]) -> bytes:
    bounds = [0, *offsets, len(source)]
    return b"\\".join(source[start:stop] for start, stop in pairwise(bounds))


def _rewrite(markdown: str) -> str:
    """Spell formulas and spoilers so that the parser knows them, everywhere but in code."""
    if not any(sign in markdown for sign in (r"\(", r"\[", "$$", "||")):
        return markdown

    document = _read(markdown.encode())
    pieces: list[str] = []
    position = 0
    for start, stop in _verbatim_ranges(document):
        pieces.append(_rewrite_prose(document.source[position:start].decode()))
        pieces.append(document.source[start:stop].decode())
        position = stop
    pieces.append(_rewrite_prose(document.source[position:].decode()))
    return "".join(pieces)


def _rewrite_prose(text: str) -> str:
    return SPOILER.sub(_spell_spoiler, FORMULA.sub(_spell_formula, text))


def _spell_formula(match: re.Match[str]) -> str:
    content = match[match.lastgroup or 0]
    if match.lastgroup != "dollars" and not is_formula(content):
        return match[0]
    fence = "$" if match.lastgroup == "inline" else "$$"
    return fence + LINE_END.sub(" ", content).strip() + fence


def _spell_spoiler(match: re.Match[str]) -> str:
    secret = match["secret"]
    return match[0] if secret is None else f"<tg-spoiler>{secret}</tg-spoiler>"


def _verbatim_ranges(document: Document) -> Iterator[tuple[int, int]]:
    for event, place in document.events:
        match event:
            case {"Start": {"CodeBlock": _}} | {"Start": "HtmlBlock"} | {"Code": _}:
                yield place["start"], place["end"]
            case _:
                pass


def _literal_delimiters(document: Document) -> Iterator[int]:
    """Find dollars that are money, and tildes that mean "about"."""
    source = document.source
    if b"$" not in source and b"~" not in source:
        return
    for event, place in document.events:
        start, stop = place["start"], place["end"]
        match event:
            case {"InlineMath": str(formula)}:
                before, after = source[start - 1 : start], source[stop : stop + 1]
                if before.isalnum() or after.isalnum() or PRICE_AND_WORDS.match(formula):
                    yield from (start, stop - 1)
            case {"Start": "Strikethrough"} if source[start + 1 : start + 2] != b"~":
                yield from (start, stop - 1)
            case _:
                pass


def _loose_references(document: Document) -> Iterator[int]:
    """Find definitions such as `[note]: text` that would vanish although nothing uses them."""
    if b"]:" not in document.source:
        return
    used = {_normalize(label) for label in _used_labels(document)}
    definitions = pyromark.reference_definitions(document.source.decode(), options=OPTIONS)
    kept: set[int] = set()
    for label, definition in definitions.items():
        start = definition["span"]["start"]
        if _normalize(label) in used:
            kept.add(start)
        else:
            yield start

    verbatim = [range(*bounds) for bounds in _verbatim_ranges(document)]
    known = {_normalize(label) for label in definitions}
    for match in REFERENCE.finditer(document.source):
        start = match.start(1)
        if start in kept or _normalize(match[2].decode()) not in known:
            continue
        if not any(start in places for places in verbatim):
            yield start


def _used_labels(document: Document) -> Iterator[str]:
    for event, _ in document.events:
        match event:
            case {"Start": {"Link": link}} | {"Start": {"Image": link}}:
                yield link["id"]
            case _:
                pass


def _normalize(label: str) -> str:
    return " ".join(label.split()).casefold()
