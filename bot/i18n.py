"""Texts for people, in their language, from the Fluent files in `locales/`."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

import structlog
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast

FALLBACK = "en"

log = structlog.get_logger(__name__)


class LocaleBroken(Exception):
    """A Fluent file has an entry that cannot be read."""


class Localizer:
    """Says things in one language: `t("key", name=value)`."""

    def __init__(self, language: str, bundles: list[FluentBundle]) -> None:
        self.language = language
        self._bundles = bundles

    def __call__(self, key: str, **arguments: str | int) -> str:
        """Give the text of *key*; English where the language lacks it, the key as a last resort.

        Numbers are grouped as the language does; pass ids as text.
        """
        for bundle in self._bundles:
            if bundle.has_message(key) and (pattern := bundle.get_message(key).value):
                text, problems = bundle.format_pattern(pattern, arguments)
                if problems:
                    log.error("text.incomplete", key=key, problems=[str(one) for one in problems])
                return str(text)

        log.error("text.missing", key=key, language=self.language)
        return key


class Translator:
    """All languages the bot speaks."""

    def __init__(self, folder: Traversable, *, default: str = FALLBACK) -> None:
        self._bundles = {
            locale.name: _read(locale.name, locale / "bot.ftl")
            for locale in folder.iterdir()
            if locale.is_dir()
        }
        self._default = default

    @classmethod
    def bundled(cls, *, default: str = FALLBACK) -> "Translator":
        """Read the locales that came with the program, installed or checked out."""
        installed = resources.files("bot") / "locales"
        checked_out = Path(__file__).resolve().parent.parent / "locales"
        return cls(installed if installed.is_dir() else checked_out, default=default)

    @property
    def languages(self) -> list[str]:
        return sorted(self._bundles)

    def for_locale(self, code: str | None) -> Localizer:
        """Find the language for an IETF tag as Telegram sends it, such as `pt-br`."""
        language = (code or "").replace("_", "-").split("-")[0].lower()
        if language not in self._bundles:
            language = self._default
        return Localizer(language, [self._bundles[language], self._bundles[FALLBACK]])


def _read(language: str, file: Traversable) -> FluentBundle:
    resource = FluentResource(file.read_text(encoding="utf-8"))
    for entry in resource.body:
        if isinstance(entry, ast.Junk):
            message = f"{language}: cannot read the entry {(entry.content or '').strip()[:80]!r}"
            raise LocaleBroken(message)

    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(resource)
    return bundle
