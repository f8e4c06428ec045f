from __future__ import annotations

import re

from arns import contact_arn
from attrs import evolve
from oncall.calendar_values import (
    AKUA,
    DAY,
    MARY,
    MONDAY,
    NIGHT,
    WEB,
    calendar,
    lane,
    shift,
)

from ssm_contacts_sdk._oncall.calendar import OnCallCalendar
from ssm_contacts_sdk._oncall.gaps import Gap


def gap(first: float, last: float) -> Gap:
    return Gap(start_time=MONDAY + first * DAY, end_time=MONDAY + last * DAY)


def test_gaps_are_times_without_anybody_in_all_rotations() -> None:
    both = calendar(WEB, NIGHT)
    assert both.gaps == (gap(2, 2.5), gap(3.5, 4))
    assert both.gaps_in(WEB) == (gap(2, 4),)
    assert both.gaps_in(NIGHT) == (gap(0, 2.5), gap(3.5, 7))
    assert both.gaps[0].duration == DAY / 2


def test_a_calendar_needs_only_a_name_an_interval_and_lanes() -> None:
    least = OnCallCalendar(name="web", since=MONDAY, until=MONDAY + DAY, lanes=())
    assert (least.names, least.now, least.arn) == ({}, None, None)


def test_without_a_rotation_the_whole_time_is_a_gap() -> None:
    assert calendar().gaps == (gap(0, 7),)
    assert "Nobody at all is on call once" in str(calendar())
    # The chart shows it in a lane of its own.
    assert re.search(r"^Nobody at all +!nobody!{50}", str(calendar()), re.MULTILINE)


def test_overlapping_shifts_have_no_gap_between_them() -> None:
    assert calendar(lane("web", shift(0, 5, AKUA), shift(1, 2, MARY), shift(5, 7, AKUA))).gaps == ()


def test_the_last_gap_ends_with_the_calendar() -> None:
    beyond = lane("web", shift(0, 5, AKUA), shift(9, 10, MARY), shift(11, 12, AKUA))
    assert calendar(beyond).gaps == (gap(5, 7),)


def test_a_shift_that_ends_before_it_starts_makes_no_gap() -> None:
    one = calendar(lane("web", shift(0, 4, AKUA), shift(5, 3, MARY), shift(4, 7, AKUA)))
    assert one.gaps == ()
    late = calendar(lane("web", shift(5, 3, MARY)))
    assert late.gaps == (gap(0, 7),)


def test_overrides_are_the_overridden_shifts() -> None:
    assert WEB.overrides == (WEB.shifts[2],)
    assert NIGHT.overrides == ()


def test_name_of_returns_the_name_or_else_the_alias() -> None:
    one = calendar(WEB)
    assert one.contact_ids == (AKUA, MARY)
    assert one.name_of(AKUA) == "Akua Mansa"
    assert one.name_of(contact_arn("gone")) == "gone"
    assert evolve(one, names={AKUA: " "}).name_of(AKUA) == "akuam"
