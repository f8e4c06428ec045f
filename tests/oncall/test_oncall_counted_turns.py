"""Turns are counted from the start without calculating each of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from amounts import amount
from rotation_calendars import at, calendar, override
from work import count_calls

from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar, on_call_at, shifts

# A prime number of members, of which no other number here is a multiple.
MEMBERS = "ABCDEFGHIJKLMNOPQRS"
HALF_HOURS = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30)]
# The last one has all changes of the clock: Apia skipped a day in December 2011.
YEARS = amount(quick=1, long=4)
BY_HAND_OFFS = OnCallAssumptions(multiplied="hand_offs", repeated_hour="second")


@pytest.mark.parametrize("assumptions", [OnCallAssumptions(), BY_HAND_OFFS])
@pytest.mark.parametrize("multiplier", [1, 3])
@pytest.mark.parametrize(
    "zone",
    [
        "UTC",
        "Europe/Berlin",
        "Australia/Lord_Howe",  # by half an hour
        "Pacific/Apia",  # skipped a day
        "Africa/Casablanca",  # for a month
        "Antarctica/Troll",  # by two hours
    ],
)
def test_equal_hand_offs_after_a_change_of_the_clock_are_counted_once(
    zone: str, multiplier: int, assumptions: OnCallAssumptions
) -> None:
    dense = calendar(
        Recurrence.daily(*HALF_HOURS, multiplier=multiplier),
        f"{2012 - YEARS}-03-01 00:10",
        zone,
        members=MEMBERS,
    )
    until = at("2012-06-01 00:00")
    walked = list(shifts(dense, dense.start_time, until, assumptions))
    # The members are on call in order: no turn was left out or counted twice.
    people = [shift.contact_ids for shift in walked]
    assert people == [(MEMBERS[turn % 19],) for turn in range(len(walked))]
    for instant in [at(f"{year}-04-01 00:00") for year in range(2013 - YEARS, 2013)]:
        (now,) = (each for each in walked if each.start_time <= instant < each.end_time)
        assert next(shifts(dense, instant, until, assumptions)) == now


@pytest.mark.parametrize("day", range(23, 31))
def test_shifts_are_counted_from_a_start_near_a_midnight_that_the_clock_skips(
    day: int,
) -> None:
    # From 23:00 to 00:00 on 29 March 2025.
    dense = calendar(
        Recurrence.daily(*HALF_HOURS), f"2025-03-{day} 10:10", "America/Scoresbysund", MEMBERS
    )
    until = at("2025-04-20 00:00")
    walked = list(shifts(dense, dense.start_time, until))
    assert [shift.contact_ids for shift in walked] == [
        (MEMBERS[turn % 19],) for turn in range(len(walked))
    ]
    for since in [dense.start_time + timedelta(days=days) for days in range(1, 20)]:
        assert next(shifts(dense, since, until)) == next(
            shift for shift in walked if shift.end_time > since
        )


@pytest.mark.parametrize(
    ("recurrence", "zone"),
    [
        (Recurrence.daily(*HALF_HOURS), "UTC"),
        (Recurrence.daily(*HALF_HOURS), "Europe/Berlin"),
        (Recurrence.daily("09:00", multiplier=3), "Europe/Berlin"),
        (Recurrence.weekly(("MON", "09:00"), ("THU", "02:30")), "America/New_York"),
        (Recurrence.monthly((1, "09:00"), (15, "09:00")), "Europe/Berlin"),
        (Recurrence.daily(*HALF_HOURS, coverage={"MON": [("08:00", "17:00")]}), "Europe/Berlin"),
    ],
)
def test_an_old_rotation_costs_no_more_than_a_recent_one(recurrence: Recurrence, zone: str) -> None:
    now = at("2026-02-10 10:00")

    def calculate(of: RotationCalendar) -> object:
        return list(shifts(of, now, now + timedelta(days=7)))

    long_ago = calendar(recurrence, "1970-01-01 00:00", zone)
    recently = calendar(recurrence, "2026-01-01 00:00", zone)
    for each in (long_ago, recently):
        # The first call fills a cache with the changes of the clock.
        calculate(each)
    recent = count_calls(lambda: calculate(recently))
    # One lookup for each year since 1970, of some 30 calls if the clock was put forward.
    assert count_calls(lambda: calculate(long_ago)) < recent + 57 * 40


def test_on_call_at_costs_the_same_with_any_number_of_past_hand_offs() -> None:
    now = at("2026-02-10 10:00")
    every_minute = [f"{at_ // 60:02}:{at_ % 60:02}" for at_ in range(1440)]
    dense = calendar(Recurrence.daily(*every_minute), "1970-01-01 00:00", members=MEMBERS)
    minutes = (now - dense.start_time) // timedelta(minutes=1)
    assert on_call_at(dense, now) == (MEMBERS[minutes % 19],)
    # A few of the 20,494 days are calculated, with three calls for each hand-off.
    assert count_calls(lambda: on_call_at(dense, now)) < 10 * 1440 * 3


def test_the_shifts_under_a_long_override_are_skipped() -> None:
    dense = calendar(
        Recurrence.daily(*HALF_HOURS),
        "1970-01-01 00:00",
        overrides=[override("X", "1971-01-01 00:00", "2026-02-10 10:00")],
    )
    since = at("2026-02-10 09:00")

    def calculate() -> object:
        return list(shifts(dense, since, since + timedelta(hours=3)))

    # 55 years of 48 hand-offs a day would be a million.
    assert count_calls(calculate) < 100_000
