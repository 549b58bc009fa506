"""Writes a parsed document into a text builder, block by block."""

import re
from html import unescape

from pyromark.event import Event, Range

from bot.telegram.markdown.builder import TextBuilder
from bot.telegram.markdown.formulas import to_unicode
from bot.telegram.markdown.html_tags import LINE_BREAK, PREFORMATTED
from bot.telegram.markdown.inlines import Inlines
from bot.telegram.markdown.lists import OpenLists
from bot.telegram.markdown.source import Document
from bot.telegram.markdown.tables import Table, write_table

RULE = "———————"
INDENT = "  "
MAX_DEPTH = 8
"""Deeper lists are not indented further: nobody could read them."""
LANGUAGE = re.compile(r"[\w+#.-]{1,32}")


def write_document(document: Document, out: TextBuilder) -> None:
    """Write all of a document; whoever reads it misses no word of it."""
    walker = _Walker(document, out)
    for index, (event, place) in enumerate(document.events):
        walker.take(index, event, place)


class _Walker:
    def __init__(self, document: Document, out: TextBuilder) -> None:
        self._source = document.source
        self._inlines = Inlines(
            document, write_formula=_write_formula, break_line=self._break_line
        )
        self._page = out
        self._out = out
        self._last_block = 0
        self._lists = OpenLists()
        self._margins = [0]
        self._verbatim: list[str] | None = None
        self._fence = ""
        self._table = Table(alignments=())

    def take(self, index: int, event: Event, place: Range) -> None:
        match event:
            case {"Text": str(text)} | {"Html": str(text)} if self._verbatim is not None:
                self._verbatim.append(text)
            case _ if self._inlines.take(index, event, self._out):
                pass
            case {"Start": _}:
                self._begin(event, place["start"])
            case {"End": _}:
                self._end(event, place["end"])
            case _:
                self._take_leaf(event, place["start"])

    def _take_leaf(self, event: Event, start: int) -> None:
        match event:
            case "Rule":
                self._separate(start)
                self._out.write(RULE)
                self._break_line()
            case {"TaskListMarker": bool(is_done)}:
                self._out.mark(self._lists.box(is_done=is_done))
            case _:
                pass

    def _begin(self, event: Event, start: int) -> None:
        match event:
            case {"Start": "Paragraph"}:
                self._separate(start)
            case {"Start": "TableCell"}:
                self._out = TextBuilder()
            case {"Start": {"Heading": _}}:
                self._separate(start)
                self._out.open("bold")
            case {"Start": {"List": _}}:
                self._lists.begin()
            case {"Start": "Item"}:
                self._begin_item(start)
            case {"Start": {"FootnoteDefinition": label}}:
                self._begin_frame(start)
                self._out.mark(f"[{label}] ")
            case _:
                self._begin_framed(event, start)

    def _begin_framed(self, event: Event, start: int) -> None:
        """Begin what has a frame of its own and cannot stand behind a list marker."""
        match event:
            case {"Start": {"BlockQuote": _}}:
                self._begin_frame(start)
                self._margins.append(self._lists.depth)
                self._out.open("blockquote")
            case {"Start": {"CodeBlock": kind}}:
                self._begin_frame(start)
                self._fence = kind["Fenced"].strip() if isinstance(kind, dict) else ""
                self._verbatim = []
            case {"Start": "HtmlBlock"}:
                self._separate(start)
                self._verbatim = []
            case {"Start": {"Table": alignments}}:
                self._begin_frame(start)
                self._table = Table(alignments=alignments)
            case {"Start": "TableHead" | "TableRow"}:
                self._table.begin_row()
            case _:
                pass

    def _end(self, event: Event, stop: int) -> None:
        match event:
            case {"End": "TableCell"}:
                self._table.end_cell(self._out.finish(), stop)
                self._out = self._page
            case {"End": "TableHead" | "TableRow"}:
                self._table.end_row(self._source, stop)
            case _:
                self._end_block(event)
                self._break_line()

    def _end_block(self, event: Event) -> None:
        match event:
            case {"End": {"Heading": _}}:
                self._out.close()
            case {"End": {"BlockQuote": _}}:
                self._out.close()
                self._margins.pop()
            case {"End": {"List": _}}:
                self._lists.end()
            case {"End": "Item" | "FootnoteDefinition"}:
                self._out.settle_marker()
            case {"End": "CodeBlock"}:
                self._end_code()
            case {"End": "HtmlBlock"}:
                self._end_html()
            case {"End": "Table"}:
                write_table(self._table, self._out)
            case _:
                pass

    def _begin_item(self, start: int) -> None:
        self._out.settle_marker()
        self._separate(start, outdent=1)
        self._out.mark(self._lists.next_marker(self._source, start))

    def _end_code(self) -> None:
        language, _, caption = self._fence.partition(" ")
        if not LANGUAGE.fullmatch(language):
            language, caption = "", self._fence
        if caption.strip():
            self._out.write(caption.strip())
            self._out.break_line()
        self._out.write_block(self._take_verbatim(), language=language or None)

    def _end_html(self) -> None:
        html = self._take_verbatim()
        if code := PREFORMATTED.fullmatch(html):
            self._out.write_block(unescape(code["code"]), language=code["language"])
        else:
            self._out.write(LINE_BREAK.sub("\n", html).strip())

    def _take_verbatim(self) -> str:
        text = "".join(self._verbatim or ())
        self._verbatim = None
        return text

    def _begin_frame(self, start: int) -> None:
        self._out.settle_marker()
        self._separate(start, outdent=self._depth)

    def _separate(self, start: int, *, outdent: int = 0) -> None:
        """Set a block apart by a blank line if the source has one, else by a line break."""
        gap = self._source[self._last_block : start]
        gap = gap[len(gap.rstrip(b" \t\n>")) :]
        self._last_block = start
        if not self._out.at_marker:
            self._break_line(2 if gap.count(b"\n") > 1 else 1, outdent=outdent)

    def _break_line(self, newlines: int = 1, *, outdent: int = 0) -> None:
        self._out.break_line(newlines, indent=INDENT * min(self._depth - outdent, MAX_DEPTH))

    @property
    def _depth(self) -> int:
        """How far the text is indented, seen from the edge of the quote it stands in."""
        return self._lists.depth - self._margins[-1]


def _write_formula(formula: str, out: TextBuilder) -> None:
    out.write(to_unicode(formula))
