"""What is loaded lasts, and is not searched for garbage."""

import gc
from collections.abc import Iterator

import pytest

from bot.loading import loading


class Loaded:
    """Something that a module makes while it is loaded."""


@pytest.fixture(autouse=True)
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_was_loaded_is_never_searched_again() -> None:
    with loading():
        loaded = Loaded()

    assert all(found is not loaded for found in gc.get_objects())


def test_what_comes_later_is_searched_as_ever() -> None:
    thresholds = gc.get_threshold()

    with loading():
        pass
    later = Loaded()

    assert gc.isenabled()
    assert gc.get_threshold() == thresholds
    assert any(found is later for found in gc.get_objects())


def test_a_failure_leaves_the_collector_as_it_was() -> None:
    thresholds = gc.get_threshold()

    with pytest.raises(ImportError), loading():
        raise ImportError

    assert gc.get_threshold() == thresholds
