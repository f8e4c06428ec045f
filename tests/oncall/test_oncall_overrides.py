"""Overrides of shifts of a day. The expected shifts are written by hand."""

from __future__ import annotations

import pytest
from rotation_calendars import Row, at, between, calendar, chain, override, row

from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import PreviewOverride
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar, on_call_at, shifts
from ssm_contacts_sdk._schema.values import trusted_constructor

DAILY = Recurrence.daily("00:00")
# A Monday. From then on A, B and C are on call in turn.
START = "2025-01-06 00:00"
EARLIEST = OnCallAssumptions(overlapping_overrides="earliest_created")


def daily(*overrides: PreviewOverride) -> RotationCalendar:
    return calendar(DAILY, START, overrides=overrides)


def overridden(
    *overrides: PreviewOverride, since: str = START, until: str = "2025-01-09 00:00"
) -> list[Row]:
    return between(daily(*overrides), since, until)


BEFORE = row("A", START, "2025-01-07 00:00")
AFTER = row("C", "2025-01-08 00:00", "2025-01-09 00:00")


def test_an_override_within_a_shift_splits_it() -> None:
    assert overridden(override("X", "2025-01-07 08:00", "2025-01-07 12:00")) == [
        BEFORE,
        row("B", "2025-01-07 00:00", "2025-01-07 08:00"),
        row("X for B", "2025-01-07 08:00", "2025-01-07 12:00"),
        row("B", "2025-01-07 12:00", "2025-01-08 00:00"),
        AFTER,
    ]


def test_an_override_of_a_whole_shift_replaces_it() -> None:
    assert overridden(override("X", "2025-01-07 00:00", "2025-01-08 00:00")) == [
        BEFORE,
        row("X for B", "2025-01-07 00:00", "2025-01-08 00:00"),
        AFTER,
    ]


def test_an_override_at_the_start_or_the_end_of_a_shift_leaves_the_rest() -> None:
    assert overridden(override("X", "2025-01-07 00:00", "2025-01-07 12:00")) == [
        BEFORE,
        row("X for B", "2025-01-07 00:00", "2025-01-07 12:00"),
        row("B", "2025-01-07 12:00", "2025-01-08 00:00"),
        AFTER,
    ]
    assert overridden(override("X", "2025-01-07 12:00", "2025-01-08 00:00")) == [
        BEFORE,
        row("B", "2025-01-07 00:00", "2025-01-07 12:00"),
        row("X for B", "2025-01-07 12:00", "2025-01-08 00:00"),
        AFTER,
    ]


def test_an_override_across_shifts_is_one_shift_that_replaces_each_person_once() -> None:
    across = override("X", "2025-01-06 12:00", "2025-01-10 12:00")
    assert overridden(across, until="2025-01-11 00:00") == [
        row("A", START, "2025-01-06 12:00"),
        row("X for ABC", "2025-01-06 12:00", "2025-01-10 12:00"),
        row("B", "2025-01-10 12:00", "2025-01-11 00:00"),
    ]


def test_an_override_before_the_window_changes_nothing_in_it() -> None:
    other = overridden(override("X", START, "2025-01-07 00:00"), since="2025-01-07 00:00")
    assert other == overridden(since="2025-01-07 00:00")


def test_an_override_outside_the_window_cuts_a_shift_in_it() -> None:
    cut = [row("B", "2025-01-07 12:00", "2025-01-07 18:00")]
    earlier = override("X", "2025-01-07 11:00", "2025-01-07 12:00")
    later = override("Y", "2025-01-07 18:00", "2025-01-07 19:00")
    assert overridden(earlier, later, since="2025-01-07 13:00", until="2025-01-07 14:00") == cut


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2025-01-08 01:00", "2025-01-08 02:00"),
        ("2025-01-06 12:00", "2025-01-06 12:01"),
        ("2025-01-10 11:59", "2025-01-10 12:00"),
    ],
)
def test_a_window_inside_an_override_contains_it_whole_with_all_replaced_people(
    since: str, until: str
) -> None:
    across = override("X", "2025-01-06 12:00", "2025-01-10 12:00")
    whole = [row("X for ABC", "2025-01-06 12:00", "2025-01-10 12:00")]
    assert overridden(across, since=since, until=until) == whole


