"""What the demo says itself, at the terminal and on its page, in the language of the person."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What is said at the terminal."""

    starting: str
    opened: str
    died: str
    bye: str


def load_phrases(language: str) -> Phrases:
    """Read the phrases of one of the languages."""
    return Phrases(**_read(language, "terminal"))


def page_words(language: str) -> dict[str, str]:
    """Read what the page says in one of the languages."""
    return _read(language, "page")


def language_of(environment: Mapping[str, str]) -> str:
    """Find the language as programs do; English where there is no other."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    language = locale[:2].lower()
    return language if language in LANGUAGES else LANGUAGES[0]


def _read(language: str, part: str) -> dict[str, str]:
    source = files(__name__) / f"{language}.toml"
    phrases = tomllib.loads(source.read_text(encoding="utf-8"))[part]
    return {key: str(value) for key, value in phrases.items()}
