"""Formatting of texts as Telegram counts and checks it, in UTF-16 units."""

import string
from collections.abc import Sequence
from typing import NoReturn

from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.model import Entity

MAX_TEXT_UNITS = 4096
MAX_CAPTION_UNITS = 1024
MAX_ENTITIES = 100
MONOSPACED = frozenset({"code", "pre"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
WHOLES = frozenset(
    {
        "bot_command",
        "cashtag",
        "custom_emoji",
        "date_time",
        "email",
        "hashtag",
        "mention",
        "phone_number",
        "text_link",
        "text_mention",
        "url",
    }
)
LOW_SURROGATES = range(0xDC00, 0xE000)
LINK_SCHEMES = ("http://", "https://", "tg://", "mailto:", "tel:")
INVISIBLE = frozenset(
    "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2800\u3164\ufeff\ufffc"
)


def utf16_length(text: str) -> int:
    """Count as Telegram does: an emoji beyond the basic plane is two units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Cut out what an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "surrogatepass")


def accept(
    text: str, entities: Sequence[Entity], *, may_be_empty: bool = False
) -> tuple[str, list[Entity]]:
    """Check a text that a bot sends; return it as people will see it.

    Whitespace around it is cut and the entities move along. An entity that Telegram would drop
    or mend in silence is refused, because it is a mistake of the bot.
    """
    trimmed, moved = _check(text, entities)
    if is_blank(trimmed) and not may_be_empty:
        refuse("message text is empty")
    if utf16_length(trimmed) > MAX_TEXT_UNITS:
        refuse("message is too long")

    return trimmed, moved


def accept_caption(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Check what a bot writes under a medium, like a text; but there need not be anything."""
    trimmed, moved = _check(text, entities)
    if is_blank(trimmed):
        return "", []
    if utf16_length(trimmed) > MAX_CAPTION_UNITS:
        refuse("message caption is too long")

    return trimmed, moved


def is_blank(text: str) -> bool:
    """Whether people would see nothing: joiners and fillers do not make a text."""
    return all(character.isspace() or character in INVISIBLE for character in text)


def check_encoding(text: str) -> None:
    """Refuse half a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        refuse("strings must be encoded in UTF-8")


def check_entities(text: str, entities: Sequence[Entity]) -> None:
    """Refuse what is unknown, out of range or wrongly nested."""
    if len(entities) > MAX_ENTITIES:
        refuse(f"too many entities: {len(entities)}")

    units = text.encode("utf-16-le")
    for entity in entities:
        _check_kind(entity)
        _check_range(units, entity)

    _check_nesting(entities)


def trim(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    """Cut whitespace at both ends, but none that an entity at the beginning covers."""
    kept = text.rstrip(string.whitespace)
    end = utf16_length(kept)

    blanks = len(kept) - len(kept.lstrip(string.whitespace))
    start = min([utf16_length(kept[:blanks]), *(entity["offset"] for entity in entities)])

    moved = [_clip(entity, start, end) for entity in entities]
    moved = [entity for entity in moved if entity["length"] > 0]
    return utf16_slice(kept, start, end), sorted(moved, key=_outermost_first)


def _check(text: str, entities: Sequence[Entity]) -> tuple[str, list[Entity]]:
    check_encoding(text)
    check_entities(text, entities)
    return trim(text, entities)


def _clip(entity: Entity, start: int, end: int) -> Entity:
    clipped = entity.copy()
    clipped["offset"] = entity["offset"] - start
    clipped["length"] = min(_end(entity), end) - entity["offset"]
    return clipped


def _check_kind(entity: Entity) -> None:
    if entity["type"] not in MONOSPACED | QUOTES | STYLES | WHOLES:
        refuse(f'can\'t parse entities: unsupported entity type "{entity["type"]}"')
    if entity["type"] != "text_link":
        return

    if not entity.get("url", "").lower().startswith(LINK_SCHEMES):
        _refuse(entity, "wrong URL")


def _check_range(units: bytes, entity: Entity) -> None:
    start, end = entity["offset"], entity["offset"] + entity["length"]
    if start < 0 or entity["length"] < 1 or end > len(units) // 2:
        _refuse(entity, "out of range")
    if _splits_a_pair(units, start) or _splits_a_pair(units, end):
        _refuse(entity, "splits a surrogate pair")


def _splits_a_pair(units: bytes, position: int) -> bool:
    unit = units[2 * position : 2 * position + 2]
    return int.from_bytes(unit, "little") in LOW_SURROGATES


def _check_nesting(entities: Sequence[Entity]) -> None:
    parents: list[Entity] = []
    for entity in sorted(entities, key=_outermost_first):
        while parents and _end(parents[-1]) <= entity["offset"]:
            parents.pop()

        for parent in parents:
            _check_pair(parent, entity)
        parents.append(entity)


def _check_pair(parent: Entity, entity: Entity) -> None:
    kinds = parent["type"], entity["type"]
    if _end(entity) > _end(parent):
        _refuse(entity, f"crosses {kinds[0]}")
    if kinds[0] in MONOSPACED:
        _refuse(entity, f"inside {kinds[0]}")
    if QUOTES.issuperset(kinds):
        _refuse(entity, "nested quotes")
    if kinds[0] in WHOLES and kinds[1] not in STYLES:
        _refuse(entity, f"inside {kinds[0]}")


def _outermost_first(entity: Entity) -> tuple[int, int, int]:
    """Order by place; of two that cover the same text the one that may hold others comes first."""
    if entity["type"] in QUOTES:
        rank = 0
    elif entity["type"] in STYLES:
        rank = 1
    else:
        rank = 3 if entity["type"] in MONOSPACED else 2

    return entity["offset"], -entity["length"], rank


def _end(entity: Entity) -> int:
    return entity["offset"] + entity["length"]


def _refuse(entity: Entity, reason: str) -> NoReturn:
    place = f"{entity['type']} at {entity['offset']}, length {entity['length']}"
    refuse(f"can't parse entities: {reason} ({place})")
