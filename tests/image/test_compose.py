import re
from pathlib import Path

import pytest

from tests.image.container import LIMITS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
SERVICES = dict(
    re.findall(
        r"^  (\w+):.*\n((?:    .*\n|\n)+)",
        COMPOSE.partition("\nservices:\n")[2].partition("\nconfigs:\n")[0],
        re.MULTILINE,
    )
)


def test_without_a_profile_there_is_one_service() -> None:
    always = [name for name, service in SERVICES.items() if "profiles:" not in service]

    assert always == ["bot"]


def test_the_profile_adds_a_replica_of_the_same_bot() -> None:
    assert "  bot: &bot\n" in COMPOSE
    assert SERVICES["second"].split("\n")[:2] == ["    <<: *bot", "    profiles: [replicas]"]


def test_the_proxy_leads_to_both_and_shows_nothing_of_the_inside() -> None:
    assert "reverse_proxy bot:8080 second:8080" in COMPOSE
    assert "@inside path /healthz /readyz /metrics\n        respond @inside 404" in COMPOSE


@pytest.mark.parametrize("line", LIMITS.values())
def test_the_bot_is_held_to_the_limits_that_it_is_tried_with(line: str) -> None:
    assert f"    {line}\n" in SERVICES["bot"]


def test_no_service_reads_secrets_from_this_file() -> None:
    assert re.findall(r"^\s*(?:BOT_TOKEN|ELUMENTA_API_KEY)", COMPOSE, re.MULTILINE) == []
    assert "path: .env" in SERVICES["bot"]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_comes_back_by_itself(name: str) -> None:
    assert "restart: unless-stopped" in SERVICES[name] or "<<: *bot" in SERVICES[name]
