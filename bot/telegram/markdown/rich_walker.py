"""Arranges a parsed document as blocks of a rich message."""

import re
from dataclasses import dataclass

from aiogram.types import (
    InputRichBlockBlockQuotation,
    InputRichBlockDivider,
    InputRichBlockList,
    InputRichBlockListItem,
    InputRichBlockMathematicalExpression,
    InputRichBlockParagraph,
    InputRichBlockSectionHeading,
    InputRichBlockUnion,
)
from pyromark.event import Event, Range

from bot.telegram.formatted import FormattedText, is_visible
from bot.telegram.markdown.builder import FORMULA, SAFE, TextBuilder
from bot.telegram.markdown.html_tags import LINE_BREAK
from bot.telegram.markdown.inlines import Inlines
from bot.telegram.markdown.lists import OpenLists
from bot.telegram.markdown.rich_tables import rich_table
from bot.telegram.markdown.rich_text import to_rich_text
from bot.telegram.markdown.source import Document
from bot.telegram.markdown.tables import Table

MAX_NESTING = 16
"""Telegram takes no deeper rich messages, and nobody could read them."""

PREFORMATTED = re.compile(rb"<pre\b", re.IGNORECASE)


def is_rich(document: Document) -> bool:
    """Tell whether a document has a table or a formula, and nothing that rich messages lack.

    Apps offer to copy code from a classic message only.
    """
    has_reason, depth = False, 0
    for event, _ in document.events:
        match event:
            case {"Start": {"CodeBlock": _}}:
                return False
            case {"InlineMath": _} | {"DisplayMath": _} | {"Start": {"Table": _}}:
                has_reason = True
            case _:
                pass
        if isinstance(event, dict):
            depth += ("Start" in event) - ("End" in event)
        if depth > MAX_NESTING:
            return False
    return has_reason and not PREFORMATTED.search(document.source)


def write_blocks(document: Document) -> list[InputRichBlockUnion]:
    """Write all of a document that is rich; whoever reads it misses no word of it."""
    walker = _Walker(document)
    for index, (event, place) in enumerate(document.events):
        walker.take(index, event, place)
    return walker.finish()


@dataclass(slots=True)
class _Item:
    """An item of a list, as far as it was read."""

    number: int | None
    is_done: bool | None = None


