"""Builds the image as its Dockerfile says, on a base image made here if none can be had."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.image.engine import Engine, EngineFailed, attempt, do

CHECKOUT = Path(__file__).resolve().parents[2]
IMAGE = "elumenta-bot"
BASE = "python:3.13-slim"
PULL_SECONDS = 60

RELEASE = "trixie"
"""The Debian that has the Python of the base image."""

PACKAGES = "ca-certificates,python3,python3-venv,python3-pip"
LINKS = {"python": "/usr/bin/python3", "python3": "/usr/bin/python3", "pip": "/usr/bin/pip3"}
"""What the base image has in /usr/local/bin."""

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


async def build(engine: Engine) -> float:
    """Build the image; gives the seconds that it took."""
    with TemporaryDirectory() as scratch:
        mounts = () if engine.has_registry else _certificates(Path(scratch))
        began = time.monotonic()
        await engine.do(
            "build", "--network=host", *engine.building, *mounts, f"--tag={IMAGE}", str(CHECKOUT)
        )
        return time.monotonic() - began


async def provide_base(engine: Engine) -> None:
    """See that the base image is there: here already, from a registry, or made of packages.

    Raises EngineFailed when none of this can be done.
    """
    if engine.has_registry or not (await engine.attempt("image", "exists", BASE)).status:
        return
    with suppress(EngineFailed, TimeoutError):
        async with asyncio.timeout(PULL_SECONDS):
            await engine.do("pull", "--quiet", BASE)
            return
    with TemporaryDirectory() as scratch:
        await _make_base(engine, Path(scratch))


async def _make_base(engine: Engine, scratch: Path) -> None:
    root = scratch / "root"
    await do(
        "debootstrap",
        "--variant=minbase",
        f"--include={PACKAGES}",
        RELEASE,
        str(root),
        *await _mirror(),
    )
    for marker in root.glob("usr/lib/python3*/EXTERNALLY-MANAGED"):
        marker.unlink()
    for folder in ("var/cache/apt", "var/lib/apt/lists"):
        shutil.rmtree(root / folder)
    for name, target in LINKS.items():
        (root / "usr/local/bin" / name).symlink_to(target)

    archive = scratch / "root.tar"
    await do("tar", "--create", f"--file={archive}", f"--directory={root}", ".")
    await engine.do("import", '--change=CMD ["python3"]', str(archive), BASE)


async def _mirror() -> Sequence[str]:
    """Name where this machine has its own packages from, if it has any."""
    targets = await attempt(
        "apt-get", "indextargets", "--format=$(REPO_URI)", "Created-By: Packages"
    )
    return targets.output.split()[:1]


def _certificates(scratch: Path) -> Sequence[str]:
    """Mount whom this machine trusts, for as long as the image is built."""
    settings = scratch / "pip.conf"
    settings.write_text(f"[global]\ncert = {CERTIFICATES}\n")
    return (
        f"--volume={CERTIFICATES}:{CERTIFICATES}:ro",
        f"--volume={settings}:/etc/pip.conf:ro",
    )
