import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
JOINED = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
STAGES: list[list[tuple[str, str]]] = [
    re.findall(r"^([A-Z]+) (.+)$", stage, re.MULTILINE) for stage in JOINED.split("\nFROM ")
]
SHIPPED = STAGES[-1]

UNIGNORED = re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
COPIED = [
    source
    for stage in STAGES
    for name, rest in stage
    if name == "COPY" and not rest.startswith("--from")
    for source in rest.split()[:-1]
]


def only(name: str) -> str:
    """Give the rest of the only instruction of its name in the image that is shipped."""
    (rest,) = [rest for found, rest in SHIPPED if found == name]
    return rest


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in only("ENV").split())


def test_signals_reach_the_bot_itself() -> None:
    assert json.loads(only("CMD")) == ["python", "-m", "bot"]
    assert only("STOPSIGNAL") == "SIGTERM"
    assert "ENTRYPOINT" not in dict(SHIPPED)


def test_the_bot_is_a_user_of_a_known_number_that_owns_the_volume() -> None:
    assert only("USER") == "10001:10001"
    assert only("VOLUME") == "/data"
    assert "useradd --uid 10001 " in only("RUN")
    assert "--owner bot --group bot /data" in only("RUN")


def test_its_health_is_asked_of_a_module_that_there_is() -> None:
    command = json.loads(only("HEALTHCHECK").partition("CMD ")[2])

    assert command[:2] == ["python", "-m"]
    assert find_spec(command[2]) is not None


def test_what_it_sets_are_settings_that_the_bot_accepts() -> None:
    names = {name.lower() for name in environment()} & set(Settings.model_fields)

    assert names == {"database_url", "http_port"}
    settings = Settings.model_validate(
        {
            "bot_token": f"1:{'a' * 30}",
            "elumenta_api_key": "nb_key",
            **{name: environment()[name.upper()] for name in names},
        }
    )
    assert settings.database_url == "sqlite+aiosqlite:////data/bot.sqlite3"


def test_files_under_way_are_kept_on_the_volume_and_not_in_memory() -> None:
    assert environment()["TMPDIR"] == only("VOLUME")


def test_bytecode_is_made_as_it_is_run_without_what_only_takes_memory() -> None:
    compiling = re.findall(r"RUN (\S+) \S+ -m compileall -q -o (\d) ", JOINED)

    assert compiling == [("PYTHONNODEBUGRANGES=1", environment()["PYTHONOPTIMIZE"])] * 2


@pytest.mark.parametrize("source", COPIED)
def test_what_is_copied_is_there_and_not_ignored(source: str) -> None:
    assert (ROOT / source).exists()
    assert source in UNIGNORED


def test_nothing_is_sent_to_the_builder_that_is_not_copied() -> None:
    assert sorted(UNIGNORED) == sorted(COPIED)


def test_only_the_first_of_the_stages_has_what_is_built() -> None:
    copies = [rest for name, rest in SHIPPED if name == "COPY"]

    assert copies == ["--from=build /opt/bot /opt/bot"]
