"""What a newcomer does in the first minute; also tried with the bot installed as people get it."""

import re

from playwright.async_api import expect

from tests.demo.window import GO_AHEAD, Window, has_loaded, plays


async def test_a_question_is_answered(window: Window) -> None:
    await window.say("Hello, is anybody there?")

    await expect(window.answer("You said “Hello, is anybody there?”")).to_be_visible()


async def test_a_picture_can_be_seen(window: Window) -> None:
    await window.say("/image a fox under the stars")

    picture = window.photo("a fox under the stars")

    await expect(picture).to_be_visible()
    await has_loaded(picture)


async def test_a_video_is_offered_with_its_price_and_plays(window: Window) -> None:
    await window.say("/video a red kite above the dunes")
    offer = window.answer("a red kite above the dunes")
    await expect(offer).to_contain_text(re.compile(r"costs \d+ tokens"))

    await window.press(offer, GO_AHEAD)

    video = window.video("a red kite above the dunes")
    await expect(video).to_be_visible()
    await plays(video)
