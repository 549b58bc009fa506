"""The time by which replicas live and die."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal

from bot.clock import utc_now
from bot.storage.columns import UtcDateTime
from bot.storage.engine import Database


class SharedClock:
    """Tells one time to all who share a database: its own, since those of machines differ."""

    def __init__(self, database: Database, now: Callable[[], datetime] | None = None) -> None:
        self._now = now if database.is_shared else now or utc_now

    def now(self) -> ColumnElement[datetime]:
        """Build what the database takes for the time."""
        if self._now is None:
            return func.clock_timestamp(type_=UtcDateTime())
        return literal(self._now(), UtcDateTime)

    def after(self, span: timedelta) -> ColumnElement[datetime]:
        """Build the moment that is *span* away."""
        if self._now is None:
            return func.clock_timestamp() + literal(span)
        return literal(self._now() + span, UtcDateTime)
