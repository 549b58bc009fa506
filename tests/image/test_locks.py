import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUNTIME = (ROOT / "requirements.lock").read_text(encoding="utf-8")
TOOLS = (ROOT / "tests/requirements.lock").read_text(encoding="utf-8")

LOCKS = pytest.mark.parametrize("lock", [RUNTIME, TOOLS], ids=["runtime", "tools"])


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))


def names(requirements: list[str]) -> set[str]:
    """Name the projects, in the form that locks use."""
    found = (re.split(r"[\[<>=! ;]", one, maxsplit=1)[0] for one in requirements)
    return {name.lower().replace("_", "-").replace(".", "-") for name in found}


def test_everything_that_the_bot_imports_is_locked() -> None:
    assert names(PROJECT["project"]["dependencies"]) <= pins(RUNTIME).keys()


def test_the_tools_of_its_developers_are_locked_apart() -> None:
    tools = names(PROJECT["dependency-groups"]["dev"])

    assert tools <= pins(TOOLS).keys()
    assert tools.isdisjoint(pins(RUNTIME))


def test_both_locks_agree() -> None:
    runtime, tools = pins(RUNTIME), pins(TOOLS)

    shared = runtime.keys() & tools.keys()
    assert {name: runtime[name] for name in shared} == {name: tools[name] for name in shared}


@LOCKS
def test_every_file_is_known_by_its_hash(lock: str) -> None:
    blocks = re.split(r"\n(?=\S)", lock.strip())

    assert len(blocks) == len(pins(lock))
    assert all("--hash=sha256:" in block for block in blocks)


@LOCKS
def test_a_lock_names_no_address(lock: str) -> None:
    assert "://" not in lock
