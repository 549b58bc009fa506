"""When the service is asked how far a job is.

Looks are requests on the account's rate limit, so they are few: the first when the job may be
ready, each later one a constant factor after the one before. Whoever waits long waits a little
longer, and `MOST_LOOKS` are enough for any job that is made within `USUAL`.
"""

import math
from collections.abc import Mapping
from datetime import timedelta

from bot.model import MediaJob, MediaKind
from bot.services.catalogue import catalogued

LIMITS: Mapping[MediaKind, timedelta] = {
    MediaKind.IMAGE: timedelta(minutes=15),
    MediaKind.VIDEO: timedelta(minutes=45),
}
"""How long a job is waited for."""

EXPECTED_SECONDS = 60
"""For a model that the catalogue does not know any more."""

FIRST_LOOK = 0.6
"""Of the expected time."""
MOST_LOOKS = 12
USUAL = timedelta(minutes=3)
"""What the documentation gives as the longest wait (generations/video)."""
LATE_LOOK = 0.15
"""After that: of the time waited so far."""

SHORTEST_WAIT = timedelta(seconds=1)
"""Before the first look at a job."""

SHORTEST = timedelta(seconds=5)
LONGEST = timedelta(minutes=1)


def expected_seconds(job: MediaJob) -> int:
    """Say how long a job usually takes: what the service expects, or the catalogue's word."""
    if job.eta_seconds is not None:
        return job.eta_seconds
    model = catalogued(job.kind, job.model)
    return EXPECTED_SECONDS if model is None else model.typical_seconds


def is_begun_again(job: MediaJob) -> bool:
    """Tell a job that somebody wants looked at once more from one whose first look has come."""
    if job.looks > 0 or job.due_at is None or job.waiting_since is None:
        return False
    return job.due_at - job.waiting_since < SHORTEST_WAIT


def first_look(seconds: float) -> timedelta:
    """Say how long after its start a job is looked at first that takes so many seconds."""
    return max(SHORTEST_WAIT, timedelta(seconds=seconds * FIRST_LOOK))


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
