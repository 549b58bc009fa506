"""Messages of a talk as rows of a terminal."""

import math
from collections.abc import Iterator, Sequence

from bot.sandbox.phrases import Phrases
from bot.sandbox.styling import plain_rows, styled_rows
from bot.sandbox.talk import Bubble
from bot.sandbox.telegram import Entity, File
from bot.sandbox.telegram.entities import utf16_length

KILOBYTE = 1024

Text = tuple[str, Sequence[Entity]]


def rows_of(
    bubbles: Sequence[Bubble], phrases: Phrases, *, columns: int | None = None
) -> list[str]:
    """Lay messages out one below the other; without columns as plain text."""
    rows: list[str] = []
    for bubble in bubbles:
        for text, entities in _parts(bubble, phrases):
            rows += (
                plain_rows(text)
                if columns is None
                else styled_rows(text, entities, columns=columns)
            )
        rows.append("")
    return rows


def _parts(bubble: Bubble, phrases: Phrases) -> Iterator[Text]:
    """Take a message apart: what it shows, what it says, and its buttons."""
    if bubble.file is not None:
        yield _with_address(_describe(bubble.file, phrases), bubble.file.url)
    if bubble.is_mine:
        yield f"> {bubble.text}", ()
    elif bubble.text:
        yield bubble.text, bubble.entities

    for number, button in bubble.buttons:
        if number is not None:
            yield f"[{number}] {button.text}", ()
        elif button.url is not None:
            yield _with_address(button.text, button.url)


def _describe(file: File, phrases: Phrases) -> str:
    described = {"photo": phrases.photo, "video": phrases.video, "document": phrases.document}
    return described[file.kind].format(
        name=file.name,
        width=file.width,
        height=file.height,
        seconds=file.duration,
        kilobytes=math.ceil(file.size / KILOBYTE),
    )


def _with_address(label: str, address: str) -> Text:
    prefix = f"[{label}] "
    url: Entity = {
        "type": "url",
        "offset": utf16_length(prefix),
        "length": utf16_length(address),
    }
    return prefix + address, (url,)
