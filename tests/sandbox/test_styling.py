import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.phrases import LANGUAGES, language_of, load_phrases
from bot.sandbox.styling import plain_rows, styled_rows, width
from bot.sandbox.telegram import Entity

CODES = re.compile(r"\x1b\[[\d;]*m")


def test_formatting_becomes_escape_codes() -> None:
    bold: Entity = {"type": "bold", "offset": 3, "length": 4}
    code: Entity = {"type": "code", "offset": 5, "length": 2}

    rows = styled_rows("🌍 boldly", [bold, code], columns=40)

    assert rows == ["🌍 \x1b[1mbo\x1b[0m\x1b[1;2mld\x1b[0mly"]


def test_rows_break_at_spaces() -> None:
    rows = styled_rows("one two\nthree four", [], columns=8)

    assert rows == ["one two", "three ", "four"]


def test_what_could_command_the_terminal_is_left_out() -> None:
    rows = styled_rows("a\x1b[2Jb\a", [], columns=40)

    assert rows == plain_rows("a\x1b[2Jb\a") == ["a[2Jb"]


@given(
    text=st.text(st.sampled_from("ab \n\t\u0301\u200d漢🌍\x1b")),
    columns=st.integers(min_value=4, max_value=20),
    marks=st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30))),
)
def test_rows_fit_and_lose_nothing(text: str, columns: int, marks: list[tuple[int, int]]) -> None:
    entities: list[Entity] = [
        {"type": "italic", "offset": offset, "length": length} for offset, length in marks
    ]

    rows = [CODES.sub("", row) for row in styled_rows(text, entities, columns=columns)]

    assert all(width(row) <= columns for row in rows)
    assert "".join(rows) == "".join(plain_rows(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_all_phrases(language: str) -> None:
    phrases = load_phrases(language)

    assert "7" in phrases.died.format(status=7)


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "ru", "LANG": "en_US.UTF-8"}, "ru"),
        ({"LC_ALL": "", "LANG": "ru"}, "ru"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_terminal(environment: dict[str, str], language: str) -> None:
    found = language_of(environment)

    assert found == language
