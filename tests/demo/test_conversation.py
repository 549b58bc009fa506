"""What a person says on the page, and how the answers come."""

from playwright.async_api import Locator, expect

from tests.demo.window import BOT, GROUP, STOP, Window, grown


async def test_an_answer_grows_until_it_is_stopped(window: Window) -> None:
    await window.say("Tell me something long about a lighthouse.")
    answer = window.answer("about a lighthouse")
    await grown(answer)
    await grown(answer)

    await window.press(answer, STOP)

    await expect(window.page.get_by_text("Stopped", exact=True)).to_be_visible()
    await expect(answer.get_by_role("button", name=STOP)).to_have_count(0)
    await window.say("Was that all?")
    await expect(window.answer("Was that all?")).to_be_visible()
    await expect(window.messages(BOT, "Chapter 5")).to_have_count(0)


async def test_a_reply_shows_what_it_replies_to(window: Window) -> None:
    await window.say("My parrot is called Captain.")
    answer = window.answer("My parrot is called Captain.")

    await window.press(answer, "Reply")
    await window.say("What is it called?")

    mine = window.messages("You", "What is it called?")
    await expect(mine).to_contain_text("You said “My parrot is called Captain.”")


async def test_a_command_is_chosen_without_a_mouse(window: Window) -> None:
    await _tab_to(window, window.writing)
    await window.page.keyboard.type("/")
    chosen = window.commands.get_by_role("option", name="/help")
    await expect(chosen).to_be_visible()

    while await chosen.get_attribute("aria-selected") != "true":
        await window.page.keyboard.press("ArrowDown")
    await window.page.keyboard.press("Enter")

    await expect(window.answer("Write to me and I answer")).to_be_visible()
    await expect(window.commands).to_be_hidden()


async def test_what_is_typed_stays_text(window: Window) -> None:
    typed = "<img src=/nowhere onerror=alert(1)><b>bold</b>"

    await window.say(typed)

    await expect(window.messages("You", typed)).to_be_visible()


async def test_each_person_sees_their_own_chats(window: Window) -> None:
    await window.become("Ada")
    await window.enter(BOT)
    await window.say("This is my secret.")
    await expect(window.answer("This is my secret.")).to_be_visible()

    await window.become("Boris")
    await window.enter(BOT)

    await window.say("Good morning from Boris.")
    await expect(window.answer("Good morning from Boris.")).to_be_visible()
    await expect(window.log).not_to_contain_text("This is my secret.")


async def test_a_group_is_seen_by_both(window: Window) -> None:
    await window.become("Boris")
    await window.enter(GROUP)
    await window.say("/chat Which tea goes with lemon?")
    await expect(window.answer("Which tea goes with lemon?")).to_be_visible()

    await window.become("Ada")
    await window.enter(GROUP)

    await expect(window.messages("Boris", "Which tea goes with lemon?")).to_be_visible()
    await expect(window.answer("Which tea goes with lemon?")).to_be_visible()


async def test_a_guest_does_not_stop_an_answer_to_the_owner(window: Window) -> None:
    await window.become("Ada")
    await window.enter(GROUP)
    await window.say("/chat Tell us something long about teapots.")
    answer = window.answer("about teapots")
    await expect(answer).to_be_visible()

    await window.become("Boris")
    await window.enter(GROUP)
    await window.press(answer, STOP)

    note = window.page.get_by_text("This button is old or belongs to somebody else.")
    await expect(note).to_be_visible()
    await grown(answer)

    await window.become("Ada")
    await window.press(answer, STOP)
    await expect(answer.get_by_role("button", name=STOP)).to_have_count(0)


async def _tab_to(window: Window, place: Locator) -> None:
    """Go on with the tabulator; the page has fewer stops than this."""
    for _ in range(100):
        if await place.evaluate("place => place === document.activeElement"):
            return
        await window.page.keyboard.press("Tab")

    raise AssertionError