def test_a_window_that_ends_where_an_override_begins_excludes_it() -> None:
    later = override("X", "2025-01-07 12:00", "2025-01-08 00:00")
    assert overridden(later, since="2025-01-07 00:00", until="2025-01-07 12:00") == [
        row("B", "2025-01-07 00:00", "2025-01-07 12:00")
    ]


EARLY = override("X", "2025-01-07 06:00", "2025-01-07 18:00")
LATE = override("Y", "2025-01-07 12:00", "2025-01-08 12:00")


def test_of_overlapping_overrides_the_latest_counts() -> None:
    assert overridden(EARLY, LATE) == [
        BEFORE,
        row("B", "2025-01-07 00:00", "2025-01-07 06:00"),
        row("X for B", "2025-01-07 06:00", "2025-01-07 12:00"),
        row("Y for BC", "2025-01-07 12:00", "2025-01-08 12:00"),
        row("C", "2025-01-08 12:00", "2025-01-09 00:00"),
    ]


def test_of_overlapping_overrides_the_earliest_counts_if_assumed() -> None:
    assert between(daily(EARLY, LATE), START, "2025-01-09 00:00", EARLIEST) == [
        BEFORE,
        row("B", "2025-01-07 00:00", "2025-01-07 06:00"),
        row("X for B", "2025-01-07 06:00", "2025-01-07 18:00"),
        row("Y for BC", "2025-01-07 18:00", "2025-01-08 12:00"),
        row("C", "2025-01-08 12:00", "2025-01-09 00:00"),
    ]
    assert overridden(LATE, EARLY) == between(
        daily(EARLY, LATE), START, "2025-01-09 00:00", EARLIEST
    )


def test_an_override_inside_another_leaves_two_segments_of_it() -> None:
    outer = override("X", "2025-01-06 12:00", "2025-01-08 12:00")
    inner = override("Y", "2025-01-07 06:00", "2025-01-07 12:00")
    segments = [
        row("X for AB", "2025-01-06 12:00", "2025-01-07 06:00"),
        row("Y for B", "2025-01-07 06:00", "2025-01-07 12:00"),
        row("X for BC", "2025-01-07 12:00", "2025-01-08 12:00"),
    ]
    assert overridden(outer, inner)[1:-1] == segments
    whole = [row("X for ABC", "2025-01-06 12:00", "2025-01-08 12:00")]
    assert overridden(inner, outer)[1:-1] == whole


def test_adjacent_overrides_are_not_merged() -> None:
    first = override("X", "2025-01-07 00:00", "2025-01-07 12:00")
    second = override("X", "2025-01-07 12:00", "2025-01-08 00:00")
    assert overridden(first, second)[1:-1] == [
        row("X for B", "2025-01-07 00:00", "2025-01-07 12:00"),
        row("X for B", "2025-01-07 12:00", "2025-01-08 00:00"),
    ]


def test_of_overrides_of_the_same_time_only_the_latest_is_returned() -> None:
    first = override("X", "2025-01-07 00:00", "2025-01-08 00:00")
    second = override("Y", "2025-01-07 00:00", "2025-01-08 00:00")
    assert overridden(first, second) == [
        BEFORE,
        row("Y for B", "2025-01-07 00:00", "2025-01-08 00:00"),
        AFTER,
    ]


def test_an_override_replaces_nobody_where_nobody_is_on_call() -> None:
    covered = calendar(
        Recurrence.daily("00:00", coverage={"MON": [("08:00", "12:00")]}),
        START,
        overrides=[
            override("X", "2025-01-01 00:00", "2025-01-02 00:00"),
            override("Y", "2025-01-06 10:00", "2025-01-06 14:00"),
            override("Z", "2025-01-07 08:00", "2025-01-07 12:00"),
        ],
    )
    assert between(covered, "2025-01-01 00:00", "2025-01-13 00:00") == [
        row("X for ", "2025-01-01 00:00", "2025-01-02 00:00"),
        row("A", "2025-01-06 08:00", "2025-01-06 10:00"),
        row("Y for A", "2025-01-06 10:00", "2025-01-06 14:00"),
        row("Z for ", "2025-01-07 08:00", "2025-01-07 12:00"),
    ]


