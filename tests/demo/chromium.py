"""A real Chromium, and windows in it that notice what no page should do."""

import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from tests.demo.window import Window

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MILLISECONDS = 40_000

DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=740)

SECRET = re.compile(r"\d{6,}:[\w-]{20,}|nb_\w+")
"""The token of a bot, and a key of the API."""

Scheme = Literal["light", "dark"]


@asynccontextmanager
async def open_chromium() -> AsyncIterator[Browser]:
    """Start Chromium; where there is none the test is skipped, or fails if it must run."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if program is None:
        _go_without()
    expect.set_options(timeout=PATIENCE_MILLISECONDS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@asynccontextmanager
async def open_window(
    browser: Browser,
    address: str,
    *,
    size: ViewportSize = DESKTOP,
    scheme: Scheme = "light",
    language: str = "en-GB",
) -> AsyncIterator[Window]:
    """Show the demo to a new person; at the end nothing strange must have happened."""
    context = await browser.new_context(viewport=size, color_scheme=scheme, locale=language)
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    try:
        page = await context.new_page()
        strange = _watch(page, address)
        await page.goto(address)
        yield Window(page)

        assert strange == []
        assert SECRET.findall(await page.content()) == []
    finally:
        await context.close()


def _go_without() -> None:
    missing = "no Chromium: install the package chromium, or name the program in CHROMIUM"
    if os.environ.get("REQUIRE_CHROMIUM"):
        pytest.fail(missing)
    pytest.skip(missing)


def _watch(page: Page, address: str) -> list[str]:
    """Note what is an error, or leaves for another server."""
    strange: list[str] = []

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error":
            strange.append(message.text)

    def note_address(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"blob", "data"} and parts.netloc != urlsplit(address).netloc:
            strange.append(url)

    page.on("console", note_error)
    page.on("pageerror", lambda error: strange.append(str(error)))
    page.on("request", lambda request: note_address(request.url))
    page.on("websocket", lambda socket: note_address(socket.url))
    return strange
