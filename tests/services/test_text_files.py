from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FileNotText
from bot.services.text_files import MAX_FILE_BYTES, decode

FONT = Path(__file__).parents[2] / "bot/fonts/DejaVuSans-subset.ttf"
VERSE = "Мороз и солнце; день чудесный!\nЕщё ты дремлешь, друг прелестный.\n" * 3
LINE = "Plain words, and a line break.\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1251", "koi8-r"],
)
def test_the_encoding_of_a_text_is_told(encoding: str) -> None:
    assert decode(VERSE.encode(encoding)) == VERSE


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_zero_bytes_of_latin_letters_do_not_make_a_text_binary(encoding: str) -> None:
    assert decode(LINE.encode(encoding)) == LINE


@pytest.mark.parametrize("encoding", ["shift_jis", "euc-jp", "gb18030"])
def test_texts_of_the_far_east_are_read(encoding: str) -> None:
    text = "これは日本語のテキストファイルです。よろしくお願いします。" * 3

    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        b"\0" * 1000,
        b"PK\x03\x04" + bytes(range(255, -1, -1)) * 4,
        b"readable, and then \0 something else",
        FONT.read_bytes()[:MAX_FILE_BYTES],
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(FileNotText):
        decode(data)


def test_line_ends_of_windows_and_colours_of_terminals_are_text() -> None:
    assert decode(b"one\r\n\x1b[31mtwo\x1b[0m\r\n\f") == "one\n\x1b[31mtwo\x1b[0m\n\f"


def test_an_empty_file_is_an_empty_text() -> None:
    assert decode(b"") == ""


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"])))
def test_every_text_in_utf_8_is_read_as_it_was_written(text: str) -> None:
    assert decode(text.encode()) == text.removeprefix("\ufeff")


@given(st.binary(max_size=2000))
def test_any_bytes_are_a_text_or_refused(data: bytes) -> None:
    try:
        text = decode(data)
    except FileNotText:
        return

    assert "\0" not in text
