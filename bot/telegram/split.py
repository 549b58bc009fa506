"""Cuts long texts into messages at the places a reader would choose."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, takewhile

from aiogram.types import MessageEntity

from bot.telegram.formatted import SKIN_TONES, FormattedText, is_visible

MAX_MESSAGE_LENGTH = 4096
"""UTF-16 units in a message; see sendMessage in the Bot API."""

MAX_ENTITIES = 100
"""Telegram ignores the entities of a message from the 101st on."""

MAX_GRAPHEME = 40
"""Characters to look back for the beginning of what a reader sees as one character."""

BREAK = re.compile(
    r"(?P<block>\n[^\S\n]*\n\s*)|(?P<line>\n)(?!\s)|(?P<indented>\s*\n\s*)"
    r"|(?P<sentence>(?<=[.!?…])\s+|(?<=[。\uff01\uff1f])(?=\w))|(?P<word>\s+)"
)
RANK_IN_PROSE = {"block": 9, "line": 8, "indented": 7, "sentence": 6, "word": 2}
RANK_IN_CODE = {"block": 5, "line": 4, "indented": 3, "sentence": 1, "word": 1}

JOINER = "\u200d"
LAST_BASIC = "\uffff"
REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)
EXTENDERS = {*SKIN_TONES, *range(0xE0020, 0xE0080)}
"""Skin tones, and the tags that spell the flags of regions."""

SMALLEST_SHARE = 8
"""A message is not cut shorter than this part of its room, only to cut it well."""


def split(formatted: FormattedText, limit: int = MAX_MESSAGE_LENGTH) -> list[FormattedText]:
    """Cut a text into messages of at most *limit* UTF-16 units and 100 entities.

    Only whitespace at the cuts is lost. Where a message ends depends on what comes before
    that place alone, so the messages of a growing text stay as they are, but for the last.
    """
    return [part for part in _Cutter(formatted, limit).parts() if is_visible(part.text)]


@dataclass(frozen=True, slots=True)
class _Placed:
    """An entity and where it lies, as indexes into the text."""

    start: int
    stop: int
    entity: MessageEntity


class _Cutter:
    """Walks along one text; places are indexes into it, not UTF-16 units."""

    def __init__(self, formatted: FormattedText, limit: int) -> None:
        self._text = formatted.text
        self._stop = len(self._text.rstrip())
        self._limit = limit
        self._units = _unit_offsets(self._text)
        self._ahead = deque(map(self._locate, formatted.entities))
        self._begun: list[_Placed] = []
        self._code = [placed for placed in self._ahead if placed.entity.type == "pre"]
        self._code_stops = [placed.stop for placed in self._code]

    def parts(self) -> Iterator[FormattedText]:
        start = self._skip_space(0)
        while start < self._stop:
            stop = self._choose_stop(start)
            yield self._cut_out(start, stop)
            start = self._skip_space(stop)

    def _choose_stop(self, start: int) -> int:
        """Find the end of the message that begins at *start*."""
        farthest = self._farthest(start)
        if farthest == self._stop:
            return farthest

        smallest = start + (farthest - start) // SMALLEST_SHARE
        code = self._code_around(farthest)
        if code is not None and code.start > smallest:
            return self._trim(code.start)
        half = start + (farthest - start) // 2
        return (
            self._best_break(half, farthest)
            or self._best_break(smallest, half)
            or self._whole_grapheme(start, farthest)
        )

    def _farthest(self, start: int) -> int:
        """Find how far a message can reach: so many units, and so many entities."""
        reach = bisect_right(self._units, self._units[start] + self._limit) - 1
        reach = min(max(reach, start + 1), self._stop)
        room = MAX_ENTITIES - sum(placed.stop > start for placed in self._begun)
        if len(self._ahead) > room:
            reach = min(reach, max(self._ahead[room].start, start + 1))
        return reach

    def _best_break(self, low: int, high: int) -> int | None:
        """Find the last of the best places after *low* where a message can end."""
        best, best_rank = None, 0
        for found in BREAK.finditer(self._text, low, high + 1):
            rank = self._rank(found)
            if found.start() > low and rank >= best_rank:
                best, best_rank = found.start(), rank
        return best

    def _rank(self, found: re.Match[str]) -> int:
        ranks = RANK_IN_PROSE if self._code_around(found.start()) is None else RANK_IN_CODE
        return ranks[found.lastgroup or "word"]

    def _code_around(self, place: int) -> _Placed | None:
        """Give the code block that a cut at *place* would divide."""
        index = bisect_right(self._code_stops, place)
        if index < len(self._code) and self._code[index].start < place:
            return self._code[index]
        return None

    def _whole_grapheme(self, start: int, farthest: int) -> int:
        """Step back from a place between the parts of one visible character."""
        for place in range(farthest, max(start, farthest - MAX_GRAPHEME), -1):
            if not _is_inside_grapheme(self._text, place):
                return place
        return farthest

    def _cut_out(self, start: int, stop: int) -> FormattedText:
        begun = [placed for placed in self._begun if placed.stop > start]
        while self._ahead and self._ahead[0].start < stop:
            begun.append(self._ahead.popleft())
        self._begun = begun

        entities = (self._clip(placed, start, stop) for placed in begun)
        return FormattedText(
            text=self._text[start:stop],
            entities=tuple(entity for entity in entities if entity is not None),
        )

    def _clip(self, placed: _Placed, start: int, stop: int) -> MessageEntity | None:
        first, last = max(placed.start, start), min(placed.stop, stop)
        if not is_visible(self._text[first:last]):
            return None
        offset = self._units[first] - self._units[start]
        length = self._units[last] - self._units[first]
        return placed.entity.model_copy(update={"offset": offset, "length": length})

    def _locate(self, entity: MessageEntity) -> _Placed:
        start = bisect_left(self._units, entity.offset)
        stop = bisect_left(self._units, entity.offset + entity.length)
        return _Placed(start, min(stop, self._stop), entity)

    def _skip_space(self, place: int) -> int:
        while place < self._stop and self._text[place].isspace():
            place += 1
        return place

    def _trim(self, place: int) -> int:
        while self._text[place - 1].isspace():
            place -= 1
        return place


def _unit_offsets(text: str) -> Sequence[int]:
    """Give the UTF-16 offset of every character, and of the end."""
    if text.isascii():
        return range(len(text) + 1)
    return list(accumulate((2 if character > LAST_BASIC else 1 for character in text), initial=0))


def _is_inside_grapheme(text: str, place: int) -> bool:
    """Tell whether a cut would divide an emoji, a flag or a letter and its marks."""
    if not 0 < place < len(text):
        return False
    before, after = text[place - 1], text[place]
    if ord(after) in REGIONAL_INDICATORS:
        return _count_indicators(text, place) % 2 == 1
    return (
        JOINER in (before, after)
        or ord(after) in EXTENDERS
        or unicodedata.category(after) in ("Mn", "Me", "Mc")
    )


def _count_indicators(text: str, place: int) -> int:
    """Count the letters of flags right before a place."""
    flags = takewhile(
        lambda index: ord(text[index]) in REGIONAL_INDICATORS, range(place - 1, -1, -1)
    )
    return sum(1 for _ in flags)
