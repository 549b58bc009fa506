"""What an operator expects of the container, one scene after another."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.elumenta import ElumentaServer, Making
from bot.sandbox.telegram import Chat, TelegramServer
from tests.e2e.seeing import answer, file_of, result
from tests.image.container import BOT, MEMORY, Container

USER = "10001"
START_SECONDS = 60
BIG_BYTES = 48_000_000
"""Almost as much as Telegram takes, and a large part of the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The servers outside, the container between them, and somebody who talks to its bot."""

    telegram: TelegramServer
    elumenta: ElumentaServer
    container: Container
    chat: Chat

    async def start(self) -> None:
        """Start the container, and wait until its bot takes updates."""
        await asyncio.gather(self.telegram.polled(START_SECONDS), self.container.start())

    async def ask(self, text: str, expected: str) -> None:
        await answer(self.chat, expected, after=self.chat.send(self.chat.members[0], text))

    async def order(self, command: str, prompt: str, *, kind: str, size_bytes: int) -> None:
        """Order a picture or a video, and see that exactly this file comes."""
        self.elumenta.script(
            Making(takes=1, eta_seconds=1, size_bytes=size_bytes), contains=prompt
        )
        order = self.chat.send(self.chat.members[0], f"{command} {prompt}")
        assert file_of(await result(self.chat, kind, after=order)).size == size_bytes


Scene = Callable[[Trial], Awaitable[str]]
"""Gives what was measured, if anything; raises AssertionError or TimeoutError."""


async def a_volume_of_somebody_else_is_refused_with_the_remedy(trial: Trial) -> str:
    container = trial.container
    await container.run("chown", "0:0", "/data", user="root")
    refused = await container.run(*BOT)

    remedy = re.search(r"`sudo (.+)`", refused.said)
    assert refused.status == 2, refused
    assert remedy, refused
    repaired = await container.run(*remedy[1].split(), user="root")
    assert repaired.status == 0, repaired
    return remedy[1]


async def nothing_is_left_of_how_it_was_made(trial: Trial) -> str:
    left = await trial.container.run(
        "find", "/build", "/root/.cache", "-mindepth", "1", user="root"
    )
    pip = await trial.container.run("python", "-c", "import pip")

    assert left.output == ""
    assert "No module named 'pip'" in pip.said
    return ""


async def every_point_of_the_check_is_ticked_off(trial: Trial) -> str:
    checked = await trial.container.run(*BOT, "check")

    assert checked.status == 0, checked
    return f"{len(checked.output.splitlines())} of them"


async def the_bot_starts(trial: Trial) -> str:
    began = time.monotonic()
    await trial.start()
    seconds = time.monotonic() - began

    memory = await trial.container.memory()
    return f"asks for updates after {seconds:.1f} s, {memory.now:.0f} MiB resident"


async def a_message_is_answered(trial: Trial) -> str:
    await trial.ask("Good morning", "“Good morning”")
    return ""


async def the_check_of_the_image_finds_it_healthy(trial: Trial) -> str:
    await trial.container.become_healthy()
    return ""


async def it_can_write_nowhere_but_to_its_volume(trial: Trial) -> str:
    user = await trial.container.execute("id", "--user")
    refused = await trial.container.execute("touch", "/opt/bot/file")
    written = await trial.container.execute("touch", "/data/file")

    assert user.output.strip() == USER
    assert "Read-only file system" in refused.said
    assert written.status == 0, written
    return ""


async def a_picture_is_made(trial: Trial) -> str:
    await trial.order("/image", "a quiet harbour", kind="photo", size_bytes=500_000)
    return ""


async def a_large_video_fits_into_the_memory(trial: Trial) -> str:
    await trial.order("/video", "a busy harbour", kind="video", size_bytes=BIG_BYTES)
    memory = await trial.container.memory()

    assert memory.peak < int(MEMORY.removesuffix("m")), memory
    return f"{memory.peak:.0f} MiB resident at most"


async def it_ends_when_it_is_asked_to(trial: Trial) -> str:
    began = time.monotonic()
    status = await trial.container.terminate()

    assert status == 0, await trial.container.logs()
    assert "Traceback" not in await trial.container.logs()
    return f"after {time.monotonic() - began:.1f} s"


async def another_container_goes_on_with_the_volume(trial: Trial) -> str:
    await trial.container.remove()
    await trial.start()

    await trial.ask("Good evening", "before that “Good morning”")
    await it_ends_when_it_is_asked_to(trial)
    return ""


SCENES: tuple[Scene, ...] = (
    nothing_is_left_of_how_it_was_made,
    a_volume_of_somebody_else_is_refused_with_the_remedy,
    every_point_of_the_check_is_ticked_off,
    the_bot_starts,
    a_message_is_answered,
    the_check_of_the_image_finds_it_healthy,
    it_can_write_nowhere_but_to_its_volume,
    a_picture_is_made,
    a_large_video_fits_into_the_memory,
    it_ends_when_it_is_asked_to,
    another_container_goes_on_with_the_volume,
)
