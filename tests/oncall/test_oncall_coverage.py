"""Covered hours. The expected shifts are written by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rotation_calendars import USUAL, at, between, calendar, chain, row

from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.recurrence_parts import (
    CoverageTime,
    DayName,
    DayOfWeek,
    ShiftCoverage,
)
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar, on_call_at
from ssm_contacts_sdk._schema.values import trusted_constructor
from ssm_contacts_sdk._schema.wire import from_response

EMPTY = OnCallAssumptions(uncovered_time="empty_shift")
SAME_DAY = OnCallAssumptions(coverage_end_before_start="ignored")
WEEKDAYS: list[DayName] = ["MON", "TUE", "WED", "THU", "FRI"]
ALL_DAYS: list[DayName] = [*WEEKDAYS, "SAT", "SUN"]
# 6 January 2025 is a Monday.
MONDAY = "2025-01-06 00:00"


def weekly(
    days: list[DayName], *hours: tuple[str, str], start: str = MONDAY, zone: str = "UTC"
) -> RotationCalendar:
    """Return a calendar with these hours on these days, and a hand-off on Mondays."""
    coverage = {DayOfWeek(day): hours for day in days}
    return calendar(Recurrence.weekly(("MON", "00:00"), coverage=coverage), start, zone)


def on_call(of: RotationCalendar, when: str, assumptions: OnCallAssumptions = USUAL) -> bool:
    return on_call_at(of, at(when), assumptions) != ()


@pytest.mark.parametrize(
    ("when", "covered"),
    [
        ("2025-01-06 07:59", False),
        ("2025-01-06 08:00", True),
        ("2025-01-06 12:00", True),
        ("2025-01-06 19:59", True),
        ("2025-01-06 20:00", False),
        ("2025-01-07 12:00", False),
        ("2025-01-13 12:00", True),
    ],
)
def test_covered_hours_include_their_start_and_exclude_their_end(when: str, covered: bool) -> None:
    assert on_call(weekly(["MON"], ("08:00", "20:00")), when) is covered


@pytest.mark.parametrize(
    ("when", "covered"),
    [
        ("2025-01-06 19:59", False),
        ("2025-01-06 20:00", True),
        ("2025-01-07 07:59", True),
        ("2025-01-07 08:00", False),
        ("2025-01-11 07:00", True),
        ("2025-01-11 20:00", False),
        ("2025-01-12 20:00", False),
        ("2025-01-13 07:00", False),
    ],
)
def test_overnight_hours_end_on_the_next_day(when: str, covered: bool) -> None:
    nightly = weekly(WEEKDAYS, ("20:00", "08:00"))
    assert on_call(nightly, when) is covered
    assert not on_call(nightly, when, SAME_DAY)


def test_hours_that_end_when_they_start_are_a_whole_day() -> None:
    week = weekly(WEEKDAYS, ("09:00", "09:00"))
    (shift,) = between(week, MONDAY, "2025-01-13 00:00")
    assert shift == row("A", "2025-01-06 09:00", "2025-01-11 09:00")
    assert shift[2] - shift[1] == timedelta(hours=120)
    midnights = weekly(["MON", "TUE"], ("00:00", "00:00"))
    assert between(midnights, MONDAY, "2025-01-13 00:00") == [row("A", MONDAY, "2025-01-08 00:00")]


def test_hours_that_end_before_they_start_are_ignored_if_assumed() -> None:
    week = weekly(WEEKDAYS, ("09:00", "09:00"), ("22:00", "06:00"), ("10:00", "11:00"))
    found = between(week, MONDAY, "2025-01-08 00:00", SAME_DAY)
    assert found == [
        row("A", "2025-01-06 10:00", "2025-01-06 11:00"),
        row("A", "2025-01-07 10:00", "2025-01-07 11:00"),
    ]


def test_adjacent_and_overlapping_hours_are_merged() -> None:
    day = weekly(
        ["MON"], ("10:00", "12:00"), ("08:00", "09:00"), ("09:00", "11:00"), ("10:30", "11:30")
    )
    assert between(day, MONDAY, "2025-01-13 00:00") == [
        row("A", "2025-01-06 08:00", "2025-01-06 12:00")
    ]


def test_separate_days_are_separate_shifts() -> None:
    apart = weekly(["MON", "THU"], ("08:00", "20:00"))
    assert between(apart, MONDAY, "2025-01-14 00:00") == [
        row("A", "2025-01-06 08:00", "2025-01-06 20:00"),
        row("A", "2025-01-09 08:00", "2025-01-09 20:00"),
        row("B", "2025-01-13 08:00", "2025-01-13 20:00"),
    ]


def test_without_hours_nothing_is_covered() -> None:
    never = weekly(["MON"])
    assert between(never, MONDAY, "9999-01-01 00:00") == []
    assert between(never, "2025-01-07 00:00", "2025-01-14 00:00", EMPTY) == [
        row("", MONDAY, "2025-01-13 00:00"),
        row("", "2025-01-13 00:00", "2025-01-20 00:00"),
    ]


def test_coverages_without_days_cover_everything_or_nothing_as_assumed() -> None:
    # The service may send an empty map; a recurrence that is built has None instead.
    empty = from_response(
        Recurrence,
        {
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
            "DailySettings": [{"HourOfDay": 0, "MinuteOfHour": 0}],
            "ShiftCoverages": {},
        },
    )
    of = calendar(empty, MONDAY)
    days = chain("AB", MONDAY, "2025-01-07 00:00", "2025-01-08 00:00")
    assert between(of, MONDAY, "2025-01-08 00:00") == days
    never = OnCallAssumptions(empty_coverages="never")
    assert between(of, MONDAY, "2025-01-08 00:00", never) == []


@pytest.mark.parametrize(
    "hours", [[("00:00", "00:00")], [("11:00", "11:00")], [("00:00", "12:00"), ("12:00", "00:00")]]
)
def test_whole_days_all_week_cover_everything(hours: list[tuple[str, str]]) -> None:
    always = weekly(ALL_DAYS, *hours)
    assert between(always, "2025-01-07 00:00", "2025-01-27 00:00") == chain(
        "ABC", MONDAY, "2025-01-13 00:00", "2025-01-20 00:00", "2025-01-27 00:00"
    )


def test_a_hand_off_divides_covered_hours() -> None:
    noon = calendar(
        Recurrence.daily("12:00", coverage={"MON": [("08:00", "17:00")]}), "2025-01-06 09:00"
    )
    assert between(noon, MONDAY, "2025-01-13 13:00") == [
        row("A", "2025-01-06 09:00", "2025-01-06 12:00"),
        row("B", "2025-01-06 12:00", "2025-01-06 17:00"),
        row("B", "2025-01-13 08:00", "2025-01-13 12:00"),
        row("C", "2025-01-13 12:00", "2025-01-13 17:00"),
    ]


def test_a_turn_passes_also_without_coverage() -> None:
    daily = calendar(
        Recurrence.daily("00:00", coverage={"MON": [("08:00", "17:00")]}), MONDAY, members="AB"
    )
    assert between(daily, MONDAY, "2025-01-20 00:00") == [
        row("A", "2025-01-06 08:00", "2025-01-06 17:00"),
        row("B", "2025-01-13 08:00", "2025-01-13 17:00"),
    ]


def test_uncovered_time_is_a_shift_without_people_if_assumed() -> None:
    daily = calendar(
        Recurrence.daily("12:00", coverage={"TUE": [("08:00", "17:00")]}), "2025-01-06 12:00"
    )
    assert between(daily, MONDAY, "2025-01-08 13:00", EMPTY) == [
        row("", "2025-01-06 12:00", "2025-01-07 08:00"),
        row("A", "2025-01-07 08:00", "2025-01-07 12:00"),
        row("B", "2025-01-07 12:00", "2025-01-07 17:00"),
        row("", "2025-01-07 17:00", "2025-01-08 12:00"),
        row("", "2025-01-08 12:00", "2025-01-09 12:00"),
    ]


def test_covered_hours_follow_the_clock_of_the_zone() -> None:
    chicago = calendar(
        Recurrence.daily("00:00", coverage={"SUN": [("01:30", "04:00")]}),
        "2020-03-01 00:00-06:00",
        "America/Chicago",
        members="A",
    )
    assert between(chicago, "2020-03-01 00:00-06:00", "2020-03-15 00:00-05:00") == [
        row("A", "2020-03-01 01:30-06:00", "2020-03-01 04:00-06:00"),
        row("A", "2020-03-08 01:30-06:00", "2020-03-08 04:00-05:00"),
    ]
    november = between(chicago, "2020-11-01 00:00-05:00", "2020-11-02 00:00-06:00")
    assert november == [row("A", "2020-11-01 01:30-05:00", "2020-11-01 04:00-06:00")]
    second = OnCallAssumptions(repeated_hour="second")
    november = between(chicago, "2020-11-01 00:00-05:00", "2020-11-02 00:00-06:00", second)
    assert november == [row("A", "2020-11-01 01:30-06:00", "2020-11-01 04:00-06:00")]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        # 02:30 is moved to 03:30, as a hand-off at that time is.
        (("02:30", "05:00"), ("2020-03-08 03:30-05:00", "2020-03-08 05:00-05:00")),
        (("01:00", "02:30"), ("2020-03-08 01:00-06:00", "2020-03-08 03:30-05:00")),
        (("02:30", "03:15"), None),
        (("02:10", "02:50"), None),
    ],
)
def test_skipped_ends_are_moved_and_skipped_hours_are_not_covered(
    hours: tuple[str, str], expected: tuple[str, str] | None
) -> None:
    chicago = weekly(["SUN"], hours, start="2020-03-02 00:00-06:00", zone="America/Chicago")
    found = between(chicago, "2020-03-08 00:00-06:00", "2020-03-09 00:00-05:00")
    assert found == ([] if expected is None else [row("A", *expected)])


@pytest.mark.parametrize("hours", [("09:00", "17:00"), ("00:00", "00:00")])
def test_the_hours_of_a_skipped_day_are_not_moved_to_the_next(
    hours: tuple[str, str],
) -> None:
    # 30 December 2011, a Friday.
    apia = weekly(["FRI"], hours, start="2011-12-26 00:00-10:00", zone="Pacific/Apia")
    assert between(apia, "2011-12-26 00:00-10:00", "2012-01-06 00:00+14:00") == []


def test_coverage_that_was_read_may_lack_ends_and_have_unknown_days() -> None:
    nine_to_five = CoverageTime("09:00", "17:00")
    half = [
        trusted_constructor(CoverageTime)(start=nine_to_five.start, end=None),
        trusted_constructor(CoverageTime)(start=None, end=nine_to_five.end),
        trusted_constructor(CoverageTime)(start=None, end=None),
    ]
    strange = trusted_constructor(ShiftCoverage)(
        day_of_week=DayOfWeek("NEWDAY"), coverage_times=(nine_to_five,)
    )
    monday = trusted_constructor(ShiftCoverage)(
        day_of_week=DayOfWeek.MON, coverage_times=(*half, nine_to_five)
    )
    again = trusted_constructor(ShiftCoverage)(
        day_of_week=DayOfWeek.MON, coverage_times=(CoverageTime("17:00", "18:00"),)
    )
    recurrence = Recurrence.weekly(("MON", "00:00"))
    read = trusted_constructor(Recurrence)(
        daily_settings=None,
        weekly_settings=recurrence.weekly_settings,
        monthly_settings=None,
        number_of_on_calls=1,
        recurrence_multiplier=1,
        shift_coverages=(strange, monday, again),
    )
    assert between(calendar(read, MONDAY), MONDAY, "2025-01-13 00:00") == [
        row("A", "2025-01-06 09:00", "2025-01-06 18:00")
    ]
