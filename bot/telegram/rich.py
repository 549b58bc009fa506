"""Turns the Markdown of an answer with tables or formulas into a rich message.

It is made of blocks and never of markup, so nothing in an answer can become a button or a link
that its text does not show.
"""

from aiogram.types import InputRichBlockExpandableBlockQuotation, InputRichBlockUnion

from bot.telegram.footer import with_rich_footer
from bot.telegram.formatted import Content, RichContent, is_visible
from bot.telegram.markdown.builder import TextBuilder
from bot.telegram.markdown.rich_limits import fits
from bot.telegram.markdown.rich_text import to_rich_text
from bot.telegram.markdown.rich_walker import is_rich, write_blocks
from bot.telegram.markdown.source import clean, parse
from bot.telegram.markdown.walker import write_document
from bot.telegram.render import split_thought


class RichRefused(Exception):
    """Telegram does not take a rich message."""


class RichSupport:
    """Whether the server of Telegram takes rich messages; it does until it has refused one."""

    def __init__(self) -> None:
        self._is_refused = False

    @property
    def is_likely(self) -> bool:
        return not self._is_refused

    def refuse(self) -> None:
        """Note that it refused one, so that it is not asked again while the program runs."""
        self._is_refused = True


def render_rich(markdown: str) -> RichContent | None:
    """Format an answer as one rich message, and lose no visible word of it.

    None when classic messages do it better: without a table or a formula, with blocks of code,
    or where it would be larger than Telegram allows.
    """
    thought, answer = split_thought(clean(markdown))
    document = parse(answer)
    if not is_rich(document):
        return None
    blocks = [*_fold(thought), *write_blocks(document)]
    return RichContent(blocks=tuple(blocks)) if blocks and fits(blocks) else None


def rich_parts(markdown: str, footer: str = "") -> list[Content]:
    """Give the messages that show an answer and its footer in rich form; none to stay classic."""
    content = render_rich(markdown)
    if content is None:
        return []
    return with_rich_footer(content, footer) if footer else [content]


def _fold(thought: str) -> list[InputRichBlockUnion]:
    out = TextBuilder()
    write_document(parse(thought), out)
    text = out.finish()
    if not is_visible(text.text):
        return []
    return [InputRichBlockExpandableBlockQuotation(text=to_rich_text(text))]
