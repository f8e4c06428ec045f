"""Windows, instants, the first and last dates, and invalid arguments."""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta, timezone
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from arns import contact_arn
from attrs import evolve
from rotation_calendars import at, between, calendar, chain, override, row

from ssm_contacts_sdk._errors import CalendarTooLongError, ContactsError, InvalidValueError
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import Shift, ShiftType
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule import shifts as shifts_module
from ssm_contacts_sdk._oncall.schedule.shifts import (
    MOST_HAND_OFFS,
    RotationCalendar,
    on_call_at,
    shift_at,
    shifts,
)
from ssm_contacts_sdk._schema.values import violations_of

A_MICROSECOND = timedelta(microseconds=1)
A_DAY = timedelta(days=1)
MIN = datetime.min.replace(tzinfo=timezone.utc)
MAX = datetime.max.replace(tzinfo=timezone.utc)
START = at("2025-01-06 09:00")
DAILY = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00")
EVERY_MINUTE = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]


# Instants -----------------------------------------------------------------------------------------


def test_a_hand_off_belongs_to_the_new_shift() -> None:
    hand_off = START + A_DAY
    assert on_call_at(DAILY, hand_off) == ("B",)
    assert on_call_at(DAILY, hand_off - A_MICROSECOND) == ("A",)


def test_before_the_start_nobody_is_on_call() -> None:
    assert on_call_at(DAILY, START) == ("A",)
    assert on_call_at(DAILY, START - A_MICROSECOND) == ()
    assert on_call_at(DAILY, MIN) == ()


def test_the_shift_at_an_instant_is_returned_whole() -> None:
    assert shift_at(DAILY, START + 36 * timedelta(hours=1)) == Shift(
        contact_ids=["B"],
        start_time=START + A_DAY,
        end_time=START + 2 * A_DAY,
        type=ShiftType.REGULAR,
    )
    assert shift_at(DAILY, START - A_DAY) is None


def test_an_instant_may_be_in_any_time_zone() -> None:
    # The repeated hour of New York: the two times are different instants.
    new_york = ZoneInfo("America/New_York")
    hourly = calendar(Recurrence.daily(*EVERY_MINUTE[::60]), "2025-11-02 05:00", members="ABCD")
    found = [
        on_call_at(hourly, datetime(2025, 11, 2, 1, 30, tzinfo=new_york, fold=fold))
        for fold in (0, 1)
    ]
    assert found == [("A",), ("B",)]


# Windows ------------------------------------------------------------------------------------------


def test_a_shift_that_overlaps_the_window_is_returned_whole() -> None:
    assert between(DAILY, "2025-01-07 08:59", "2025-01-07 09:01") == chain(
        "AB", "2025-01-06 09:00", "2025-01-07 09:00", "2025-01-08 09:00"
    )


def test_a_window_excludes_what_ends_at_its_start_or_starts_at_its_end() -> None:
    assert between(DAILY, "2025-01-07 09:00", "2025-01-08 09:00") == [
        row("B", "2025-01-07 09:00", "2025-01-08 09:00")
    ]


@pytest.mark.parametrize("until", ["2025-01-08 00:00", "2025-01-07 23:59", "2024-01-01 00:00"])
def test_a_window_that_does_not_end_after_it_starts_is_empty(until: str) -> None:
    assert between(DAILY, "2025-01-08 00:00", until) == []


def test_all_instants_are_in_utc() -> None:
    chicago = RotationCalendar(
        members=["A"],
        start_time=datetime(2025, 1, 6, 9, 0, tzinfo=ZoneInfo("America/Chicago")),
        time_zone_id="America/Chicago",
        recurrence=Recurrence.daily("12:00"),
        overrides=[override("X", "2025-01-07 00:00-06:00", "2025-01-08 00:00-06:00")],
    )
    found = list(shifts(chicago, at("2025-01-06 00:00-06:00"), at("2025-01-09 00:00-06:00")))
    ends = [end for shift in found for end in (shift.start_time, shift.end_time)]
    assert {end.tzinfo for end in ends} == {timezone.utc}


def test_calculated_shifts_equal_built_ones() -> None:
    arn = contact_arn("akuam")
    real = RotationCalendar(
        members=[arn],
        start_time=START,
        time_zone_id="UTC",
        recurrence=Recurrence.daily("09:00"),
        overrides=[override([arn], "2025-01-07 12:00", "2025-01-07 13:00")],
    )
    for shift in shifts(real, START, START + 3 * A_DAY):
        assert violations_of(shift) == ()
        assert pickle.loads(pickle.dumps(shift)) == shift  # noqa: S301 - our own


# The ends of time ---------------------------------------------------------------------------------

RECURRENCES = [
    Recurrence.daily("09:00"),
    Recurrence.daily("00:00", "23:59", multiplier=100),
    Recurrence.weekly(("SUN", "23:59"), multiplier=100),
    Recurrence.monthly((31, "23:59"), multiplier=100),
    Recurrence.daily("09:00", coverage={"SUN": [("00:00", "00:00")], "MON": [("23:00", "22:00")]}),
]
OPTIONS = [
    OnCallAssumptions(),
    OnCallAssumptions(
        multiplied="hand_offs",
        first_turn="start",
        short_months="skip",
        repeated_hour="second",
        uncovered_time="empty_shift",
    ),
]


