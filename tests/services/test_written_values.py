from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PersonaTooLong, PreferenceInvalid
from bot.services.written_values import (
    LONGEST_PERSONA,
    is_off,
    read_max_tokens,
    read_persona,
    read_temperature,
)


@pytest.mark.parametrize(
    ("written", "value"),
    [("0", 0.0), ("0.7", 0.7), (" 0,7 ", 0.7), ("2", 2.0), ("2.0", 2.0), ("1.456", 1.46)],
)
def test_a_temperature_is_read_with_a_point_or_a_comma(written: str, value: float) -> None:
    assert read_temperature(written) == value


@pytest.mark.parametrize("written", ["2.1", "-1", "nan", "inf", "1e0", "hot", "0.7.1", ".5", "1."])
def test_a_temperature_out_of_range_is_refused_with_the_range(written: str) -> None:
    with pytest.raises(PreferenceInvalid) as refused:
        read_temperature(written)

    assert refused.value.arguments == {"name": "temperature", "low": "0.0", "high": "2.0"}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1", 1),
        ("4096", 4096),
        ("4,096", 4096),
        ("4 096", 4096),
        ("4\u00a0096", 4096),
        ("128000", 128_000),
        ("128.000", 128_000),
    ],
)
def test_a_length_is_read_however_its_thousands_are_set_apart(written: str, value: int) -> None:
    assert read_max_tokens(written) == value


@pytest.mark.parametrize("written", ["0", "-5", "128001", "1.5", "1,5", "many", "1e3", "9" * 5000])
def test_a_length_out_of_range_is_refused_with_the_range(written: str) -> None:
    with pytest.raises(PreferenceInvalid) as refused:
        read_max_tokens(written)

    assert refused.value.arguments == {"name": "max_tokens", "low": "1", "high": "128000"}


@given(st.text() | st.from_regex(r"[0-9]{1,7}([.,][0-9]{1,10})?", fullmatch=True))
def test_whatever_is_written_is_within_the_limits_or_refused(written: str) -> None:
    with suppress(PreferenceInvalid):
        assert 0.0 <= read_temperature(written) <= 2.0
    with suppress(PreferenceInvalid):
        assert 1 <= read_max_tokens(written) <= 128_000


def test_a_persona_may_be_as_long_as_is_kept() -> None:
    longest = "ж" * LONGEST_PERSONA

    assert read_persona(f"  {longest}\n") == longest
    with pytest.raises(PersonaTooLong) as refused:
        read_persona(f"{longest}ж")

    assert refused.value.arguments == {"length": LONGEST_PERSONA + 1, "limit": LONGEST_PERSONA}


@pytest.mark.parametrize("written", ["off", " OFF ", "default", "auto", "Авто", "выкл"])
def test_the_default_is_asked_back_in_a_word(written: str) -> None:
    assert is_off(written)


@pytest.mark.parametrize("written", ["", "offer", "off course", "0"])
def test_anything_else_is_a_value(written: str) -> None:
    assert not is_off(written)
