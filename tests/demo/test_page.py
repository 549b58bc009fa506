"""The page itself: who can use it, on what, and what it lets in."""

from importlib.resources import files

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.demo.chromium import DESKTOP, PHONE, Scheme, open_window
from tests.demo.window import BOT, GROUP, Window, has_loaded

NARROW = ViewportSize(width=320, height=640)

AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
AUDIT = """() => axe.run({resultTypes: ['violations']}).then(({violations}) => violations.flatMap(
    ({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target}: ${failureSummary}`)
))"""

RUN_INLINE = """() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "inline"';
    document.head.append(script);
    return document.title;
}"""


@pytest.fixture(scope="module")
async def talk(chromium: Browser, demo: str) -> str:
    """What has all kinds of formatting in it."""
    async with open_window(chromium, demo) as window:
        await window.say("Show me a table, some code, a formula and a list.")
        await expect(window.answer("Patience is the best sugar.")).to_be_visible()
    return demo


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_nothing_keeps_anybody_out(
    chromium: Browser, talk: str, size: ViewportSize, scheme: Scheme
) -> None:
    async with open_window(chromium, talk, size=size, scheme=scheme) as window:
        await expect(window.answer("Show me a table")).to_be_visible()

        await window.page.evaluate(AXE)
        complaints = await window.page.evaluate(AUDIT)

    assert "\n".join(complaints) == ""


async def test_the_page_takes_no_code_but_its_own(chromium: Browser, demo: str) -> None:
    page = await chromium.new_page()
    answer = await page.goto(demo)
    title = await page.title()

    after = await page.evaluate(RUN_INLINE)

    assert after == title
    assert answer is not None
    assert "unsafe" not in answer.headers["content-security-policy"]
    await page.close()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "narrow"])
async def test_a_phone_shows_the_chat_without_scrolling_sideways(
    chromium: Browser, demo: str, size: ViewportSize
) -> None:
    async with open_window(chromium, demo, size=size) as window:
        await window.say("Does this fit? " + "Onewordwithnospaceinit" * 8)
        await expect(window.answer("Does this fit?")).to_be_visible()

        wide = await window.page.evaluate("() => document.documentElement.scrollWidth")

    assert wide <= size["width"]


async def test_a_phone_goes_from_view_to_view(chromium: Browser, demo: str) -> None:
    async with open_window(chromium, demo, size=PHONE) as window:
        views = window.page.get_by_role("navigation", name="Views")

        await views.get_by_role("button", name="Behind the scenes").click()
        await expect(window.calls.first).to_be_visible()
        await expect(window.writing).to_be_hidden()

        await views.get_by_role("button", name="Chats").click()
        await window.become("Boris")
        await window.enter(GROUP)
        await expect(window.writing).to_be_visible()


async def test_the_page_speaks_russian_to_russians(chromium: Browser, demo: str) -> None:
    async with open_window(chromium, demo, language="ru-RU") as window:
        await expect(window.page.locator("html")).to_have_attribute("lang", "ru")
        await window.page.get_by_role("textbox", name="Сообщение").fill("/help")
        await window.page.get_by_role("button", name="Отправить").click()

        answer = window.page.get_by_role("article", name=BOT).last
        await expect(answer).to_contain_text("Напишите мне")


async def test_a_window_that_comes_later_shows_the_newest_message(
    chromium: Browser, demo: str, window: Window
) -> None:
    await window.say("/image an evening to remember")
    await expect(window.photo("an evening to remember")).to_be_visible()
    await window.say("Do you remember this evening?")
    await expect(window.answer("Do you remember this evening?")).to_be_visible()

    async with open_window(chromium, demo) as later:
        await has_loaded(later.photo("an evening to remember"))

        await expect(later.answer()).to_be_in_viewport(ratio=0.9)
