"""The few HTML tags in Markdown that mean formatting."""

import re

from pyromark.event import Event, Range

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "kbd": "code",
    "tg-spoiler": "spoiler",
}
TAG = re.compile(r"<(?P<slash>/?)(?P<name>[a-z-]+)\s*>", re.IGNORECASE)
LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
PREFORMATTED = re.compile(
    r"""\s*<pre>(?:<code(?:\sclass="(?:language-)?(?P<language>[\w+#.-]{1,32})")?>)?"""
    r"""(?P<code>[^<]*)(?:</code>)?</pre>\s*""",
    re.IGNORECASE,
)


def formatting_tags(events: list[tuple[Event, Range]]) -> dict[int, str]:
    """Give the kind of entity for each event that is one of a pair of tags.

    A tag without its partner in the same stretch of text is no formatting: in `List<I>` it
    has to stay visible.
    """
    kinds: dict[int, str] = {}
    open_tags: list[tuple[str, int]] = []
    for index, (event, _) in enumerate(events):
        match event:
            case {"Start": _}:
                open_tags.append(("", index))
            case {"End": _}:
                while open_tags.pop()[0]:
                    pass
            case {"InlineHtml": str(html)} if tag := TAG.fullmatch(html):
                name = tag["name"].lower()
                if not tag["slash"]:
                    open_tags += [(name, index)] if name in KINDS else []
                elif open_tags and open_tags[-1][0] == name:
                    kinds[index] = kinds[open_tags.pop()[1]] = KINDS[name]
            case _:
                pass
    return kinds
