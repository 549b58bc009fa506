from datetime import timedelta
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.elumenta.catalog import CATALOG
from bot.services.looking import LONGEST, SHORTEST, USUAL, back_off, first_look, next_look


def looks(expected_seconds: float, *, until: float, latency: float = 0) -> list[float]:
    """Seconds after the start at which a job is looked at, up to the one that sees its end."""
    late = timedelta(seconds=latency)
    made = [first_look(expected_seconds) + late]
    while made[-1] < timedelta(seconds=until):
        made.append(made[-1] + next_look(made[-1], len(made)) + late)
    return [one.total_seconds() for one in made]


def test_the_first_look_comes_at_three_fifths_of_the_expected_time() -> None:
    assert first_look(60) == timedelta(seconds=36)


@given(
    expected=st.sampled_from(sorted({model.typical_seconds for model in CATALOG})),
    ends=st.floats(min_value=0, max_value=USUAL.total_seconds()),
    latency=st.floats(min_value=0, max_value=2),
)
def test_a_job_that_ends_within_three_minutes_is_looked_at_twelve_times_at_most(
    expected: int, ends: float, latency: float
) -> None:
    assert len(looks(expected, until=ends, latency=latency)) <= 12


@pytest.mark.parametrize("expected", [45, 60, 67, 75, 90])
def test_half_of_the_jobs_of_about_a_minute_are_seen_within_ten_seconds(expected: int) -> None:
    ends = [50 + tenth / 10 for tenth in range(200)]

    delays = [looks(expected, until=end)[-1] - end for end in ends if end >= expected * 0.6]

    assert median(delays) < 10


@given(waited=st.floats(min_value=0, max_value=3600), number=st.integers(1, 500))
def test_pauses_are_neither_too_short_nor_too_long(waited: float, number: int) -> None:
    assert SHORTEST <= next_look(timedelta(seconds=waited), number) <= LONGEST


def test_a_service_that_fails_is_asked_less_and_less_often() -> None:
    pauses = [back_off(failures).total_seconds() for failures in range(6)]

    assert pauses == [5, 10, 20, 40, 60, 60]
    assert back_off(10_000) == LONGEST
