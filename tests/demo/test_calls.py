"""The panel that shows what the bot and the servers say to each other."""

from playwright.async_api import expect

from tests.demo.chromium import SECRET
from tests.demo.window import Window


async def test_the_calls_of_a_question_are_shown(window: Window) -> None:
    await window.say("What are you doing?")
    await expect(window.answer("What are you doing?")).to_be_visible()

    await expect(window.calls.filter(has_text="sendMessage").first).to_be_visible()
    await expect(window.calls.filter(has_text="/generate/stream").first).to_be_visible()


async def test_the_calls_to_one_server_can_be_looked_at_alone(window: Window) -> None:
    await window.say("Who is listening?")
    await expect(window.answer("Who is listening?")).to_be_visible()

    await window.page.get_by_role("combobox", name="Show").select_option("Elumenta")

    asked = window.calls.filter(has_text="Who is listening?").filter(visible=True)
    await expect(asked.filter(has_text="/generate/stream")).to_have_count(1)
    await expect(asked.filter(has_text="Telegram")).to_have_count(0)


async def test_calls_that_come_while_paused_are_shown_later(window: Window) -> None:
    pause = window.page.get_by_role("button", name="Pause")
    asked = window.calls.filter(has_text="What did I miss?")
    await pause.click()
    await window.say("What did I miss?")
    await expect(window.answer("What did I miss?")).to_be_visible()
    await expect(asked).to_have_count(0)

    await pause.click()

    await expect(asked.first).to_be_visible()


async def test_no_call_shows_a_secret(window: Window) -> None:
    await window.say("/image a locked door")
    await expect(window.photo("a locked door")).to_be_visible()
    await expect(window.calls.filter(has_text="sendPhoto").first).to_be_visible()
    # What comes later would not be opened.
    await window.page.get_by_role("button", name="Pause").click()

    for summary in await window.calls.locator("summary").all():
        await summary.click()
    await expect(window.calls.locator("pre").last).not_to_be_empty()

    shown = await window.calls.all_inner_texts()
    assert SECRET.findall("\n".join(shown)) == []
