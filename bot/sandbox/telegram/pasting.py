"""Long texts that people paste, which their apps send in pieces."""

import re
from bisect import bisect_right
from itertools import accumulate

from bot.sandbox.telegram.entities import MAX_TEXT_UNITS, utf16_length

LINE_BREAK = re.compile(r"\n")
BLANK = re.compile(r"\s")
LAST_OF_ONE_UNIT = 0xFFFF


def pieces(text: str) -> list[str]:
    """Cut a text as apps do: where a line or a word ends, if that is in the last half.

    Whitespace at the cuts is lost. Where nothing ends the piece is as long as it can be.
    """
    found, rest = list[str](), text.strip()
    while utf16_length(rest) > MAX_TEXT_UNITS:
        end = _cut(rest)
        found.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()

    return [*found, rest] if rest else found


def _cut(text: str) -> int:
    """Find where the first piece ends, in characters."""
    longest = _fitting(text)
    for place in (LINE_BREAK, BLANK):
        # The piece may be followed by what ends it.
        found = [match.start() for match in place.finditer(text, longest // 2, longest + 1)]
        if found:
            return found[-1]

    return longest


def _fitting(text: str) -> int:
    """Count the characters that fit into one message; none is cut into halves."""
    units = (2 if ord(character) > LAST_OF_ONE_UNIT else 1 for character in text[:MAX_TEXT_UNITS])
    return bisect_right(list(accumulate(units)), MAX_TEXT_UNITS)
