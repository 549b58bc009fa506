"""Tables: columns of one width where a phone has the room, records where not."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat, zip_longest

from bot.telegram.formatted import SKIN_TONES, FormattedText
from bot.telegram.markdown.builder import TextBuilder

MAX_COLUMNS = 60
"""The width, in narrow characters, up to which a table is drawn."""

JOINER = "\u200d"
EMOJI_STYLE = "\ufe0f"
EMPTY_CORNER = "·"
"""Telegram would cut blanks at the beginning of a message, and with them the alignment."""

NOTHING = FormattedText(text="", entities=())


@dataclass(slots=True, kw_only=True)
class Table:
    """A table while it is read; the first row is its header."""

    alignments: Sequence[str]
    rows: list[list[FormattedText]] = field(default_factory=list)
    _cells_stop: int = 0

    def begin_row(self) -> None:
        self.rows.append([])

    def end_cell(self, cell: FormattedText, stop: int) -> None:
        self.rows[-1].append(cell)
        self._cells_stop = stop

    def end_row(self, source: bytes, stop: int) -> None:
        """Keep what the row has beyond the columns of its table; the parser leaves it out."""
        surplus = source[self._cells_stop : stop].strip(b" \t\n|>")
        if surplus:
            cell = TextBuilder()
            cell.write(surplus.decode())
            self.rows[-1].append(cell.finish())


def write_table(table: Table, out: TextBuilder) -> None:
    """Draw the table, or list its rows when it is too wide or holds links."""
    lines = _draw(table)
    is_narrow = all(display_width(line) <= MAX_COLUMNS for line in lines)
    if (is_narrow and not _has_links(table)) or len(table.rows) == 1:
        out.write_block("\n".join(lines))
    else:
        out.settle_marker()
        _write_records(table, out)


def display_width(text: str) -> int:
    """Count the columns a text takes in a monospaced font."""
    width = 0
    previous = ""
    for character in text:
        if character == EMOJI_STYLE and previous:
            width += 2 - _character_width(previous)
        elif previous != JOINER:
            width += _character_width(character)
        previous = character
    return width


def _character_width(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or ord(character) in SKIN_TONES:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _has_links(table: Table) -> bool:
    cells = (cell for row in table.rows for cell in row)
    return any(entity.type == "text_link" for cell in cells for entity in cell.entities)


def _draw(table: Table) -> list[str]:
    rows = [[" ".join(cell.text.split()) for cell in row] for row in table.rows]
    rows[0][0] = rows[0][0] or EMPTY_CORNER
    columns = list(zip_longest(*rows, fillvalue=""))
    widths = [max(map(display_width, column)) for column in columns]
    header, *body = zip(*columns, strict=True)
    lines = [_draw_row(row, widths, table.alignments) for row in body]
    return [_draw_row(header, widths, ()), "-+-".join("-" * width for width in widths), *lines]


def _draw_row(row: Sequence[str], widths: list[int], alignments: Sequence[str]) -> str:
    places = [*alignments, *repeat("None", len(widths) - len(alignments))]
    cells = map(_pad, row, widths, places)
    return " | ".join(cells).rstrip()


def _pad(cell: str, width: int, alignment: str) -> str:
    space = width - display_width(cell)
    match alignment:
        case "Right":
            return " " * space + cell
        case "Center":
            return " " * (space // 2) + cell + " " * (space - space // 2)
        case _:
            return cell + " " * space


def _write_records(table: Table, out: TextBuilder) -> None:
    header, *rows = table.rows
    for row in rows:
        out.break_line(2)
        for name, value in zip_longest(header, row, fillvalue=NOTHING):
            _write_field(name.text, value, out)
            out.break_line()


def _write_field(name: str, value: FormattedText, out: TextBuilder) -> None:
    if name:
        out.open("bold")
        out.write(name)
        out.close()
        out.write(": ")
    out.append(value if value.text else FormattedText(text="—", entities=()))
