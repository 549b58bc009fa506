"""The small print under an answer."""

from collections.abc import Sequence

from aiogram.types import InputRichBlockFooter, MessageEntity

from bot.telegram.formatted import Content, FormattedText, RichContent, stack, utf16_length
from bot.telegram.markdown.rich_limits import fits
from bot.telegram.split import MAX_ENTITIES, MAX_MESSAGE_LENGTH


def with_footer(parts: Sequence[FormattedText], footer: str) -> list[FormattedText]:
    """Put a line under the last message, or in one of its own where there is no room."""
    if not parts:
        return [_small(footer)]

    *others, last = parts
    both = stack([last, _small(footer)])
    if utf16_length(both.text) > MAX_MESSAGE_LENGTH or len(both.entities) > MAX_ENTITIES:
        return [*parts, _small(footer)]
    return [*others, both]


def with_rich_footer(content: RichContent, footer: str) -> list[Content]:
    """Put a line under a rich message, or in a message of its own where there is no room."""
    blocks = (*content.blocks, InputRichBlockFooter(text=footer))
    return [RichContent(blocks=blocks)] if fits(blocks) else [content, _small(footer)]


def _small(footer: str) -> FormattedText:
    italic = MessageEntity(type="italic", offset=0, length=utf16_length(footer))
    return FormattedText(text=footer, entities=(italic,))
