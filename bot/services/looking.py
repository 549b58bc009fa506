"""When the service is asked how far a job is.

Looks are requests on the account's rate limit, so they are few: the first when the job may be
ready, each later one a constant factor after the one before. Whoever waits long waits a little
longer, and `MOST_LOOKS` are enough for any job that is made within `USUAL`.
"""

import math
from collections.abc import Mapping
from datetime import timedelta

from bot.model import MediaKind

LIMITS: Mapping[MediaKind, timedelta] = {
    MediaKind.IMAGE: timedelta(minutes=15),
    MediaKind.VIDEO: timedelta(minutes=45),
}
"""How long a job is waited for."""

FIRST_LOOK = 0.6
"""Of the expected time."""
MOST_LOOKS = 12
USUAL = timedelta(minutes=3)
"""What the documentation gives as the longest wait (generations/video)."""
LATE_LOOK = 0.15
"""After that: of the time waited so far."""

SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(minutes=1)


def first_look(expected_seconds: float) -> timedelta:
    """Say how long after its start a job is looked at first."""
    return timedelta(seconds=max(1.0, expected_seconds * FIRST_LOOK))


def next_look(waited: timedelta, looks: int) -> timedelta:
    """Say how long to wait after the look that was number *looks*, made after *waited*."""
    if waited >= USUAL or looks >= MOST_LOOKS:
        growth = LATE_LOOK
    else:
        growth = math.pow(USUAL / max(waited, SHORTEST), 1 / (MOST_LOOKS - looks)) - 1
    return _bounded(waited * growth)


def back_off(failures: int) -> timedelta:
    """Say how long to wait after so many failures in a row."""
    return _bounded(SHORTEST * 2 ** min(failures, 10))


def _bounded(pause: timedelta) -> timedelta:
    return min(max(pause, SHORTEST), LONGEST)
