"""The small print under an answer."""

from collections.abc import Sequence

from aiogram.types import InputRichBlockFooter, MessageEntity

from bot.telegram.formatted import Content, FormattedText, RichContent, utf16_length
from bot.telegram.markdown.rich_limits import fits
from bot.telegram.split import MAX_ENTITIES, MAX_MESSAGE_LENGTH

GAP = "\n\n"


def with_footer(parts: Sequence[FormattedText], footer: str) -> list[FormattedText]:
    """Put a line under the last message, or in one of its own where there is no room."""
    if not parts:
        return [_small(footer)]

    *others, last = parts
    text = last.text + GAP + footer
    if utf16_length(text) > MAX_MESSAGE_LENGTH or len(last.entities) >= MAX_ENTITIES:
        return [*parts, _small(footer)]
    small = _small(footer, offset=utf16_length(last.text + GAP))
    return [*others, FormattedText(text=text, entities=(*last.entities, *small.entities))]


def with_rich_footer(content: RichContent, footer: str) -> list[Content]:
    """Put a line under a rich message, or in a message of its own where there is no room."""
    blocks = (*content.blocks, InputRichBlockFooter(text=footer))
    return [RichContent(blocks=blocks)] if fits(blocks) else [content, _small(footer)]


def _small(footer: str, *, offset: int = 0) -> FormattedText:
    italic = MessageEntity(type="italic", offset=offset, length=utf16_length(footer))
    return FormattedText(text=footer, entities=(italic,))
