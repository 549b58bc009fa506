"""What Telegram accepts for a rich message, and how a person reads one."""

from collections.abc import Iterator

from bot.telegram.formatted import RichContent, is_visible

MAX_LENGTH = 32_768
MAX_BLOCKS = 500
MAX_DEPTH = 16
MAX_COLUMNS = 20
NESTED = ("blocks", "items", "cells")
TEXTS = ("text", "expression")


def tree(content: RichContent) -> list[object]:
    """Write the blocks as they go over the wire."""
    return [block.model_dump(exclude_none=True, mode="json") for block in content.blocks]


def read(node: object) -> str:
    """Read aloud whatever is in a tree, one piece after the other."""
    match node:
        case str():
            return node
        case list():
            return "\n".join(map(read, node)) if _are_blocks(node) else "".join(map(read, node))
        case dict():
            return "\n".join(read(node[name]) for name in (*TEXTS, *NESTED) if name in node)
        case _:
            return ""


def addresses(node: object) -> Iterator[object]:
    """Give every address that a tap could open."""
    match node:
        case list():
            for part in node:
                yield from addresses(part)
        case dict():
            if "url" in node:
                yield node["url"]
            yield from addresses(list(node.values()))
        case _:
            pass


def violations(content: RichContent) -> list[str]:
    """Name everything that speaks against sending this."""
    blocks = tree(content)
    found = [f"longer than {MAX_LENGTH}"] if len(_letters(blocks)) > MAX_LENGTH else []
    if sum(1 for _ in _counted(blocks)) > MAX_BLOCKS:
        found.append("too many blocks")
    if _depth(blocks) > MAX_DEPTH:
        found.append("too deep")
    for node in _nodes(blocks):
        found += _violations_of(node)
    return found


def _violations_of(node: dict[str, object]) -> Iterator[str]:
    kind = node.get("type")
    for name in ("blocks", "items"):
        if node.get(name) == []:
            yield f"{kind} without {name}"
    if "text" in node and not is_visible(read(node["text"])) and kind in {"paragraph", "heading"}:
        yield f"{kind} with nothing to see"
    if "expression" in node and not is_visible(read(node["expression"])):
        yield "formula with nothing to see"
    match node.get("cells"):
        case list(rows):
            widths = {len(row) for row in rows if isinstance(row, list)}
            if len(widths) != 1 or max(widths) > MAX_COLUMNS:
                yield f"rows of {widths} cells"


def _are_blocks(nodes: list[object]) -> bool:
    return not any(isinstance(node, str) or _is_style(node) for node in nodes)


def _is_style(node: object) -> bool:
    styles = {"bold", "italic", "underline", "strikethrough", "spoiler", "code", "url"}
    return isinstance(node, dict) and node.get("type") in {*styles, "mathematical_expression"}


def _letters(node: object) -> str:
    return read(node).replace("\n", "")


def _nodes(node: object) -> Iterator[dict[str, object]]:
    match node:
        case list():
            for part in node:
                yield from _nodes(part)
        case dict():
            yield node
            yield from _nodes(list(node.values()))
        case _:
            pass


def _counted(blocks: list[object]) -> Iterator[object]:
    for node in _nodes(blocks):
        if not _is_style(node) or node.get("type") == "mathematical_expression":
            yield node
        if isinstance(rows := node.get("cells"), list):
            yield from rows


def _depth(node: object) -> int:
    match node:
        case list():
            return max(map(_depth, node), default=0)
        case dict():
            return 1 + _depth(list(node.values()))
        case _:
            return 0
