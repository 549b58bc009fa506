"""What Telegram accepts for a formatted text, stricter than Telegram itself."""

import unicodedata
from collections.abc import Iterator
from itertools import combinations

from aiogram.types import MessageEntity

from bot.telegram.formatted import FormattedText, is_visible

STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
QUOTES = {"blockquote", "expandable_blockquote"}
MONOSPACED = {"code", "pre"}
KNOWN = STYLES | QUOTES | MONOSPACED | {"text_link"}
MAX_ENTITIES = 100

Painted = tuple[str, frozenset[tuple[str, str | None, str | None]]]


def violations(message: FormattedText, limit: int) -> list[str]:
    """Name everything that speaks against sending this as one message."""
    found = violations_of_text(message.text) + violations_of_entities(message)
    if not is_visible(message.text):
        found.append("nothing to see")
    if _units(message.text) > limit:
        found.append(f"longer than {limit}")
    if len(message.entities) > MAX_ENTITIES:
        found.append("too many entities")
    return found


def violations_of_text(text: str) -> list[str]:
    found = [
        f"forbidden character {character!r}"
        for character in text
        if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and character != "\n"
    ]
    if text != text.strip():
        found.append("whitespace around the text")
    return found


def violations_of_entities(message: FormattedText) -> list[str]:
    found: list[str] = []
    for entity in message.entities:
        found += _violations_of_entity(entity, message.text)
    for first, second in combinations(message.entities, 2):
        found += _violations_of_pair(first, second)
    if list(message.entities) != sorted(message.entities, key=lambda e: (e.offset, -e.length)):
        found.append("out of order")
    return found


def paint(message: FormattedText) -> list[Painted]:
    """Give every visible character with all that formats it."""
    painted: list[Painted] = []
    offset = 0
    for character in message.text:
        if is_visible(character):
            formats = frozenset(
                (entity.type, entity.url, entity.language)
                for entity in message.entities
                if entity.offset <= offset < entity.offset + entity.length
            )
            painted.append((character, formats))
        offset += _units(character)
    return painted


def spans(message: FormattedText) -> list[tuple[str, str]]:
    """Give the kind of every entity with the text it covers."""
    raw = message.text.encode("utf-16-le")
    return [
        (
            entity.type,
            raw[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le"),
        )
        for entity in message.entities
    ]


def _violations_of_entity(entity: MessageEntity, text: str) -> list[str]:
    borders = set(_borders(text))
    start, stop = entity.offset, entity.offset + entity.length
    found: list[str] = []
    if entity.type not in KNOWN:
        found.append(f"unknown kind {entity.type}")
    if entity.length <= 0 or not {start, stop} <= borders:
        return [*found, f"{entity.type} at {start}..{stop} is out of range or halves a character"]
    covered = text.encode("utf-16-le")[2 * start : 2 * stop].decode("utf-16-le")
    if not is_visible(covered):
        found.append(f"{entity.type} over nothing visible")
    if entity.type in STYLES and covered != covered.strip():
        found.append(f"{entity.type} over whitespace at its edge")
    if (entity.type == "text_link") != (entity.url is not None):
        found.append(f"{entity.type} with the address {entity.url}")
    if entity.url is not None and not entity.url.startswith(("http://", "https://", "tg://")):
        found.append(f"link to {entity.url}")
    if entity.language is not None and entity.type != "pre":
        found.append(f"{entity.type} with a language")
    return found


def _violations_of_pair(first: MessageEntity, second: MessageEntity) -> Iterator[str]:
    outer, inner = sorted((first, second), key=lambda e: (e.offset, -e.length))
    if inner.offset >= outer.offset + outer.length:
        return
    pair = f"{inner.type} in {outer.type}"
    if inner.offset + inner.length > outer.offset + outer.length:
        yield f"crossing: {pair}"
    kinds = {inner.type, outer.type}
    if inner.type == outer.type or kinds <= QUOTES or kinds <= MONOSPACED | {"text_link"}:
        yield pair
    if (kinds & MONOSPACED and kinds & STYLES) or outer.type in MONOSPACED:
        yield pair
    if inner.type in QUOTES and inner.length != outer.length:
        yield pair


def _borders(text: str) -> Iterator[int]:
    offset = 0
    yield offset
    for character in text:
        offset += _units(character)
        yield offset


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
