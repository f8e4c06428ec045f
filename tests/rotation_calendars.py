"""Calendars of rotations for tests, and a short form of shifts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import PreviewOverride, Shift, ShiftType
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar, shifts

USUAL = OnCallAssumptions()
Row = tuple[str, datetime, datetime]


def at(text: str) -> datetime:
    """Return an instant, as in ``2020-03-08 03:30-05:00``; without an offset it is in UTC."""
    return datetime.fromisoformat(text if text[16:] else f"{text}+00:00")


def calendar(
    recurrence: Recurrence,
    start: str,
    zone: str = "UTC",
    members: Iterable[str] = "ABC",
    overrides: Iterable[PreviewOverride] = (),
) -> RotationCalendar:
    """Return a calendar whose members are single letters."""
    return RotationCalendar(
        members=list(members),
        start_time=at(start),
        time_zone_id=zone,
        recurrence=recurrence,
        overrides=list(overrides),
    )


def override(members: Iterable[str], start: str, end: str) -> PreviewOverride:
    return PreviewOverride(new_members=list(members), start_time=at(start), end_time=at(end))


def row(people: str, start: str, end: str) -> Row:
    """Return a shift in the form of `rows`."""
    return people, at(start), at(end)


def rows(of: Iterable[Shift]) -> list[Row]:
    """Return the people, start and end of each shift; of an override, also who is replaced."""
    return [(_people(shift), shift.start_time, shift.end_time) for shift in of]


def _people(shift: Shift) -> str:
    people = "".join(shift.contact_ids)
    if shift.overridden_contact_ids is None:
        assert shift.type == ShiftType.REGULAR
        return people
    assert shift.type == ShiftType.OVERRIDDEN
    return f"{people} for {''.join(shift.overridden_contact_ids)}"


def between(
    of: RotationCalendar, since: str, until: str, assumptions: OnCallAssumptions = USUAL
) -> list[Row]:
    return rows(shifts(of, at(since), at(until), assumptions))


def chain(people: str, *ends: str) -> list[Row]:
    """Return adjacent shifts of one letter each."""
    return [row(*each) for each in zip(people, ends, ends[1:], strict=False)]
