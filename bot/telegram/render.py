"""Turns the Markdown of an answer into messages with formatting.

Nothing here uses a parse mode: entities beside plain text cannot fail to parse.
"""

import re

from bot.telegram.formatted import FormattedText
from bot.telegram.markdown.builder import TextBuilder
from bot.telegram.markdown.source import clean, parse
from bot.telegram.markdown.walker import write_document
from bot.telegram.split import MAX_MESSAGE_LENGTH, split

__all__ = ["MAX_MESSAGE_LENGTH", "FormattedText", "render", "render_parts", "split"]

THOUGHT = re.compile(r"\s*<think(ing)?>(?P<thought>.*?)(?:</think(?(1)ing)>|\Z)", re.DOTALL)


def render(markdown: str) -> FormattedText:
    """Format an answer, finished or still being written, and lose no visible word of it.

    The text may be empty, and longer than one message. What a model thought aloud before
    it answered becomes a quote that can be unfolded.
    """
    out = TextBuilder()
    thought, answer = split_thought(clean(markdown))
    if thought:
        out.open("expandable_blockquote")
        write_document(parse(thought), out)
        out.close()
        out.break_line(2)

    write_document(parse(answer), out)
    return out.finish()


def render_parts(markdown: str, limit: int = MAX_MESSAGE_LENGTH) -> list[FormattedText]:
    """Format an answer and cut it into messages."""
    return split(render(markdown), limit)


def split_thought(markdown: str) -> tuple[str, str]:
    """Tell what a model thought aloud, which may be nothing, from what it answered."""
    if thought := THOUGHT.match(markdown):
        return thought["thought"], markdown[thought.end() :]
    return "", markdown
