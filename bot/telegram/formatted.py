"""Text and its formatting, as the Bot API takes them."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from aiogram.types import InputRichBlockUnion, MessageEntity

BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc") | frozenset(
    map(chr, range(0xFE00, 0xFE10))
)
"""Characters that show nothing although Unicode counts them as letters, marks or symbols."""

GAP = "\n\n"
"""Between texts that stand one below the other."""

SKIN_TONES = range(0x1F3FB, 0x1F400)
"""Characters that colour the emoji before them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedText:
    """A text and its entities, in order of appearance, the outer before the inner.

    Offsets and lengths of the entities count UTF-16 units.
    """

    text: str
    entities: tuple[MessageEntity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RichContent:
    """What a rich message shows: tables, formulas and text, as blocks one below the other."""

    blocks: tuple[InputRichBlockUnion, ...]


Content = FormattedText | RichContent
"""What a message of the bot may show."""


def stack(parts: Iterable[FormattedText]) -> FormattedText:
    """Put texts one below the other, with a blank line between them."""
    text, entities = "", list[MessageEntity]()
    for part in parts:
        start = f"{text}{GAP}" if text else ""
        shift = utf16_length(start)
        entities += (
            one.model_copy(update={"offset": one.offset + shift}) for one in part.entities
        )
        text = start + part.text
    return FormattedText(text=text, entities=tuple(entities))


def utf16_length(text: str) -> int:
    """Count a text the way Telegram does: characters beyond the first 65,536 are two units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def is_visible(text: str) -> bool:
    """Tell whether there is anything to see; Telegram refuses a text without."""
    return any(
        unicodedata.category(character) not in ("Zs", "Zl", "Zp", "Cc", "Cf", "Cs")
        and character not in BLANK
        for character in text
    )


def shortened(text: str, length: int) -> str:
    """Cut a text that has more characters than this."""
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