class _Walker:
    """Text gathers until a block begins or ends; what is left of it then is a paragraph."""

    def __init__(self, document: Document) -> None:
        self._source = document.source
        self._inlines = Inlines(
            document, write_formula=_write_formula, break_line=self._break_line
        )
        self._out = TextBuilder()
        self._is_confined = False
        self._pages: list[list[InputRichBlockUnion]] = [[]]
        self._lists = OpenLists()
        self._items: list[list[InputRichBlockListItem]] = []
        self._begun: list[_Item] = []
        self._quotes = 0
        self._html: list[str] | None = None
        self._table = Table(alignments=())

    def take(self, index: int, event: Event, place: Range) -> None:
        match event:
            case {"Text": str(text)} | {"Html": str(text)} if self._html is not None:
                self._html.append(text)
            case {"DisplayMath": str(formula)} if self._is_in_flow:
                self._add_formula(formula)
            case _ if self._inlines.take(index, event, self._out):
                pass
            case "Rule":
                self._end_paragraph()
                self._add(InputRichBlockDivider())
            case {"TaskListMarker": bool(is_done)}:
                self._begun[-1].is_done = is_done
            case {"Start": _}:
                self._begin(event, place["start"])
            case {"End": _}:
                self._end(event, place["end"])
            case _:
                pass

    def finish(self) -> list[InputRichBlockUnion]:
        """Give the blocks of the whole document."""
        self._end_paragraph()
        return self._pages[0]

    @property
    def _is_in_flow(self) -> bool:
        """Whether a block can stand here, between two paragraphs."""
        return not self._is_confined and not self._inlines.is_open

    def _begin(self, event: Event, start: int) -> None:
        match event:
            case {"Start": "TableCell"}:
                pass
            case {"Start": "TableHead" | "TableRow"}:
                self._table.begin_row()
            case {"Start": "Paragraph"} if self._out.at_marker:
                pass
            case _:
                self._end_paragraph()
                self._begin_block(event, start)

    def _begin_block(self, event: Event, start: int) -> None:
        match event:
            case {"Start": {"Heading": _}}:
                self._is_confined = True
            case {"Start": {"Table": alignments}}:
                self._is_confined = True
                self._table = Table(alignments=alignments)
            case {"Start": {"FootnoteDefinition": label}}:
                self._out.mark(f"[{label}] ")
            case {"Start": "HtmlBlock"}:
                self._html = []
            case _:
                self._begin_container(event, start)

    def _begin_container(self, event: Event, start: int) -> None:
        match event:
            case {"Start": {"List": _}}:
                self._lists.begin()
                self._items.append([])
            case {"Start": "Item"}:
                self._begun.append(_Item(self._lists.next_number(self._source, start)))
                self._pages.append([])
            case {"Start": {"BlockQuote": _}}:
                self._quotes += 1
                if self._quotes == 1:
                    self._pages.append([])
            case _:
                pass

    def _end(self, event: Event, stop: int) -> None:
        match event:
            case {"End": "TableCell"}:
                self._table.end_cell(self._take_text(), stop)
            case {"End": "TableHead" | "TableRow"}:
                self._table.end_row(self._source, stop)
            case {"End": "Table"}:
                self._is_confined = False
                self._add(rich_table(self._table))
            case {"End": {"Heading": level}}:
                self._is_confined = False
                self._end_heading(int(level[1:]))
            case {"End": "HtmlBlock"}:
                self._out.write(LINE_BREAK.sub("\n", "".join(self._html or ())).strip())
                self._html = None
                self._end_paragraph()
            case _:
                self._end_paragraph()
                self._end_container(event)

    def _end_container(self, event: Event) -> None:
        match event:
            case {"End": {"List": _}}:
                self._lists.end()
                if items := self._items.pop():
                    self._add(InputRichBlockList(items=items))
            case {"End": "Item"}:
                self._end_item(self._begun.pop(), self._pages.pop())
            case {"End": {"BlockQuote": _}}:
                self._quotes -= 1
                if not self._quotes and (blocks := self._pages.pop()):
                    self._add(InputRichBlockBlockQuotation(blocks=blocks))
            case _:
                pass

    def _end_item(self, item: _Item, blocks: list[InputRichBlockUnion]) -> None:
        if not blocks:
            return
        written = InputRichBlockListItem(
            blocks=blocks,
            value=item.number,
            type=None if item.number is None else "1",
            has_checkbox=None if item.is_done is None else True,
            is_checked=item.is_done or None,
        )
        self._items[-1].append(written)

    def _end_heading(self, level: int) -> None:
        text = self._take_text()
        if is_visible(text.text):
            self._add(InputRichBlockSectionHeading(text=to_rich_text(text), size=level))

    def _end_paragraph(self) -> None:
        text = self._take_text()
        if is_visible(text.text):
            self._add(InputRichBlockParagraph(text=to_rich_text(text)))

    def _add_formula(self, formula: str) -> None:
        self._end_paragraph()
        formula = _one_line(formula)
        if is_visible(formula):
            self._add(InputRichBlockMathematicalExpression(expression=formula))

    def _add(self, block: InputRichBlockUnion) -> None:
        self._pages[-1].append(block)

    def _take_text(self) -> FormattedText:
        text, self._out = self._out.finish(), TextBuilder()
        return text

    def _break_line(self) -> None:
        self._out.break_line()


def _write_formula(formula: str, out: TextBuilder) -> None:
    out.open(FORMULA)
    out.write(_one_line(formula))
    out.close()


def _one_line(formula: str) -> str:
    return " ".join(formula.translate(SAFE).split())
