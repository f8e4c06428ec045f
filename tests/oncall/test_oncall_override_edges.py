"""Overrides that begin and end exactly where something else does."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from attrs import evolve
from override_edges import EDGE_CASES, EdgeCase, on_call_in, overlapping
from rotation_calendars import USUAL, between, calendar, override, row, rows

from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.recurrence_parts import DayOfWeek
from ssm_contacts_sdk._models.rotations import PreviewOverride
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.shifts import on_call_at, shift_at, shifts
from ssm_contacts_sdk._schema.values import trusted_constructor

A_MICROSECOND = timedelta(microseconds=1)
EARLIEST_CREATED = OnCallAssumptions(overlapping_overrides="earliest_created")

on_each_case = pytest.mark.parametrize("case", EDGE_CASES, ids=lambda case: case.name)


@on_each_case
def test_the_shifts_without_an_override_are_as_written(case: EdgeCase) -> None:
    assert rows(shifts(case.overridden_by(), *case.window)) == case.regular


@on_each_case
def test_an_override_replaces_exactly_its_time_wherever_it_begins_and_ends(case: EdgeCase) -> None:
    for span in case.spans:
        found = rows(shifts(case.overridden_by(span), *case.window))
        assert found == case.expected(span)


@on_each_case
@pytest.mark.parametrize("assumptions", [USUAL, EARLIEST_CREATED])
def test_overrides_that_touch_or_have_an_end_in_common_replace_their_time(
    case: EdgeCase, assumptions: OnCallAssumptions
) -> None:
    for pair in case.touching_spans:
        found = rows(shifts(case.overridden_by(*pair), *case.window, assumptions))
        assert found == case.expected(*pair, latest_counts=assumptions is USUAL)


@on_each_case
def test_a_window_on_the_edges_contains_what_overlaps_it(case: EdgeCase) -> None:
    for span, window in product(case.spans_on_edges, repeat=2):
        found = rows(shifts(case.overridden_by(span), *window))
        assert found == overlapping(case.expected(span), *window)


@on_each_case
def test_an_override_begins_at_its_first_instant_and_is_over_at_its_end(case: EdgeCase) -> None:
    for span, edge in product(case.spans_on_edges, case.edges):
        for instant in (edge - A_MICROSECOND, edge):
            expected = on_call_in(case.expected(span), instant)
            assert on_call_at(case.overridden_by(span), instant) == expected
            shift = shift_at(case.overridden_by(span), instant)
            assert (() if shift is None else shift.contact_ids) == expected


@on_each_case
def test_an_override_of_no_time_changes_nothing_wherever_it_is(case: EdgeCase) -> None:
    for edge in case.edges:
        # The constructor rejects it, but it may be read from the service.
        no_time = trusted_constructor(PreviewOverride)(
            new_members=("X",), start_time=edge, end_time=edge
        )
        found = evolve(case.overridden_by(), overrides=[no_time])
        assert rows(shifts(found, *case.window)) == case.regular
        assert on_call_at(found, edge) == on_call_in(case.regular, edge)


@pytest.mark.parametrize(
    ("start", "first"),
    [
        ("2025-01-06 08:00", ("A", "2025-01-06 08:00", "2025-01-06 10:00")),
        ("2025-01-06 10:00", ("A", "2025-01-06 10:00", "2025-01-06 12:00")),
        ("2025-01-06 12:00", ("A", "2025-01-06 14:00", "2025-01-06 18:00")),
        ("2025-01-06 18:00", ("A", "2025-01-07 08:00", "2025-01-07 10:00")),
    ],
)
def test_a_rotation_may_start_where_its_covered_hours_begin_or_end(
    start: str, first: tuple[str, str, str]
) -> None:
    case = EDGE_CASES[0]
    found = shifts(calendar(case.recurrence, start), *case.window)
    assert rows(found)[0] == row(*first)


def test_an_override_after_all_shifts_replaces_nobody_of_the_one_before() -> None:
    covered = Recurrence.daily("00:00", coverage={day: [("08:00", "12:00")] for day in DayOfWeek})
    overrides = [
        override("X", "9999-12-05 00:00", "9999-12-20 00:00"),
        override("Y", "9999-12-20 00:00", "9999-12-21 00:00"),
    ]
    last = calendar(covered, "9999-10-30 00:00", overrides=overrides)
    assert between(last, "9999-12-05 00:00", "9999-12-31 00:00") == [
        # Hand-offs and covered hours are calculated until the first week of December.
        row("X for B", "9999-12-05 00:00", "9999-12-20 00:00"),
        row("Y for ", "9999-12-20 00:00", "9999-12-21 00:00"),
    ]
