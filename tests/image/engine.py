"""The program of this machine that builds images and runs containers."""

import asyncio
import os
import shutil
from dataclasses import dataclass

PATIENCE_SECONDS = 300

PODMAN = ("podman", "--cgroup-manager=cgroupfs", "--events-backend=file", "--runtime=runc")
"""What lets it work without systemd, in a container too."""

PODMAN_NEEDS = ("podman", "runc", "debootstrap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """How a program ended, and what it wrote to its two channels."""

    status: int
    output: str
    complaints: str

    @property
    def said(self) -> str:
        return self.output + self.complaints


class EngineFailed(Exception):
    """A program ended with an error."""

    def __init__(self, name: str, finished: Finished) -> None:
        super().__init__(f"{name} ended with status {finished.status}: {finished.said}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Docker, or podman in its place, with the options that it needs here."""

    command: tuple[str, ...]
    building: tuple[str, ...] = ()
    running: tuple[str, ...] = ()
    has_registry: bool = True

    async def do(self, *arguments: str) -> str:
        """Give what a command says; raises EngineFailed when it fails."""
        return await do(*self.command, *arguments)

    async def attempt(self, *arguments: str) -> Finished:
        """Run a command that may fail."""
        return await attempt(*self.command, *arguments)


async def do(*command: str) -> str:
    """Run a program and give what it says; raises EngineFailed when it fails."""
    finished = await attempt(*command)
    if finished.status:
        raise EngineFailed(command[0], finished)
    return finished.output.strip()


async def attempt(*command: str, within: float = PATIENCE_SECONDS) -> Finished:
    """Run a program that may fail; raises TimeoutError, and ends it, when it takes too long."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(within):
            output, complaints = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Finished(
        status=await process.wait(), output=output.decode(), complaints=complaints.decode()
    )


async def find_engine() -> Engine | None:
    """Docker if it is running, else podman, which needs no daemon but wants to be root."""
    if shutil.which("docker") and not (await attempt("docker", "info")).status:
        return Engine(command=("docker",))
    if os.geteuid() == 0 and all(map(shutil.which, PODMAN_NEEDS)):
        return Engine(
            command=PODMAN,
            # Without the format of Docker, the image would lose its health check.
            building=("--isolation=chroot", "--format=docker", "--layers", "--pull=never"),
            # It asks for more than it may give otherwise, and has timers of systemd look after
            # the health of its containers.
            running=("--ulimit=nofile=8192:8192", "--ulimit=nproc=4096:4096", "--no-healthcheck"),
            has_registry=False,
        )
    return None
