"""How a person finds their way on the page: by roles and names, as a screen reader does."""

import re
from typing import Final, Literal

from playwright.async_api import Locator, Page, expect

BOT: Final = "Elumenta bot"
GROUP: Final = "Tea party"

STOP, GO_AHEAD, AS_FILE = "⏹ Stop", "✅ Go ahead", "📄 Send as file"

Sender = Literal["You", "Elumenta bot", "Ada", "Boris"]
Fault = Literal["Slow API", "Flood control", "API down", "Telegram down"]
BotState = Literal["running", "stopped", "starting"]


class Window:
    """The page of the demo."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.writing = page.get_by_role("textbox", name="Message")
        self.commands = page.get_by_role("listbox", name="Commands")
        self.calls = page.get_by_role("region", name="Calls").get_by_role("listitem")
        self.log = page.get_by_role("log", name="Messages")

    async def become(self, person: Literal["Ada", "Boris"]) -> None:
        people = self.page.get_by_role("radiogroup", name="You are")
        await people.get_by_role("radio", name=person).check()

    async def enter(self, chat: str) -> None:
        chats = self.page.get_by_role("navigation", name="Chats")
        await chats.get_by_role("button", name=chat).click()

    async def say(self, text: str) -> None:
        await self.writing.fill(text)
        await self.page.get_by_role("button", name="Send", exact=True).click()

    def messages(self, sender: Sender, text: str = "") -> Locator:
        """All messages of somebody that contain this text."""
        articles = self.log.get_by_role("article", name=re.compile(f"^{sender}"))
        return articles.filter(has_text=text)

    def answer(self, text: str = "") -> Locator:
        """The newest message of the bot that contains this text."""
        return self.messages(BOT, text).last

    def photo(self, subject: str) -> Locator:
        """The newest picture of something that was asked for."""
        return self.messages(BOT, subject).get_by_alt_text("Photo").last

    def video(self, subject: str) -> Locator:
        return self.messages(BOT, subject).get_by_label("Video").last

    async def press(self, message: Locator, label: str) -> None:
        await message.get_by_role("button", name=label).click()

    async def switch(self, fault: Fault) -> None:
        """Turn a fault on, or off again."""
        await self.page.get_by_label(fault).click()

    async def operate(self, button: Literal["Kill the bot", "Restart the bot"]) -> None:
        await self.page.get_by_role("button", name=button).click()

    async def bot_is(self, state: BotState) -> None:
        """Wait until the page says so."""
        await expect(self.page.get_by_role("status", name="Bot")).to_contain_text(state)


async def grown(message: Locator) -> None:
    """Wait until a message has changed, and see that it has more words than before."""
    before = await message.inner_text()
    await expect(message).not_to_have_text(before, use_inner_text=True)
    assert len(await message.inner_text()) > len(before)


async def has_loaded(shown: Locator) -> None:
    """Wait until there is something to see in a picture or a video."""
    await shown.page.wait_for_function(
        "shown => (shown.naturalWidth ?? shown.videoWidth) > 0 && (shown.readyState ?? 4) > 1",
        arg=await shown.element_handle(),
    )


async def plays(video: Locator) -> None:
    await video.evaluate("video => { video.muted = true; return video.play(); }")
    await video.page.wait_for_function(
        "video => video.currentTime > 0.2 && video.videoWidth > 0",
        arg=await video.element_handle(),
    )
