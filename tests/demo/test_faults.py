"""What people see when the servers misbehave, as the switches of the page let them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import expect

from tests.demo.window import STOP, Fault, Window


async def test_a_service_that_is_down_is_told_in_a_sentence(window: Window) -> None:
    async with _fault(window, "API down"):
        await window.say("Is anybody there?")

        await expect(window.answer("try again")).to_be_visible()

    await window.say("Are you back?")
    await expect(window.answer("Are you back?")).to_be_visible()


async def test_flood_control_loses_no_word_of_an_answer(window: Window) -> None:
    async with _fault(window, "Flood control"):
        await window.say("What came after the flood? Show me some code and a formula.")

        answer = window.answer("What came after the flood?")
        await expect(answer).to_contain_text("Here is some code")
        await expect(answer).to_contain_text('print(greet("world"))')
        await expect(answer).to_contain_text("E = mc²")
        await expect(answer.get_by_role("button", name=STOP)).to_have_count(0)
        await expect(window.calls.filter(has_text="429")).not_to_have_count(0)


async def test_what_is_said_while_telegram_is_down_is_answered_later(window: Window) -> None:
    async with _fault(window, "Telegram down"):
        await window.say("Can you hear me through the wall?")

    await expect(window.answer("Can you hear me through the wall?")).to_be_visible()


async def test_an_answer_that_is_too_slow_can_be_stopped(window: Window) -> None:
    async with _fault(window, "Slow API"):
        await window.say("Take your time.")
        answer = window.answer("Take your time.")

        await window.press(answer, STOP)

        await expect(answer.get_by_role("button", name=STOP)).to_have_count(0)


@asynccontextmanager
async def _fault(window: Window, fault: Fault) -> AsyncIterator[None]:
    """Turn a fault on for the length of the block."""
    await window.switch(fault)
    try:
        yield
    finally:
        await window.switch(fault)
