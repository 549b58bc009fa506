from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.services.owner_day import OwnerDay


def in_zone(zone: str, moment: str) -> OwnerDay:
    return OwnerDay(ZoneInfo(zone), now=lambda: datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    ("zone", "moment", "today"),
    [
        ("UTC", "2026-11-21T23:59:59+00:00", date(2026, 11, 21)),
        ("Europe/Moscow", "2026-11-21T20:59:59+00:00", date(2026, 11, 21)),
        ("Europe/Moscow", "2026-11-21T21:00:00+00:00", date(2026, 11, 22)),
        ("America/New_York", "2026-11-22T04:59:00+00:00", date(2026, 11, 21)),
    ],
)
def test_a_day_is_that_of_the_owners_zone(zone: str, moment: str, today: date) -> None:
    day = in_zone(zone, moment)

    assert day.today() == today
    assert day.began_at() <= datetime.fromisoformat(moment) < day.ends_at()


def test_a_day_on_which_clocks_go_back_is_an_hour_longer() -> None:
    day = in_zone("Europe/Berlin", "2026-10-25T12:00:00+00:00")

    assert day.ends_at().astimezone(UTC) - day.began_at().astimezone(UTC) == timedelta(hours=25)


def test_a_month_begins_on_its_first_day() -> None:
    assert in_zone("Europe/Moscow", "2026-11-30T22:00:00+00:00").month_began() == date(2026, 12, 1)


def test_a_time_is_told_as_people_there_read_it() -> None:
    day = in_zone("Europe/Moscow", "2026-11-21T10:00:00+00:00")

    assert day.clock_time(datetime(2026, 11, 21, 11, 20, tzinfo=UTC)) == "14:20 MSK"
    assert day.clock_time(day.ends_at()) == "00:00 MSK"
    assert day.clock_time(datetime(2026, 11, 22, 11, 20, tzinfo=UTC)) == "2026-11-22 14:20 MSK"


def test_a_time_beyond_the_calendar_of_the_zone_is_told_as_it_is() -> None:
    day = in_zone("Europe/Moscow", "2026-11-21T10:00:00+00:00")

    assert day.clock_time(datetime(9999, 12, 31, 23, 59, tzinfo=UTC)) == "9999-12-31 23:59 UTC"
