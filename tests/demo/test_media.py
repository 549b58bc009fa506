"""Pictures, videos and files on the page, also when the bot dies in between."""

from pathlib import Path

from playwright.async_api import expect

from tests.demo.window import AS_FILE, GO_AHEAD, Window, has_loaded


async def test_the_bot_asks_what_a_picture_shall_show(window: Window) -> None:
    await window.say("/image")
    await expect(window.answer("What should the picture show?")).to_be_visible()

    await window.say("a teapot made of ice")

    asked = window.messages("You", "a teapot made of ice")
    await expect(asked).to_contain_text("What should the picture show?")
    picture = window.photo("a teapot made of ice")
    await expect(picture).to_be_visible()


async def test_a_picture_can_be_had_as_a_file(window: Window, tmp_path: Path) -> None:
    await window.say("/image an owl that reads")
    await window.press(window.answer("an owl that reads"), AS_FILE)
    link = window.answer("an owl that reads").get_by_role("link", name=".png")
    await expect(link).to_be_visible()

    async with window.page.expect_download() as coming:
        await link.click()

    file = tmp_path / "owl.png"
    await (await coming.value).save_as(file)
    assert file.read_bytes().startswith(b"\x89PNG")


async def test_an_order_survives_the_death_of_the_bot_and_is_paid_once(window: Window) -> None:
    await window.say("/video a paper boat in the rain")
    await window.press(window.answer("a paper boat in the rain"), GO_AHEAD)
    orders = window.calls.filter(has_text="a paper boat in the rain").filter(has_text="/generate")
    await expect(orders).to_have_count(1)

    await window.operate("Kill the bot")
    await window.bot_is("stopped")
    await window.operate("Restart the bot")
    await window.bot_is("running")

    video = window.video("a paper boat in the rain")
    await expect(video).to_be_visible()
    await has_loaded(video)
    await expect(orders).to_have_count(1)
