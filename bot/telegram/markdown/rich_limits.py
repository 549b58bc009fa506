"""How large a rich message may be.

https://core.telegram.org/bots/api#rich-message-formatting-options
"""

from collections.abc import Sequence

from aiogram.types import (
    InputRichBlockBlockQuotation,
    InputRichBlockDivider,
    InputRichBlockExpandableBlockQuotation,
    InputRichBlockFooter,
    InputRichBlockList,
    InputRichBlockMathematicalExpression,
    InputRichBlockParagraph,
    InputRichBlockSectionHeading,
    InputRichBlockTable,
    InputRichBlockUnion,
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

from bot.telegram.formatted import utf16_length

MAX_LENGTH = 32_768
"""In all texts and formulas together."""
MAX_BLOCKS = 500
"""Nested blocks, items of lists and rows of tables included."""
MAX_DEPTH = 16
"""Of formatting in blocks in blocks."""
MAX_COLUMNS = 20


def fits(blocks: Sequence[InputRichBlockUnion]) -> bool:
    """Tell whether Telegram takes these blocks as one message."""
    size = _Size()
    size.add_blocks(blocks, depth=1)
    return (
        size.length <= MAX_LENGTH
        and size.blocks <= MAX_BLOCKS
        and size.depth <= MAX_DEPTH
        and size.columns <= MAX_COLUMNS
    )


class _Size:
    """What was counted; where the documentation leaves doubts, it is rather too much."""

    def __init__(self) -> None:
        self.length = 0
        self.blocks = 0
        self.depth = 0
        self.columns = 0

    def add_blocks(self, blocks: Sequence[InputRichBlockUnion], *, depth: int) -> None:
        for block in blocks:
            self._add_block(block, depth)

    def _add_block(self, block: InputRichBlockUnion, depth: int) -> None:
        self._begin(depth)
        match block:
            case (
                InputRichBlockParagraph(text=text)
                | InputRichBlockSectionHeading(text=text)
                | InputRichBlockFooter(text=text)
                | InputRichBlockExpandableBlockQuotation(text=text)
            ):
                self._add_text(text, depth)
            case InputRichBlockMathematicalExpression(expression=formula):
                self.length += utf16_length(formula)
            case InputRichBlockBlockQuotation(blocks=blocks):
                self.add_blocks(blocks, depth=depth + 1)
            case InputRichBlockList():
                self._add_list(block, depth + 1)
            case InputRichBlockTable():
                self._add_table(block, depth + 1)
            case InputRichBlockDivider():
                pass
            case _:
                raise NotImplementedError(block.type)

    def _add_list(self, block: InputRichBlockList, depth: int) -> None:
        for item in block.items:
            self._begin(depth)
            self.add_blocks(item.blocks, depth=depth + 1)

    def _add_table(self, block: InputRichBlockTable, depth: int) -> None:
        for row in block.cells:
            self._begin(depth)
            self.columns = max(self.columns, len(row))
            for cell in row:
                self._add_text(cell.text or "", depth)

    def _add_text(self, text: RichTextUnion, depth: int) -> None:
        self.depth = max(self.depth, depth)
        match text:
            case str():
                self.length += utf16_length(text)
            case list():
                for piece in text:
                    self._add_text(piece, depth)
            case RichTextMathematicalExpression(expression=formula):
                self.length += utf16_length(formula)
            case (
                RichTextBold(text=inner)
                | RichTextItalic(text=inner)
                | RichTextUnderline(text=inner)
                | RichTextStrikethrough(text=inner)
                | RichTextSpoiler(text=inner)
                | RichTextCode(text=inner)
                | RichTextUrl(text=inner)
            ):
                self._add_text(inner, depth + 1)
            case _:
                raise NotImplementedError(text.type)

    def _begin(self, depth: int) -> None:
        self.blocks += 1
        self.depth = max(self.depth, depth)
