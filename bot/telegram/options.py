"""The options that people write before a prompt: `--size 768x1344 --no text -- a fox`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import OptionValueMissing
from bot.services.media_options import MODEL, OPTIONS, unknown_option

UNWANTED = "no"
"""The option whose value may have several words without quotes."""

QUOTES = {'"': '"', "'": "'", "“": "”", "«": "»", "„": "“”", "‘": "’"}  # noqa: RUF001 - phones
"""Each opening quote with those that may close it."""

DASHES = r"(?:[-–—]{2,}|[–—])"  # noqa: RUF001 - phones turn two hyphens into one dash
END = re.compile(rf"{DASHES}(?!\S)")
OPTION = re.compile(rf"{DASHES}(?P<name>\S[^\s=]*)(?:\s*=)?\s*")

_QUOTED = [rf"{opening}([^{closing}]*)[{closing}](?!\S)" for opening, closing in QUOTES.items()]
_WORD = rf"(?!{DASHES})\S+"
VALUE = re.compile("|".join([*_QUOTED, rf"({_WORD})"]))
VALUE_OF_WORDS = re.compile("|".join([*_QUOTED, rf"({_WORD}(?:\s+{_WORD})*)"]))

PLAIN = re.compile(rf"(?![={''.join(QUOTES)}]|{DASHES})\S+")
"""A value that needs no quotes to be read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRequest:
    """What follows a command: options by the names people write, and the prompt, maybe empty."""

    options: Mapping[str, str]
    prompt: str


def parse(text: str) -> MediaRequest:
    """Take the options off a prompt; they end at its first word or at a bare `--`.

    Values are on one line; the prompt keeps its own. Raises OptionUnknown or OptionValueMissing.
    """
    options: dict[str, str] = {}
    rest = text.strip()
    while not END.match(rest) and (option := OPTION.match(rest)):
        name = _name(option["name"])
        options[name], rest = _take_value(name, rest[option.end() :])

    end = END.match(rest)
    return MediaRequest(options=options, prompt=rest[end.end() if end else 0 :].strip())


def spell(options: Mapping[str, str]) -> str:
    """Write options, so that `parse` reads the same before ` -- ` and a prompt.

    Where a value has quotes of every kind, its double quotes become single ones.
    """
    return " ".join(f"--{name} {_spell_value(value)}" for name, value in options.items())


def _name(written: str) -> str:
    name = written.lower()
    if name != MODEL and name not in OPTIONS:
        raise unknown_option(written)
    return name


def _take_value(name: str, rest: str) -> tuple[str, str]:
    found = (VALUE_OF_WORDS if name == UNWANTED else VALUE).match(rest)
    value = " ".join("".join(found.groups("")).split()) if found else ""
    if not found or not value:
        raise OptionValueMissing(option=f"--{name}")
    return value, rest[found.end() :].lstrip()


def _spell_value(value: str) -> str:
    if PLAIN.fullmatch(value):
        return value
    for opening, closing in QUOTES.items():
        if not set(closing) & set(value):
            return f"{opening}{value}{closing[0]}"
    return '"{}"'.format(value.replace('"', "'"))