@pytest.mark.parametrize("assumptions", OPTIONS)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Adak", "Europe/Dublin"])
@pytest.mark.parametrize("recurrence", RECURRENCES)
@pytest.mark.parametrize("start", [MIN, MIN + 40 * A_DAY, MAX - 40 * A_DAY, MAX - A_DAY, MAX])
def test_a_calendar_may_start_at_the_first_or_last_instant(
    assumptions: OnCallAssumptions, zone: str, recurrence: Recurrence, start: datetime
) -> None:
    edge = RotationCalendar(
        members=["A"], start_time=start, time_zone_id=zone, recurrence=recurrence
    )
    last = MIN + 90 * A_DAY if start < START else MAX
    found = list(shifts(edge, MIN, last, assumptions))
    assert all(shift.start_time < shift.end_time for shift in found)
    # In the last month there is no coverage.
    assert found or start > MAX - 30 * A_DAY
    assert on_call_at(edge, MIN, assumptions) in {("A",), ()}
    assert on_call_at(edge, start, assumptions) in {("A",), ()}


def test_the_last_shift_ends_at_the_last_instant() -> None:
    monthly = calendar(Recurrence.monthly((1, "00:00")), "9999-10-01 00:00")
    (*_, last) = shifts(monthly, at("9999-10-01 00:00"), MAX)
    assert last.end_time == MAX
    assert on_call_at(monthly, MAX - A_MICROSECOND) == last.contact_ids
    assert on_call_at(monthly, MAX) == ()


def test_shifts_are_calculated_one_by_one() -> None:
    assert next(shifts(DAILY, MIN, MAX)).start_time == START


@pytest.mark.parametrize("minutes", [0, 1, MOST_HAND_OFFS, 3_000_000_000])
def test_turns_are_counted_from_a_start_long_ago(minutes: int) -> None:
    every_minute = calendar(Recurrence.daily(*EVERY_MINUTE), "2025-01-06 09:00", members="ABCDEFG")
    far = START + timedelta(minutes=minutes)
    assert on_call_at(every_minute, far) == ("ABCDEFG"[minutes % 7],)
    thinned = evolve(every_minute, recurrence=Recurrence.daily(*EVERY_MINUTE, multiplier=100))
    by_hand_offs = OnCallAssumptions(multiplied="hand_offs")
    assert on_call_at(thinned, far, by_hand_offs) == ("ABCDEFG"[minutes // 100 % 7],)


def test_a_window_with_too_many_hand_offs_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shifts_module, "MOST_HAND_OFFS", 10_000)
    every_minute = calendar(Recurrence.daily(*EVERY_MINUTE), "1970-01-01 00:00")
    found = shifts(every_minute, START, START + 30 * A_DAY)
    assert len(list(islice(found, 6_000))) == 6_000
    with pytest.raises(CalendarTooLongError) as caught:
        list(found)
    assert caught.value.most == 10_000


def test_calendar_too_long_error_is_a_contacts_error_and_a_value_error() -> None:
    error = CalendarTooLongError(1_000_000)
    assert isinstance(error, ContactsError)
    assert isinstance(error, ValueError)
    assert "more than 1,000,000 hand-offs" in str(error)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own


# Invalid arguments --------------------------------------------------------------------------------


def test_a_naive_instant_is_rejected_before_the_calculation() -> None:
    naive = datetime(2025, 1, 6, 9, 0)  # noqa: DTZ001 - that is the point
    with pytest.raises(InvalidValueError) as caught:
        shifts(DAILY, naive, naive)
    assert [violation.path for violation in caught.value.violations] == ["since", "until"]
    with pytest.raises(InvalidValueError, match="on_call_at: at must have a time zone"):
        on_call_at(DAILY, naive)


@pytest.mark.parametrize(
    ("part", "path"),
    [
        ({"start_time": datetime(2025, 1, 6)}, "start_time"),  # noqa: DTZ001 - as above
        ({"time_zone_id": "Mars/Olympus"}, "time_zone_id"),
        ({"time_zone_id": "../etc/passwd"}, "time_zone_id"),
        ({"time_zone_id": ""}, "time_zone_id"),
        ({"time_zone_id": "America"}, "time_zone_id"),
        ({"time_zone_id": None}, "time_zone_id"),
        ({"members": "Akua"}, "members"),
        ({"members": None}, "members"),
        ({"recurrence": None}, "recurrence"),
        ({"overrides": None}, "overrides"),
    ],
)
def test_a_calendar_rejects_invalid_parts(part: dict[str, Any], path: str) -> None:
    parts: dict[str, Any] = {
        "members": ["A"],
        "start_time": START,
        "time_zone_id": "UTC",
        "recurrence": Recurrence.daily("09:00"),
    }
    assert RotationCalendar(**parts).overrides == ()
    with pytest.raises(InvalidValueError) as caught:
        RotationCalendar(**(parts | part))
    assert [violation.path for violation in caught.value.violations] == [path]
