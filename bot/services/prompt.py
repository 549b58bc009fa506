"""What the model is told of a message: who speaks, and what it answers to."""

from dataclasses import dataclass

from bot.errors import PromptMissing

MAX_NAME_LENGTH = 64
MAX_QUOTE_LENGTH = 4_000

GROUP_NOTE = (
    "Several people talk in this chat: each of their messages starts with the speaker's name "
    "in square brackets. Do not start your answers with a name."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A message, or a part of one, that a person replied to."""

    author: str
    text: str


def compose(text: str, *, speaker: str | None, quoted: Quoted | None) -> str:
    """Put together what the model gets for one message.

    Without a text of its own, the quoted message is what is asked about.
    Raises PromptMissing when there is neither.
    """
    if not text.strip() and quoted is None:
        raise PromptMissing

    said = f"[{_one_line(speaker)}] {text}" if speaker else text
    return said.strip() if quoted is None else f"{_quotation(quoted)}\n\n{said}".strip()


def _quotation(quoted: Quoted) -> str:
    text = quoted.text.strip()
    if len(text) > MAX_QUOTE_LENGTH:
        text = f"{text[:MAX_QUOTE_LENGTH]}..."
    lines = [f"[in reply to {_one_line(quoted.author)}]", *text.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _one_line(name: str) -> str:
    """A name as a label: brackets and line breaks in it could pass for another speaker."""
    plain = name.replace("[", "(").replace("]", ")")
    return " ".join(plain.split())[:MAX_NAME_LENGTH]
