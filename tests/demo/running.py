"""The demo as a newcomer starts it: a process of its own, away from the checkout."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

PYTHON = os.environ.get("DEMO_PYTHON", sys.executable)
"""Another one has the bot installed as people get it."""

COMMAND = ("-m", "bot", "demo", "--no-browser", "--port", "0")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+\S*")
PATIENCE_SECONDS = 60


@asynccontextmanager
async def running_demo(folder: Path) -> AsyncIterator[str]:
    """Start the demo, give its address, and end it as Ctrl-C does."""
    process = await asyncio.create_subprocess_exec(
        PYTHON,
        *COMMAND,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield await _address(process)
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    has_died = process.returncode is not None
    if not has_died:
        process.terminate()
    async with asyncio.timeout(PATIENCE_SECONDS):
        printed, _ = await process.communicate()

    assert not has_died, printed.decode(errors="replace")


async def _address(process: asyncio.subprocess.Process) -> str:
    """Read what the demo prints until it tells where it is."""
    assert process.stdout is not None
    printed = ""
    async with asyncio.timeout(PATIENCE_SECONDS):
        async for line in process.stdout:
            printed += line.decode(errors="replace")
            if found := ADDRESS.search(printed):
                return found[0]

    raise AssertionError(printed)
