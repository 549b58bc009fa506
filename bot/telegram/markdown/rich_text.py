"""From text with entities to the tree of formatting that rich messages are made of."""

from collections import deque

from aiogram.types import (
    MessageEntity,
    RichTextBold,
    RichTextCode,
    RichTextItalic,
    RichTextMathematicalExpression,
    RichTextSpoiler,
    RichTextStrikethrough,
    RichTextUnderline,
    RichTextUnion,
    RichTextUrl,
)

from bot.telegram.formatted import FormattedText, utf16_length
from bot.telegram.markdown.builder import FORMULA

WRAPPERS = {
    "bold": RichTextBold,
    "italic": RichTextItalic,
    "underline": RichTextUnderline,
    "strikethrough": RichTextStrikethrough,
    "spoiler": RichTextSpoiler,
    "code": RichTextCode,
    "pre": RichTextCode,
}


def to_rich_text(formatted: FormattedText) -> RichTextUnion:
    """Put every stretch of a text inside what formats it; quotes are left to blocks."""
    units = formatted.text.encode("utf-16-le")
    return _fill(units, deque(formatted.entities), 0, utf16_length(formatted.text))


def _fill(units: bytes, ahead: deque[MessageEntity], start: int, stop: int) -> RichTextUnion:
    """Format what lies between two places; takes the entities that begin there."""
    pieces: list[RichTextUnion] = []
    while ahead and ahead[0].offset < stop:
        entity = ahead.popleft()
        end = entity.offset + entity.length
        pieces += _plain(units, start, entity.offset)
        inner = _fill(units, ahead, entity.offset, end)
        pieces += _wrap(entity, inner)
        start = end
    pieces += _plain(units, start, stop)
    return pieces[0] if len(pieces) == 1 else pieces


def _plain(units: bytes, start: int, stop: int) -> list[RichTextUnion]:
    text = units[2 * start : 2 * stop].decode("utf-16-le")
    return [text] if text else []


def _wrap(entity: MessageEntity, text: RichTextUnion) -> list[RichTextUnion]:
    if entity.type == FORMULA and isinstance(text, str):
        return [RichTextMathematicalExpression(expression=text)]
    if entity.url is not None:
        return [RichTextUrl(text=text, url=entity.url)]
    if wrapper := WRAPPERS.get(entity.type):
        return [wrapper(text=text)]
    return text if isinstance(text, list) else [text]
