"""What the model is told of a message: who speaks, what it answers to, and what it comes with."""

import re
from dataclasses import dataclass

from bot.errors import PromptMissing

MAX_NAME_LENGTH = 64
MAX_QUOTE_LENGTH = 4_000
SHORTEST_FENCE = 3

QUOTATION = "> [in reply to "
"""How a quotation begins, whose lines all begin like quotes."""

GROUP_NOTE = (
    "Several people talk in this chat: each of their messages starts with the speaker's name "
    "in square brackets. Do not start your answers with a name."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A message, or a part of one, that a person replied to."""

    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """A file that a person sent or replied to, as text."""

    name: str
    text: str


def compose(
    text: str, *, speaker: str | None, quoted: Quoted | None, file: TextFile | None = None
) -> str:
    """Put together what the model gets for one message.

    Without a text of its own, the quoted message or the file is what is asked about.
    Raises PromptMissing when there is none of them.
    """
    has_file = file is not None and bool(file.text.strip())
    if not text.strip() and quoted is None and not has_file:
        raise PromptMissing

    said = f"[{_one_line(speaker)}] {text}" if speaker else text
    parts = [
        _quotation(quoted) if quoted is not None else "",
        _inclusion(file) if file is not None else "",
        said,
    ]
    return "\n\n".join(part for part in parts if part).strip()


def without_quotation(prompt: str) -> str:
    """Keep what a prompt says itself, without what it replies to, which others may change."""
    if not prompt.startswith(QUOTATION):
        return prompt
    return prompt.partition("\n\n")[2]


def _quotation(quoted: Quoted) -> str:
    text = quoted.text.strip()
    if len(text) > MAX_QUOTE_LENGTH:
        text = f"{text[:MAX_QUOTE_LENGTH]}..."
    lines = [f"[in reply to {_one_line(quoted.author)}]", *text.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _inclusion(file: TextFile) -> str:
    """Put a file between fences that are longer than any in it, so that it ends where it ends."""
    longest = max((len(run) for run in re.findall("`+", file.text)), default=0)
    fence = "`" * max(SHORTEST_FENCE, longest + 1)
    text = file.text.strip("\n")
    return f"[file {_one_line(file.name)}]\n{fence}\n{text}\n{fence}"


def _one_line(name: str) -> str:
    """A name as a label: brackets and line breaks in it could pass for another speaker."""
    plain = name.replace("[", "(").replace("]", ")")
    return " ".join(plain.split())[:MAX_NAME_LENGTH]
