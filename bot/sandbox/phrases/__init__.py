"""What the demo says itself, in the language of the person at the terminal."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

LANGUAGES = ("en", "ru")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """All that the demo has to say."""

    starting: str
    greeting: str
    guest: str
    photo: str
    video: str
    document: str
    no_button: str
    no_answer: str
    died: str
    bye: str


def load_phrases(language: str) -> Phrases:
    """Read the phrases of one of the languages."""
    source = files(__name__) / f"{language}.toml"
    return Phrases(**tomllib.loads(source.read_text(encoding="utf-8")))


def language_of(environment: Mapping[str, str]) -> str:
    """Find the language as programs do; English where there is no other."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    language = locale[:2].lower()
    return language if language in LANGUAGES else LANGUAGES[0]
