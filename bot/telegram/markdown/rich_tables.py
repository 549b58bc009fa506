"""Tables as blocks of a rich message."""

from itertools import chain, repeat

from aiogram.types import InputRichBlockTable, RichBlockTableCell

from bot.telegram.formatted import FormattedText, is_visible
from bot.telegram.markdown.rich_text import to_rich_text
from bot.telegram.markdown.tables import NOTHING, Table

ALIGNMENTS = {"Right": "right", "Center": "center"}


def rich_table(table: Table) -> InputRichBlockTable:
    """Give every row as many cells as the longest has; the first row is the header."""
    width = max(map(len, table.rows))
    rows = [[*row, *repeat(NOTHING, width - len(row))] for row in table.rows]
    places = [*chain(table.alignments, repeat("None", width))][:width]
    cells = [
        [_cell(cell, place, is_header=not number) for cell, place in zip(row, places, strict=True)]
        for number, row in enumerate(rows)
    ]
    return InputRichBlockTable(cells=cells, is_bordered=True)


def _cell(text: FormattedText, place: str, *, is_header: bool) -> RichBlockTableCell:
    return RichBlockTableCell(
        align=ALIGNMENTS.get(place, "left"),
        valign="top",
        text=to_rich_text(text) if is_visible(text.text) else None,
        is_header=is_header or None,
    )
