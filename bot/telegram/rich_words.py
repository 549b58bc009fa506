"""Reads the words of a rich message that came from Telegram."""

from collections.abc import Iterator

from aiogram.types import RichMessage

BLOCKS = ("blocks", "items", "cells")
WORDS = ("caption", "summary", "text", "expression")


def words_of(message: RichMessage) -> str:
    """Give what a rich message says, without its formatting: a line for each block or row."""
    written = message.model_dump(include={"blocks"}, exclude_none=True, mode="json")
    return "\n".join(_lines(written["blocks"]))


def _lines(nodes: list[object]) -> Iterator[str]:
    for node in nodes:
        match node:
            case {"label": str(label), "blocks": [*blocks]}:
                first, *others = [*_lines(blocks), ""]
                yield f"{label} {first}"
                yield from filter(None, others)
            case dict():
                yield from (_text(node[name]) for name in WORDS if name in node)
                for name in BLOCKS:
                    yield from _lines(node.get(name, []))
            case list():
                yield " | ".join(map(_text, node))
            case _:
                pass


def _text(node: object) -> str:
    match node:
        case str():
            return node
        case list():
            return "".join(map(_text, node))
        case dict():
            return _text(node.get("text") or node.get("expression") or "")
        case _:
            return ""
