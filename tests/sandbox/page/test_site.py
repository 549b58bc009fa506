import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.page.mishaps import Mishap
from bot.sandbox.page.server import SITE
from bot.sandbox.phrases import LANGUAGES, load_phrases, page_words

NAMESPACE = "http://www.w3.org/2000/svg"
FILES = sorted(path for path in SITE.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_of_the_page_needs_another_address(path: Path) -> None:
    written = path.read_text(encoding="utf-8").replace(NAMESPACE, "")

    assert re.findall(r"(?:https?:)?//[\w.]+\.\w+", written) == []


def test_texts_are_never_read_as_markup() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in FILES)

    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|\.style\b", written)
    assert not re.search(r"<[^>]+\s(?:style|on\w+)=", written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_page_is_there(language: str) -> None:
    words = page_words(language)

    assert set(_asked()) - set(words) == set()


def test_the_languages_say_the_same() -> None:
    english, russian = (page_words(language) for language in LANGUAGES)

    assert english.keys() == russian.keys()
    for key, words in english.items():
        assert _placeholders(words) == _placeholders(russian[key]), key


def test_the_terminal_is_told_the_address() -> None:
    for language in LANGUAGES:
        assert "{address}" in load_phrases(language).opened


def _asked() -> Iterator[str]:
    for path in FILES:
        written = path.read_text(encoding="utf-8")
        yield from re.findall(r'\bword\("(\w+)"', written)
        yield from re.findall(r'data-word(?:-\w+)?="(\w+)"', written)
    for mishap in Mishap:
        yield mishap
        yield f"{mishap}_about"


def _placeholders(words: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", words))
