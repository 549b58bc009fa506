"""Loads the program faster, and keeps what was loaded out of the garbage collector's way."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (10_000, 10, 1_000)
"""Thresholds of the collector: what lives for a moment only is found, old things are let be."""


@contextmanager
def loading() -> Iterator[None]:
    """Take what is loaded meanwhile for things that last as long as the program.

    By itself the collector searches all of it again and again: a third of the start, and later
    a pause of a tenth of a second now and then in which nobody is answered.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*thresholds)