def test_an_override_from_before_the_start_is_returned_whole() -> None:
    early = override("X", "2025-01-05 00:00", "2025-01-06 12:00")
    assert overridden(early, until="2025-01-07 00:00") == [
        row("X for A", "2025-01-05 00:00", "2025-01-06 12:00"),
        row("A", "2025-01-06 12:00", "2025-01-07 00:00"),
    ]


def test_overrides_are_returned_where_there_are_no_shifts() -> None:
    never = calendar(
        Recurrence.daily("00:00", coverage={"MON": []}),
        START,
        overrides=[
            override("X", "2025-01-06 10:00", "2025-01-06 14:00"),
            override("Y", "2025-01-07 10:00", "2025-01-07 14:00"),
        ],
    )
    assert between(never, START, "2025-01-07 00:00") == [
        row("X for ", "2025-01-06 10:00", "2025-01-06 14:00")
    ]
    assert on_call_at(never, at("2025-01-07 13:59")) == ("Y",)
    assert on_call_at(never, at("2025-01-07 14:00")) == ()


def test_an_override_replaces_nobody_in_a_shift_without_people() -> None:
    covered = calendar(
        Recurrence.daily("00:00", coverage={"MON": [("08:00", "12:00")]}),
        START,
        overrides=[override("X", "2025-01-06 10:00", "2025-01-06 14:00")],
    )
    empty = OnCallAssumptions(uncovered_time="empty_shift")
    assert between(covered, START, "2025-01-07 00:00", empty) == [
        row("", START, "2025-01-06 08:00"),
        row("A", "2025-01-06 08:00", "2025-01-06 10:00"),
        row("X for A", "2025-01-06 10:00", "2025-01-06 14:00"),
        row("", "2025-01-06 14:00", "2025-01-07 00:00"),
    ]


def test_an_override_without_people_means_that_nobody_is_on_call() -> None:
    nobody = override("", "2025-01-07 08:00", "2025-01-07 12:00")
    assert overridden(nobody)[1:-1] == [
        row("B", "2025-01-07 00:00", "2025-01-07 08:00"),
        row(" for B", "2025-01-07 08:00", "2025-01-07 12:00"),
        row("B", "2025-01-07 12:00", "2025-01-08 00:00"),
    ]
    assert on_call_at(daily(nobody), at("2025-01-07 10:00")) == ()


def test_deleting_an_override_restores_the_shifts() -> None:
    assert overridden() == [BEFORE, *chain("B", "2025-01-07 00:00", "2025-01-08 00:00"), AFTER]
    assert overridden(EARLY, LATE) != overridden(EARLY) != overridden()


def test_several_people_may_replace_several() -> None:
    pairs = calendar(
        Recurrence.daily("00:00", on_call=2),
        START,
        overrides=[override("XYX", "2025-01-06 12:00", "2025-01-07 12:00")],
    )
    assert between(pairs, "2025-01-06 12:00", "2025-01-06 13:00") == [
        row("XY for ABC", "2025-01-06 12:00", "2025-01-07 12:00")
    ]


def test_an_override_that_ends_before_it_starts_is_ignored() -> None:
    no_time = trusted_constructor(PreviewOverride)(
        new_members=("X",), start_time=at("2025-01-07 12:00"), end_time=at("2025-01-07 12:00")
    )
    backwards = trusted_constructor(PreviewOverride)(
        new_members=("X",), start_time=at("2025-01-08 12:00"), end_time=at("2025-01-07 12:00")
    )
    assert overridden(no_time, backwards) == overridden()


def test_an_override_may_last_until_the_last_instant() -> None:
    until_the_end = override("X", "2025-01-07 00:00", "9999-12-31 23:59")
    overridden = calendar(Recurrence.monthly((1, "00:00")), START, overrides=[until_the_end])
    (shift,) = shifts(overridden, at("2025-02-01 00:00"), at("9999-12-31 23:59"))
    assert shift.contact_ids == ("X",)
    assert shift.overridden_contact_ids == ("A", "B", "C")
