import asyncio
import json
from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from bot.model import Vital
from tests.web.house import open_house, well

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)


async def fetched() -> Vital:
    return Vital(is_well=True, at=NOON)


async def conflicted() -> Vital:
    return Vital(is_well=False, note="another program takes the updates", at=NOON)


async def broken() -> Vital:
    problem = "password=hunter2"
    raise OSError(problem)


async def hanging() -> Vital:
    await asyncio.Event().wait()
    raise AssertionError


async def test_all_is_well_when_each_part_is() -> None:
    async with open_house(vitals={"updates": fetched, "database": well}) as visitor:
        answer = await visitor.get("/healthz")

    assert answer.status == 200
    assert json.loads(answer.text) == {
        "status": "ok",
        "checks": {
            "updates": {"ok": True, "note": "", "at": "2026-03-08T12:00:00+00:00"},
            "database": {"ok": True, "note": "", "at": None},
        },
    }


async def test_one_part_that_fails_is_enough() -> None:
    async with open_house(vitals={"updates": conflicted, "database": well}) as visitor:
        answer = await visitor.get("/healthz")

    told = json.loads(answer.text)
    assert (answer.status, told["status"]) == (503, "failing")
    assert told["checks"]["updates"]["note"] == "another program takes the updates"
    assert told["checks"]["database"]["ok"] is True


async def test_a_check_that_raises_is_failing_and_the_reason_is_for_the_log_alone() -> None:
    with capture_logs() as lines:
        async with open_house(vitals={"database": broken}) as visitor:
            answer = await visitor.get("/healthz")

    assert answer.status == 503
    assert json.loads(answer.text)["checks"]["database"]["note"] == "OSError"
    assert "hunter2" not in answer.text
    assert [(line["event"], line["check"]) for line in lines] == [("check.failed", "database")]


async def test_a_check_that_hangs_is_failing_and_holds_up_no_other() -> None:
    vitals = {"media": hanging, "database": well}
    async with open_house(vitals=vitals, patience_seconds=0.05) as visitor:
        answer = await visitor.get("/healthz")

    told = json.loads(answer.text)["checks"]
    assert answer.status == 503
    assert (told["media"]["ok"], told["database"]["ok"]) == (False, True)
    assert "no answer" in told["media"]["note"]


@pytest.mark.parametrize(("is_ready", "status"), [(True, 200), (False, 503)])
async def test_it_says_whether_it_can_be_given_work(*, is_ready: bool, status: int) -> None:
    async with open_house(vitals={"database": broken}, is_ready=lambda: is_ready) as visitor:
        answer = await visitor.get("/readyz")

    assert answer.status == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_it_only_tells(path: str) -> None:
    async with open_house() as visitor:
        answers = [await visitor.ask(method, path) for method in ("POST", "PUT", "DELETE")]

    assert [answer.status for answer in answers] == [405, 405, 405]


async def test_a_mistake_of_ours_is_for_the_log_alone() -> None:
    def forget() -> bool:
        problem = "password=hunter2"
        raise RuntimeError(problem)

    with capture_logs() as lines:
        async with open_house(is_ready=forget) as visitor:
            answer = await visitor.get("/readyz")

    assert answer.status == 500
    assert "hunter2" not in answer.text
    assert [(line["event"], line["path"]) for line in lines] == [("request.failed", "/readyz")]
