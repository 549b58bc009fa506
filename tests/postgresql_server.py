"""A PostgreSQL server for the tests, from what is installed on this machine."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

DEBIAN = Path("/usr/lib/postgresql")
OWNER = "postgres"
START_SECONDS = 60
"""A busy machine may need long."""

# Nothing here has to survive a crash of the machine.
SETTINGS = (
    *("-c", "fsync=off"),
    *("-c", "synchronous_commit=off"),
    *("-c", "full_page_writes=off"),
    *("-c", "max_connections=200"),
    *("-c", "listen_addresses=127.0.0.1"),
)

# PostgreSQL refuses to run as root.
AS_OWNER = ("setpriv", f"--reuid={OWNER}", f"--regid={OWNER}", "--clear-groups")

# The server ends with whoever holds its standard input, even if that one is killed.
SERVE = """
exec 3<&0
"$@" 3<&- & server=$!
{ read -r _ <&3; kill -INT $server; } & wait $server
"""


@contextmanager
def running_server() -> Iterator[int]:
    """Run a server for the length of the block, and give its port; skip without PostgreSQL."""
    programs = _programs()
    is_root = os.geteuid() == 0
    prefix = AS_OWNER if is_root else ()

    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if is_root:
            shutil.chown(folder, OWNER, OWNER)
        _make(folder, (*prefix, str(programs / "initdb")))
        port, server = _start(folder, programs, prefix)
        try:
            yield port
        finally:
            server.communicate()


def _programs() -> Path:
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda found: float(found.parts[-3]))
    if versions:
        return versions[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent

    missing = "PostgreSQL is not installed: run `apt-get install postgresql` to test with it"
    if os.environ.get("REQUIRE_POSTGRESQL"):
        pytest.fail(missing)
    pytest.skip(missing)


def _make(folder: Path, initdb: Sequence[str]) -> None:
    options = ("--no-sync", "--auth=trust", f"--username={OWNER}", "--encoding=UTF8", "--locale=C")
    made = subprocess.run(  # noqa: S603 - ours
        [*initdb, "--pgdata", folder / "cluster", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr


def _start(
    folder: Path, programs: Path, prefix: Sequence[str]
) -> tuple[int, subprocess.Popen[bytes]]:
    """Start a server on a free port, which somebody else may take first."""
    name, log = str(folder), folder / "log"
    for _ in range(3):
        port = _free_port()
        options = ("-D", f"{name}/cluster", "-k", name, "-p", str(port), *SETTINGS)
        with log.open("ab") as output:
            server = subprocess.Popen(  # noqa: S603 - ours
                ["/bin/sh", "-c", SERVE, "serve", *prefix, str(programs / "postgres"), *options],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        if _serves(server, [str(programs / "pg_isready"), "-q", "-h", name, "-p", str(port)]):
            return port, server
        server.communicate()
    pytest.fail(log.read_text())


def _serves(server: subprocess.Popen[bytes], asked: Sequence[str]) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        if subprocess.run(asked, check=False).returncode == 0:  # noqa: S603 - ours
            return True
        time.sleep(0.05)
    return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
