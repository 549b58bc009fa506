"""The bot in a container, within the limits that compose.yaml sets."""

import asyncio
from collections.abc import Mapping

from tests.bench.usage import Memory, memory_of
from tests.image.building import IMAGE
from tests.image.engine import Engine, Finished

BOT = ("python", "-m", "bot")
PROBE = ("python", "-m", "bot.web.probe")

HEALTHY_SECONDS = 60
STOP_SECONDS = 10

MEMORY = "128m"
LIMITS = {
    "--read-only": "read_only: true",
    "--tmpfs=/tmp:size=16m": "tmpfs: /tmp:size=16m",
    "--cap-drop=all": "cap_drop: [ALL]",
    "--security-opt=no-new-privileges": 'security_opt: ["no-new-privileges:true"]',
    f"--memory={MEMORY}": f"mem_limit: {MEMORY}",
    f"--memory-swap={MEMORY}": f"memswap_limit: {MEMORY}",
    "--pids-limit=256": "pids_limit: 256",
}
"""The options that the bot is run with, and how compose.yaml says the same."""


class Container:
    """A container that can be started again, with a volume that outlives it."""

    def __init__(self, engine: Engine, settings: Mapping[str, str], *, name: str) -> None:
        self._engine = engine
        self._settings = settings
        self._name = name

    async def start(self) -> None:
        await self._engine.do("run", "--detach", f"--name={self._name}", *self._options(), IMAGE)

    async def run(self, *command: str, user: str = "") -> Finished:
        """Run a command in a container of its own, on the same volume."""
        role = (f"--user={user}", "--cap-add=chown") if user else ()
        return await self._engine.attempt("run", "--rm", *self._options(), *role, IMAGE, *command)

    async def execute(self, *command: str) -> Finished:
        """Run a command beside the bot."""
        return await self._engine.attempt("exec", self._name, *command)

    async def become_healthy(self) -> None:
        """Wait until the check of the image is content."""
        async with asyncio.timeout(HEALTHY_SECONDS):
            while (await self.execute(*PROBE)).status:
                assert await self.is_running(), await self.logs()

    async def is_running(self) -> bool:
        return await self._tell("{{.State.Running}}") == "true"

    async def memory(self) -> Memory:
        return memory_of(int(await self._tell("{{.State.Pid}}")))

    async def logs(self) -> str:
        return (await self._engine.attempt("logs", self._name)).said

    async def terminate(self) -> int:
        """Ask the bot to end, as `docker stop` does; gives its status."""
        await self._engine.do("kill", "--signal=TERM", self._name)
        async with asyncio.timeout(STOP_SECONDS):
            return int(await self._engine.do("wait", self._name))

    async def remove(self) -> None:
        await self._engine.attempt("rm", "--force", self._name)

    async def close(self) -> None:
        """Remove the volume as well."""
        await self.remove()
        await self._engine.attempt("volume", "rm", "--force", self._name)

    async def _tell(self, form: str) -> str:
        return await self._engine.do("inspect", f"--format={form}", self._name)

    def _options(self) -> list[str]:
        settings = [f"--env={name}={value}" for name, value in self._settings.items()]
        volume = f"--volume={self._name}:/data"
        return ["--network=host", *self._engine.running, *LIMITS, *settings, volume]
