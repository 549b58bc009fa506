"""What README shows of the demo: taken here, and kept by `make screenshots`."""

import asyncio
import os
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, expect

from tests.demo.chromium import PHONE, open_window
from tests.demo.window import GO_AHEAD, GROUP, STOP, Window, has_loaded, plays

MAX_PICTURE_BYTES = 200_000
COLOURS = 256


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("SCREENSHOTS_FOLDER") or tmp_path)
    folder.mkdir(exist_ok=True)
    return folder


async def test_a_light_desktop_shows_code_and_a_picture(
    chromium: Browser, demo: str, folder: Path
) -> None:
    async with open_window(chromium, demo) as window:
        await window.say("How do I greet somebody? Show me some code.")
        await _finished(window, "How do I greet somebody?")
        await window.say("/image --size 1344x768 a fox on its way to a tea party")

        await has_loaded(window.photo("a fox on its way"))
        await _take(window, folder / "light.png")


async def test_a_dark_desktop_shows_a_video_in_a_group(
    chromium: Browser, demo: str, folder: Path
) -> None:
    async with open_window(chromium, demo, scheme="dark") as window:
        await window.enter(GROUP)
        await window.say("/chat Which tea is best on a windy day? Give me a list.")
        await _finished(window, "on a windy day")
        await window.become("Boris")
        await window.enter(GROUP)
        await window.say("/video a red kite above the dunes")
        await window.press(window.answer("a red kite above the dunes"), GO_AHEAD)

        video = window.video("a red kite above the dunes")
        await plays(video)
        await video.evaluate("video => video.pause()")
        await _take(window, folder / "dark.png")


async def test_a_phone_shows_an_offer(chromium: Browser, demo: str, folder: Path) -> None:
    async with open_window(chromium, demo, size=PHONE) as window:
        await window.say("Good morning!")
        await _finished(window, "Good morning!")
        await window.say("/video a paper boat in the rain")

        await expect(window.answer().get_by_role("button", name=GO_AHEAD)).to_be_visible()
        await _take(window, folder / "phone.png")


async def _finished(window: Window, question: str) -> None:
    answer = window.answer(question)
    await expect(answer).to_be_visible()
    await expect(answer.get_by_role("button", name=STOP)).to_have_count(0)


async def _take(window: Window, file: Path) -> None:
    """Keep what can be seen, with fewer colours if it would be too large."""
    await expect(window.answer()).to_be_in_viewport()
    await window.page.mouse.move(0, 0)
    picture = await window.page.screenshot()
    if len(picture) > MAX_PICTURE_BYTES:
        picture = _simplified(picture)

    assert len(picture) < MAX_PICTURE_BYTES
    await asyncio.to_thread(file.write_bytes, picture)


def _simplified(picture: bytes) -> bytes:
    with Image.open(BytesIO(picture)) as image, BytesIO() as file:
        image.convert("RGB").quantize(COLOURS).save(file, "PNG", optimize=True)
        return file.getvalue()
