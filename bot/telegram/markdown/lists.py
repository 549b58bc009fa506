"""The markers of list items: bullets by depth, numbers as the author meant them, boxes."""

import re
from dataclasses import dataclass

BULLETS = "•◦▪"
BOXES = {True: "☑ ", False: "☐ "}
ORDINAL = re.compile(rb"(\d{1,9})([.)])")


class OpenLists:
    """The lists around the current place, the innermost last."""

    def __init__(self) -> None:
        self._lists: list[_List] = []

    @property
    def depth(self) -> int:
        return len(self._lists)

    def begin(self) -> None:
        self._lists.append(_List())

    def end(self) -> None:
        self._lists.pop()

    def next_marker(self, source: bytes, start: int) -> str:
        """Give the marker for the item that begins at *start*."""
        self.next_number(source, start)
        return self._lists[-1].number or BULLETS[min(self.depth, len(BULLETS)) - 1] + " "

    def next_number(self, source: bytes, start: int) -> int | None:
        """Give the number of the item that begins at *start*; None when it has a bullet.

        A number is kept, unless it repeats the one before: that is how authors let the
        reader's program count.
        """
        current = self._lists[-1]
        ordinal = ORDINAL.match(source, start)
        if ordinal is None:
            return None

        number = int(ordinal[1])
        current.shown = current.shown + 1 if number == current.written else number
        current.written = number
        current.number = f"{current.shown}{ordinal[2].decode()} "
        return current.shown

    def box(self, *, is_done: bool) -> str:
        """Give the marker of a task; it takes the place of a bullet and follows a number."""
        return self._lists[-1].number + BOXES[is_done]


@dataclass(slots=True)
class _List:
    """One list: the number its last item has in the source, and what is shown for it."""

    written: int | None = None
    shown: int = 0
    number: str = ""
