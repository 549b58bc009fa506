"""Reads a rich message as people do, and refuses what is too large or shows nothing."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.sandbox.telegram.entities import LINK_SCHEMES, check_encoding, is_blank, utf16_length
from bot.sandbox.telegram.errors import refuse
from bot.sandbox.telegram.methods.rich_blocks import (
    Block,
    CellFields,
    DetailsFields,
    DividerFields,
    FormulaFields,
    HeadingFields,
    ItemFields,
    LinkFields,
    ListFields,
    PreformattedFields,
    QuoteFields,
    RichText,
    StyledFields,
    TableFields,
    TextBlockFields,
)

MAX_UNITS = 32_768
MAX_BLOCKS = 500
MAX_DEPTH = 16
MAX_COLUMNS = 20


def read_blocks(blocks: Sequence[Block]) -> str:
    """Give the plain text, a line for each block, item or row."""
    reader = _Reader()
    text = "\n".join(reader.read(blocks, depth=1))
    if is_blank(text):
        refuse("message text is empty")
    return text


class _Reader:
    """Counts while it reads."""

    def __init__(self) -> None:
        self._blocks = 0
        self._units = 0

    def read(self, blocks: Sequence[Block], *, depth: int) -> Iterator[str]:
        for block in blocks:
            self._count(depth)
            yield from self._read_block(block, depth)

    def _read_block(self, block: Block, depth: int) -> Iterator[str]:
        match block:
            case TextBlockFields() | HeadingFields() | PreformattedFields():
                yield self._read_words(block.text, depth)
            case FormulaFields():
                yield self._read_words(block, depth)
            case DividerFields():
                yield "———"
            case ListFields():
                for item in block.items:
                    yield from self._read_item(item, depth + 1)
            case QuoteFields():
                yield from self.read(block.blocks, depth=depth + 1)
            case DetailsFields():
                yield self._read_words(block.summary, depth)
                yield from self.read(block.blocks, depth=depth + 1)
            case TableFields():
                for row in block.cells:
                    yield self._read_row(row, depth + 1)
            case _:
                assert_never(block)

    def _read_item(self, item: ItemFields, depth: int) -> Iterator[str]:
        if item.is_checked and not item.has_checkbox:
            refuse("list item without a checkbox can't be checked")
        if (item.value is None) != (item.type is None):
            refuse("label of an ordered list item needs a value and a type")

        self._count(depth)
        first, *others = self.read(item.blocks, depth=depth + 1)
        yield f"{item.label} {first}"
        yield from others

    def _read_row(self, row: list[CellFields], depth: int) -> str:
        self._count(depth)
        if sum(cell.colspan for cell in row) > MAX_COLUMNS:
            refuse("too many table columns")
        return " | ".join(
            "" if cell.text is None else self._read_words(cell.text, depth) for cell in row
        )

    def _read_words(self, text: RichText, depth: int) -> str:
        """Read what has to say something."""
        words = self._read_text(text, depth)
        if is_blank(words):
            refuse("rich text is empty")
        return words

    def _read_text(self, text: RichText, depth: int) -> str:
        if depth > MAX_DEPTH:
            refuse("rich message is nested too deep")
        match text:
            case str():
                return self._take(text)
            case list():
                return "".join(self._read_text(piece, depth) for piece in text)
            case FormulaFields():
                return self._take(text.expression)
            case LinkFields():
                if not text.url.lower().startswith(LINK_SCHEMES):
                    refuse(f"rich text URL '{text.url}' is invalid")
                return self._read_words(text.text, depth + 1)
            case StyledFields():
                return self._read_words(text.text, depth + 1)
            case _:
                assert_never(text)

    def _take(self, text: str) -> str:
        check_encoding(text)
        self._units += utf16_length(text)
        if self._units > MAX_UNITS:
            refuse("rich message is too long")
        return text

    def _count(self, depth: int) -> None:
        self._blocks += 1
        if self._blocks > MAX_BLOCKS:
            refuse("too many blocks in the rich message")
        if depth > MAX_DEPTH:
            refuse("rich message is nested too deep")
