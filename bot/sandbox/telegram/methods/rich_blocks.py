"""The blocks of rich messages, https://core.telegram.org/bots/api#inputrichblock.

Those with media, maps and buttons are refused, as are captions and credits.
"""

from typing import Annotated, Literal

from pydantic import Field, computed_field

from bot.sandbox.telegram.methods.method import Fields


class StyledFields(Fields):
    """Formatted text."""

    type: Literal["bold", "italic", "underline", "strikethrough", "spoiler", "code"]
    text: "RichText"


class LinkFields(Fields):
    """Text that opens an address."""

    type: Literal["url"]
    text: "RichText"
    url: str


class FormulaFields(Fields):
    """LaTeX, in a line or as a block of its own."""

    type: Literal["mathematical_expression"]
    expression: str


Piece = str | StyledFields | LinkFields | FormulaFields
RichText = Piece | list[Piece]


class TextBlockFields(Fields):
    """A block that is nothing but text."""

    type: Literal["paragraph", "footer", "expandable_blockquote"]
    text: RichText


class HeadingFields(Fields):
    """A heading; the first size is the largest."""

    type: Literal["heading"]
    text: RichText
    size: int = Field(ge=1, le=6)


class PreformattedFields(Fields):
    """A block of code."""

    type: Literal["pre"]
    text: RichText
    language: str | None = None


class DividerFields(Fields):
    """A line across the message."""

    type: Literal["divider"]


class ItemFields(Fields):
    """An item of a list, with a bullet, a number or a box."""

    blocks: list["Block"] = Field(min_length=1)
    has_checkbox: bool = False
    is_checked: bool = False
    value: int | None = None
    type: Literal["a", "A", "i", "I", "1"] | None = None

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated properties
    @property
    def label(self) -> str:
        """What stands before the item; Telegram tells it to whoever gets the message."""
        if self.has_checkbox:
            return "☑" if self.is_checked else "☐"
        return "•" if self.value is None else f"{self.value}."


class ListFields(Fields):
    """A list."""

    type: Literal["list"]
    items: list[ItemFields] = Field(min_length=1)


class QuoteFields(Fields):
    """A quotation."""

    type: Literal["blockquote"]
    blocks: list["Block"] = Field(min_length=1)


class DetailsFields(Fields):
    """Blocks that appear when somebody taps the summary."""

    type: Literal["details"]
    summary: RichText
    blocks: list["Block"] = Field(min_length=1)
    is_open: bool = False


class CellFields(Fields):
    """A cell of a table; without a text it is not seen."""

    align: Literal["left", "center", "right"]
    valign: Literal["top", "middle", "bottom"]
    text: RichText | None = None
    is_header: bool = False
    colspan: int = Field(default=1, ge=1)
    rowspan: int = Field(default=1, ge=1)


class TableFields(Fields):
    """A table."""

    type: Literal["table"]
    cells: list[list[CellFields]] = Field(min_length=1)
    is_bordered: bool = False
    is_striped: bool = False
    is_compact: bool = False


Block = Annotated[
    TextBlockFields
    | HeadingFields
    | PreformattedFields
    | DividerFields
    | FormulaFields
    | ListFields
    | QuoteFields
    | DetailsFields
    | TableFields,
    Field(discriminator="type"),
]
