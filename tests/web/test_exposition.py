import asyncio
from collections.abc import Mapping
from math import isnan

import pytest
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from bot.metrics import Metrics
from bot.model import Vital
from tests.counts import count_everything
from tests.web.house import open_house, well


def sample(text: str, name: str, **labels: str) -> float | None:
    """Give the value that is told of something, if one is."""
    found = [
        one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
        if one.name == f"elumenta_bot_{name}" and one.labels == labels
    ]
    return found[0] if found else None


def families(text: str) -> Mapping[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(text)}


async def test_what_was_counted_is_told() -> None:
    metrics = Metrics()
    metrics.answers.labels(state="answered").inc()
    metrics.answers.labels(state="stopped").inc(2)
    metrics.balance.set(283)

    async with open_house(metrics=metrics) as visitor:
        answer = await visitor.get("/metrics")

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    assert sample(answer.text, "answers_total", state="answered") == 1
    assert sample(answer.text, "answers_total", state="stopped") == 2
    assert sample(answer.text, "balance_tokens") == 283


async def test_times_are_told_by_how_many_were_as_short() -> None:
    metrics = Metrics()
    for seconds in (0.4, 0.5, 0.7, 2_000):
        metrics.first_words.observe(seconds)

    async with open_house(metrics=metrics) as visitor:
        text = (await visitor.get("/metrics")).text

    assert sample(text, "first_words_seconds_bucket", le="0.5") == 2
    assert sample(text, "first_words_seconds_bucket", le="1.0") == 3
    assert sample(text, "first_words_seconds_bucket", le="+Inf") == 4
    assert sample(text, "first_words_seconds_count") == 4
    assert sample(text, "first_words_seconds_sum") == pytest.approx(2_001.6)


async def test_what_can_happen_without_labels_begins_at_zero() -> None:
    async with open_house() as visitor:
        text = (await visitor.get("/metrics")).text

    assert sample(text, "polling_conflicts_total") == 0
    assert sample(text, "whole_answer_seconds_count") == 0
    assert isnan(sample(text, "balance_tokens") or 0)


async def test_when_a_number_began_is_not_told() -> None:
    async with open_house(metrics=count_everything()) as visitor:
        told = families((await visitor.get("/metrics")).text)

    assert [name for name in told if name.endswith("_created")] == []


async def test_the_process_tells_of_itself() -> None:
    async with open_house() as visitor:
        told = families((await visitor.get("/metrics")).text)

    assert "process_resident_memory_bytes" in told
    assert "python_info" in told
    assert "python_gc_collections" in told


async def test_each_part_is_told_to_be_well_or_not() -> None:
    async def ill() -> Vital:
        return Vital(is_well=False)

    async with open_house(vitals={"database": well, "updates": ill}) as visitor:
        text = (await visitor.get("/metrics")).text

    assert sample(text, "check_ok", check="database") == 1
    assert sample(text, "check_ok", check="updates") == 0


async def test_it_is_measured_anew_each_time() -> None:
    metrics = Metrics()
    waiting = iter([5, 0])

    async def measure() -> None:
        metrics.updates_waiting.set(next(waiting))

    async with open_house(metrics=metrics, measure=measure) as visitor:
        texts = [(await visitor.get("/metrics")).text for _ in range(2)]

    assert [sample(text, "updates_waiting") for text in texts] == [5, 0]


async def test_what_cannot_be_measured_holds_nothing_else_up() -> None:
    metrics = Metrics()
    metrics.conflicts.inc()

    async def measure() -> None:
        raise OSError

    with capture_logs() as lines:
        async with open_house(metrics=metrics, measure=measure) as visitor:
            answer = await visitor.get("/metrics")

    assert answer.status == 200
    assert sample(answer.text, "polling_conflicts_total") == 1
    assert [line["event"] for line in lines] == ["gauges.not_measured"]


async def test_what_is_measured_for_too_long_is_not_waited_for() -> None:
    async def measure() -> None:
        await asyncio.Event().wait()

    async with open_house(measure=measure, patience_seconds=0.05) as visitor:
        answer = await visitor.get("/metrics")

    assert answer.status == 200


async def test_newer_servers_get_the_newer_form() -> None:
    accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
    async with open_house() as visitor:
        answer = await visitor.ask("GET", "/metrics", headers=accept)

    assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


async def test_two_programs_in_one_process_count_apart() -> None:
    ours, theirs = Metrics(), Metrics()
    ours.conflicts.inc()

    async with open_house(metrics=ours) as here, open_house(metrics=theirs) as there:
        texts = [(await visitor.get("/metrics")).text for visitor in (here, there)]

    assert [sample(text, "polling_conflicts_total") for text in texts] == [1, 0]
