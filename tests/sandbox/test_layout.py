from pathlib import Path

import pytest

from bot.sandbox.layout import rows_of
from bot.sandbox.phrases import load_phrases
from bot.sandbox.talk import Bubble
from bot.sandbox.telegram import Button, Entity, File

URL = "http://127.0.0.1:8081/media/key/fox.png"
UNDERLINED = f"\x1b[4m{URL}\x1b[0m"


def a_file(kind: str) -> File:
    return File(
        file_id="1",
        kind=kind,
        size=180 * 1024,
        sha256="",
        name="fox.png",
        mime_type="image/png",
        width=1024,
        height=768,
        duration=5,
        path=Path("fox.png"),
        url=URL,
    )


def a_bubble(text: str, *, file: File | None = None, is_mine: bool = False) -> Bubble:
    address: Entity = {"type": "url", "offset": 0, "length": 4}
    buttons = () if is_mine else ((3, Button(text="Again")), (None, Button(text="🌍", url=URL)))
    return Bubble(
        message_id=1,
        text=text,
        entities=[address],
        is_mine=is_mine,
        file=file,
        buttons=buttons,
    )


@pytest.mark.parametrize(
    ("language", "kind", "description"),
    [
        ("en", "photo", "picture 1024×768, 180 KB"),
        ("en", "video", "video 1024×768, 5 s, 180 KB"),
        ("en", "document", "file fox.png, 180 KB"),
        ("ru", "photo", "картинка 1024×768, 180 КБ"),
        ("ru", "video", "видео 1024×768, 5 с, 180 КБ"),
        ("ru", "document", "файл fox.png, 180 КБ"),
    ],
)
def test_media_stand_above_their_caption(language: str, kind: str, description: str) -> None:
    bubble = a_bubble("caption", file=a_file(kind))

    rows = rows_of([bubble], load_phrases(language))

    assert rows == [f"[{description}] {URL}", "caption", "[3] Again", f"[🌍] {URL}", ""]


def test_media_without_a_caption_leave_no_gap() -> None:
    bubble = a_bubble("", file=a_file("photo"))

    rows = rows_of([bubble], load_phrases("en"))

    assert rows == [f"[picture 1024×768, 180 KB] {URL}", "[3] Again", f"[🌍] {URL}", ""]


def test_a_terminal_has_every_address_underlined_and_in_one_piece() -> None:
    bubble = a_bubble("caption", file=a_file("photo"))

    rows = rows_of([bubble], load_phrases("en"), columns=len(URL) + 2)

    assert rows == [
        "[picture 1024×768, 180 KB] ",
        UNDERLINED,
        "\x1b[4mcapt\x1b[0mion",
        "[3] Again",
        "[🌍] ",
        UNDERLINED,
        "",
    ]


def test_what_the_person_said_is_marked_and_plain() -> None:
    rows = rows_of([a_bubble("a.io", is_mine=True)], load_phrases("en"), columns=40)

    assert rows == ["> a.io", ""]
