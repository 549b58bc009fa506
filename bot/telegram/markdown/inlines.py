"""Writes what stands in a line: words, styles, links, code and formulas."""

import re
from collections.abc import Callable

from pyromark.event import Event

from bot.telegram.markdown.builder import PLAIN, TextBuilder
from bot.telegram.markdown.html_tags import LINE_BREAK, formatting_tags
from bot.telegram.markdown.links import is_linkable
from bot.telegram.markdown.source import Document

STYLES = {"Emphasis": "italic", "Strong": "bold", "Strikethrough": "strikethrough"}
UNRESOLVED_FOOTNOTE = re.compile(r"\[\^(\d{1,3})\]")


class Inlines:
    """The part of reading a document that is the same wherever its text goes.

    How a formula is written and a line is broken is up to whoever arranges the blocks.
    """

    def __init__(
        self,
        document: Document,
        *,
        write_formula: Callable[[str, TextBuilder], None],
        break_line: Callable[[], None],
    ) -> None:
        self._tags = formatting_tags(document.events) if b"</" in document.source else {}
        self._write_formula = write_formula
        self._break_line = break_line
        self._addresses: list[str] = []
        self._depth = 0

    @property
    def is_open(self) -> bool:
        """Whether a style or a link goes on here."""
        return self._depth > 0

    def take(self, index: int, event: Event, out: TextBuilder) -> bool:
        """Write an event that belongs into a line; False when it does not."""
        match event:
            case {"Text": str(text)} | {"Html": str(text)}:
                out.write(UNRESOLVED_FOOTNOTE.sub(r"[\1]", text) if "[^" in text else text)
            case {"Code": str(code)}:
                out.write_code(code)
            case "SoftBreak" | "HardBreak":
                self._break_line()
            case {"InlineMath": str(formula)} | {"DisplayMath": str(formula)}:
                self._write_formula(formula, out)
            case {"FootnoteReference": str(label)}:
                out.write(f"[{label}]")
            case {"InlineHtml": str(html)}:
                self._take_tag(html, self._tags.get(index), out)
            case _:
                return self._take_scope(event, out)
        return True

    def _take_scope(self, event: Event, out: TextBuilder) -> bool:
        match event:
            case {"Start": "Emphasis" | "Strong" | "Strikethrough" as tag}:
                self._open(STYLES[tag], out)
            case {"End": "Emphasis" | "Strong" | "Strikethrough"}:
                self._close(out)
            case {"Start": {"Link": link}} | {"Start": {"Image": link}}:
                self._begin_link(link["dest_url"], out)
            case {"End": "Link" | "Image"}:
                self._end_link(out)
            case _:
                return False
        return True

    def _take_tag(self, html: str, kind: str | None, out: TextBuilder) -> None:
        if kind is not None and html.startswith("</"):
            self._close(out)
        elif kind is not None:
            self._open(kind, out)
        elif LINE_BREAK.fullmatch(html):
            self._break_line()
        else:
            out.write(html)

    def _begin_link(self, address: str, out: TextBuilder) -> None:
        self._addresses.append(address)
        if is_linkable(address):
            self._open("text_link", out, url=address)
        else:
            self._open(PLAIN, out)

    def _end_link(self, out: TextBuilder) -> None:
        """Show an address that cannot be opened with a tap, or that has no other text."""
        address = self._addresses.pop()
        text = out.text_in_scope().strip()
        if not text:
            out.write(address)
        self._close(out)
        if text and not is_linkable(address):
            bare = address.removeprefix("mailto:").removeprefix("tel:")
            out.write(f" ({bare})" if bare and bare not in text else "")

    def _open(self, kind: str, out: TextBuilder, *, url: str | None = None) -> None:
        out.open(kind, url=url)
        self._depth += 1

    def _close(self, out: TextBuilder) -> None:
        out.close()
        self._depth -= 1
