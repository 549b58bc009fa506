"""The time, for whoever is not given another clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the time of the machine."""
    return datetime.now(UTC)
