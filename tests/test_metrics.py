import subprocess
import sys
from math import isnan

from bot.metrics import Metrics
from tests.counts import count_everything, counted

PERSONAL = {"user", "person", "chat", "id", "name", "prompt", "model", "language", "replica"}


def test_each_metrics_counts_for_itself() -> None:
    ours, theirs = Metrics(), Metrics()

    ours.conflicts.inc()

    assert (counted(ours.conflicts), counted(theirs.conflicts)) == ({(): 1}, {(): 0})


def test_everything_has_the_name_of_the_program_and_says_what_it_counts() -> None:
    families = list(Metrics().registry.collect())

    assert all(family.name.startswith("elumenta_bot_") for family in families)
    assert [family.name for family in families if not family.documentation] == []


def test_what_nobody_knows_yet_is_not_told_to_be_zero() -> None:
    gauges = [family for family in Metrics().registry.collect() if family.type == "gauge"]

    known = [one.name for gauge in gauges for one in gauge.samples if not isnan(one.value)]
    assert known == []


def test_no_label_says_anything_about_a_person_or_takes_ever_new_values() -> None:
    families = list(count_everything().registry.collect())

    labels = {label for family in families for one in family.samples for label in one.labels}
    assert [family.name for family in families if not family.samples] == []
    assert labels.isdisjoint(PERSONAL)


def test_a_request_without_an_answer_is_told_apart() -> None:
    metrics = Metrics()

    metrics.hear_exchange("stream", 200, 0.3)
    metrics.hear_exchange("stream", None, 10)

    assert counted(metrics.elumenta_requests) == {("stream", "200"): 1, ("stream", "none"): 1}
    assert counted(metrics.elumenta_seconds) == {("stream",): 2}


def test_what_shows_it_is_not_loaded_before_somebody_wants_it() -> None:
    program = "import sys, bot.app; print(*sys.modules)"

    loaded = subprocess.check_output([sys.executable, "-c", program], text=True).split()  # noqa: S603

    assert "bot.metrics" in loaded
    assert {"aiohttp.web", "bot.web.exposition"}.isdisjoint(loaded)
