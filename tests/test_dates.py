"""The first and last dates, and additions that stop at the last one."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo, available_timezones

from ssm_contacts_sdk._dates import EARLIEST, LATEST, MAX_INSTANT, MIN_INSTANT, add_time


def test_add_time_returns_the_last_instant_if_there_is_no_later_one() -> None:
    hour = timedelta(hours=1)
    assert add_time(MIN_INSTANT, hour) == MIN_INSTANT + hour
    assert add_time(MAX_INSTANT - hour, hour) == MAX_INSTANT
    assert add_time(MAX_INSTANT, hour) == add_time(LATEST, timedelta.max) == MAX_INSTANT


def test_the_first_instant_is_a_monday_and_the_first_of_a_month() -> None:
    assert (MIN_INSTANT.weekday(), MIN_INSTANT.day) == (0, 1)


def test_a_month_and_any_offset_lead_from_the_limits_to_a_date() -> None:
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        assert (EARLIEST - timedelta(days=31)).astimezone(zone).year >= 1
        assert (LATEST + timedelta(days=29)).astimezone(zone).year == 9999
