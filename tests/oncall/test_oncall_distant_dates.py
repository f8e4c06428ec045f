"""Overrides that last for centuries, and times far from the start of a calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rotation_calendars import at, between, calendar, override, row

from ssm_contacts_sdk._errors import CalendarTooLongError
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._oncall.schedule import shifts as shifts_module
from ssm_contacts_sdk._oncall.schedule.shifts import on_call_at, shift_at, shifts

START = "2025-01-06 09:00"
FAR = "9000-01-01 00:00"
# A hundred hand-offs a day: those of two days are in one batch.
A_HUNDRED = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, 1400, 14)]


def test_an_override_until_the_year_9000_is_returned_quickly() -> None:
    daily = calendar(Recurrence.daily("09:00"), START, overrides=[override("D", START, FAR)])
    assert between(daily, "2025-01-06 09:00", "2025-01-08 09:00") == [row("D for ABC", START, FAR)]
    assert between(daily, "8999-12-31 00:00", "8999-12-31 00:01") == [row("D for ABC", START, FAR)]
    assert on_call_at(daily, at("2025-03-01 00:00")) == ("D",)
    assert on_call_at(daily, at("8999-12-31 23:59")) == ("D",)


def test_shifts_before_and_overrides_inside_a_long_override_are_returned() -> None:
    daily = calendar(
        Recurrence.daily("09:00"),
        START,
        members="AB",
        overrides=[
            override("D", "2025-01-07 00:00", FAR),
            override("", "2025-01-07 08:00", "2025-01-07 10:00"),
        ],
    )
    assert between(daily, START, "2025-01-08 00:00") == [
        row("A", START, "2025-01-07 00:00"),
        row("D for A", "2025-01-07 00:00", "2025-01-07 08:00"),
        row(" for AB", "2025-01-07 08:00", "2025-01-07 10:00"),
        row("D for BA", "2025-01-07 10:00", FAR),
    ]


def test_on_call_at_does_not_calculate_whom_an_override_replaces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Without the override, the search for covered hours would be too long.
    monkeypatch.setattr(shifts_module, "MOST_HAND_OFFS", 100)
    seldom = calendar(
        Recurrence.daily(*A_HUNDRED, coverage={"MON": [("00:00", "00:01")]}),
        START,
        overrides=[override("D", START, "2025-01-07 09:00")],
    )
    assert on_call_at(seldom, at("2025-01-06 12:00")) == ("D",)
    with pytest.raises(CalendarTooLongError):
        on_call_at(seldom, at("2025-01-07 09:00"))


def test_shifts_until_the_end_of_one_need_no_later_one(monkeypatch: pytest.MonkeyPatch) -> None:
    # The search for the covered hours of the next week would be too long.
    monkeypatch.setattr(shifts_module, "MOST_HAND_OFFS", 100)
    seldom = calendar(Recurrence.daily(*A_HUNDRED, coverage={"MON": [("09:00", "09:01")]}), START)
    first = row("A", START, "2025-01-06 09:01")
    assert between(seldom, START, "2025-01-06 09:01") == [first]
    with pytest.raises(CalendarTooLongError):
        between(seldom, START, "2025-01-06 09:02")


def test_turns_pass_during_an_override() -> None:
    daily = calendar(
        Recurrence.daily("09:00"), START, overrides=[override("D", START, "2525-01-06 09:00")]
    )
    days = (at("2525-01-06 09:00") - at(START)) // timedelta(days=1)
    shift = shift_at(daily, at("2525-01-06 09:00"))
    assert shift is not None
    assert shift.contact_ids == ("ABC"[days % 3],)
    assert on_call_at(daily, at("2525-01-06 09:00")) == shift.contact_ids


def test_the_search_for_replaced_people_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    # B has the nights, which are not covered.
    monkeypatch.setattr(shifts_module, "MOST_HAND_OFFS", 10_000)
    days_and_nights = Recurrence.daily(
        "09:00", "21:00", coverage={day: [("09:00", "17:00")] for day in ("MON", "TUE", "WED")}
    )
    covered = calendar(days_and_nights, START, members="AB", overrides=[override("D", START, FAR)])
    assert on_call_at(covered, at(START)) == ("D",)
    assert between(covered, START, "2025-01-08 09:00") == [row("D for A", START, FAR)]


def test_hand_offs_are_counted_over_thousands_of_years() -> None:
    often = calendar(Recurrence.daily(*A_HUNDRED), "0025-01-06 00:00", members="ABCDEFG")
    for days in (10_000, 730_000, 3_000_000):
        far = at("0025-01-06 00:00") + timedelta(days=days)
        assert on_call_at(often, far) == ("ABCDEFG"[days * 100 % 7],)


def test_a_dense_rotation_continues_after_an_override_of_centuries() -> None:
    far = "2925-01-06 00:00"
    often = calendar(
        Recurrence.daily(*A_HUNDRED),
        "1970-01-01 00:00",
        members="ABCDEFG",
        overrides=[override("X", "1970-01-05 00:00", far)],
    )
    days = (at(far) - at("1970-01-01 00:00")).days
    (before, overridden, after, *_) = shifts(
        often, at("1970-01-04 23:59"), at(far) + timedelta(hours=1)
    )
    assert before.contact_ids == ("ABCDEFG"[399 % 7],)
    assert overridden.end_time == after.start_time == at(far)
    assert after.contact_ids == ("ABCDEFG"[days * 100 % 7],)
