"""The demo as a process of its own, and what a browser does with it."""

import asyncio
import contextlib
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ClientResponse, ClientSession, CookieJar

ROOT = Path(__file__).parents[2]
FAKE_BOT = str(Path(__file__).with_name("fake_bot.py"))
PROGRAM = (
    "import sys; from bot.sandbox.demo import main; "
    "sys.exit(main(sys.argv[1:3], command=sys.argv[3:] or ('-m', 'bot')))"
)
SECONDS = 60
MAX_EVENT_BYTES = 4 * 1024 * 1024

View = dict[str, object]
Scene = dict[str, View]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, read to the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Demo:
    """A demo that runs, and somebody who has its page open."""

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self.process = process
        self.address = address
        self._session = ClientSession(
            address, cookie_jar=CookieJar(unsafe=True), read_bufsize=MAX_EVENT_BYTES
        )

    async def get(self, path: str, **headers: str) -> Answer:
        """Fetch something as the page would."""
        async with self._session.get(path, headers=headers) as response:
            return await _answer(response)

    async def act(self, **action: object) -> View:
        """Do something as the page would, and return the outcome."""
        answer = await self.post(json.dumps(action))
        assert answer.status == 200, answer.body
        outcome = json.loads(answer.body)
        assert isinstance(outcome, dict)
        return outcome

    async def post(self, body: str, **headers: str) -> Answer:
        sent = {"Content-Type": "application/json", "Origin": self.address, **headers}
        async with self._session.post("/actions", data=body, headers=sent) as response:
            return await _answer(response)

    async def say(self, text: str, *, person: str = "Ada", chat: str = "private") -> None:
        number = await self.chat_id(person, chat)
        await self.act(do="say", person=person, chat=number, text=text)

    async def chat_id(self, person: str, chat: str = "private") -> int:
        scene = await self.sees(lambda scene: "bot" in scene, person=person)
        wanted = chat == "private"
        ids = [view["id"] for view in under(scene, "chat/") if view["isPrivate"] is wanted]
        assert isinstance(ids[0], int)
        return ids[0]

    async def sees(self, claim: Callable[[Scene], object], *, person: str = "Ada") -> Scene:
        """Follow the stream until the claim holds for what the person sees."""
        scene: Scene = {}
        async with (
            asyncio.timeout(SECONDS),
            self._session.get(f"/scene/{person}") as response,
        ):
            async for line in response.content:
                _apply(scene, line)
                if scene and claim(scene):
                    return scene
        raise AssertionError(scene)

    async def hears(self, words: str, *, person: str = "Ada") -> View:
        """Wait for a message that contains these words, and return it."""

        def find(scene: Scene) -> list[View]:
            return [one for one in under(scene, "message/") if words in str(one["text"])]

        return find(await self.sees(find, person=person))[-1]

    async def bot_is(self, state: str) -> Scene:
        return await self.sees(lambda scene: scene["bot"]["state"] == state)

    async def close(self) -> None:
        await self._session.close()


@asynccontextmanager
async def open_demo(
    command: Sequence[str] = (FAKE_BOT,), *, port: int = 0, **settings: str
) -> AsyncIterator[Demo]:
    """Run the demo with a bot, open its page, and end it if it still runs."""
    process = await launch(command, port=port, **settings)
    async with AsyncExitStack() as resources:
        resources.push_async_callback(end, process)
        demo = Demo(process, await address_of(process))
        resources.push_async_callback(demo.close)
        await demo.get("/")
        yield demo


async def launch(
    command: Sequence[str], *, port: int = 0, language: str = "en_US.UTF-8", **settings: str
) -> asyncio.subprocess.Process:
    surroundings = {"PATH": os.environ["PATH"], "LANG": language, "PYTHONUTF8": "1"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PROGRAM,
        f"--port={port}",
        "--no-browser",
        *command,
        cwd=ROOT,
        env={**surroundings, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def address_of(process: asyncio.subprocess.Process) -> str:
    """Read what the demo prints until it says where its page is."""
    assert process.stdout is not None
    async with asyncio.timeout(SECONDS):
        async for line in process.stdout:
            if found := re.search(r"http://\S+", line.decode()):
                return found[0]
    raise AssertionError


async def end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    async with asyncio.timeout(SECONDS):
        await process.communicate()


def under(scene: Scene, prefix: str) -> list[View]:
    """List the views whose keys begin like this, in their order."""
    return [view for key, view in scene.items() if key.startswith(prefix)]


async def _answer(response: ClientResponse) -> Answer:
    return Answer(status=response.status, headers=response.headers, body=await response.read())


def _apply(scene: Scene, line: bytes) -> None:
    if not line.startswith(b"data: "):
        return
    patch = json.loads(line.removeprefix(b"data: "))
    for key in patch.get("drop", []):
        scene.pop(key)
    scene.update(patch.get("put", {}))
