"""The mind behind unscripted answers: it repeats, remembers and shows off Markdown."""

import re
from collections.abc import Sequence
from enum import StrEnum
from importlib.resources import files

MAX_QUOTE_LENGTH = 160

SHOWPIECES = {
    "table": re.compile(r"\b(?:table|таблиц)", re.IGNORECASE),
    "code": re.compile(r"\b(?:code|код)", re.IGNORECASE),
    "list": re.compile(r"\b(?:list|спис)", re.IGNORECASE),
    "formula": re.compile(r"\b(?:formula|формул)", re.IGNORECASE),
    "long": re.compile(r"\b(?:long|длинн)", re.IGNORECASE),
}


class Language(StrEnum):
    """The languages that the parrot speaks."""

    ENGLISH = "en"
    RUSSIAN = "ru"


def answer(conversation: Sequence[dict[str, str]]) -> str:
    """Answer the newest text of a conversation, always the same way."""
    said = [turn["content"] for turn in conversation if turn["role"] == "user"]
    language = _language(said[-1])

    parts = [_memory(said, language)]
    parts += [_text(language, name) for name, word in SHOWPIECES.items() if word.search(said[-1])]
    if len(parts) == 1:
        parts.append(_text(language, "hint"))
    return "\n\n".join(parts)


def _memory(said: Sequence[str], language: Language) -> str:
    if len(said) == 1:
        return _text(language, "first").format(now=_quote(said[-1]))
    template = _text(language, "again")
    return template.format(now=_quote(said[-1]), before=_quote(said[-2]), count=len(said))


def _language(text: str) -> Language:
    russian = len(re.findall(r"[\u0400-\u04ff]", text, re.IGNORECASE))
    english = len(re.findall(r"[a-z]", text, re.IGNORECASE))
    return Language.RUSSIAN if russian and russian >= english else Language.ENGLISH


def _quote(text: str) -> str:
    """One line of the text, without what Markdown would read as its own."""
    line = re.sub(r"[*_`~|\\<>]", "", " ".join(text.split()))
    return line if len(line) <= MAX_QUOTE_LENGTH else f"{line[:MAX_QUOTE_LENGTH]}…"


def _text(language: Language, name: str) -> str:
    source = files("bot.sandbox.elumenta") / "texts" / language / f"{name}.md"
    return source.read_text(encoding="utf-8").strip()
