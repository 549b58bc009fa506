"""The owner's calendar: a day of limits begins and ends at midnight where the owner lives."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clock import utc_now


class OwnerDay:
    """Tells the owner's date and time; every moment is aware of its zone."""

    def __init__(self, zone: ZoneInfo, *, now: Callable[[], datetime] = utc_now) -> None:
        self._zone = zone
        self._now = now

    def today(self) -> date:
        return self._here(self._now()).date()

    def month_began(self) -> date:
        return self.today().replace(day=1)

    def began_at(self) -> datetime:
        """Tell when this day began, which may be no hour named 0:00 where clocks are changed."""
        return self._midnight(self.today())

    def ends_at(self) -> datetime:
        """Tell when the next day begins."""
        return self._midnight(self.today() + timedelta(days=1))

    def clock_time(self, moment: datetime) -> str:
        """Write a moment to come, such as `14:20 MSK`; one that is a day away gets its date."""
        here = self._here(moment)
        if moment - self._now() < timedelta(days=1):
            return f"{here:%H:%M %Z}"
        return f"{here:%Y-%m-%d %H:%M %Z}"

    def _here(self, moment: datetime) -> datetime:
        try:
            return moment.astimezone(self._zone)
        except OverflowError:  # the last day of the calendar stands for "never"
            return moment

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=self._zone)
