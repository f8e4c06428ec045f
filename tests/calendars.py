"""Calendars for the tests, and shifts as one reads them."""

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
    """An instant, as in ``2020-03-08 03:30-05:00``; in UTC if no offset is told."""
    return datetime.fromisoformat(text if text[16:] else f"{text}+00:00")


def calendar(
    recurrence: Recurrence,
    start: str,
    zone: str = "UTC",
    members: Iterable[str] = "ABC",
    overrides: Iterable[PreviewOverride] = (),
) -> RotationCalendar:
    """A calendar whose members are single letters."""
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
    """A shift as `rows` tells it."""
    return people, at(start), at(end)


def rows(told: Iterable[Shift]) -> list[Row]:
    """Who is on call from when to when; where that is an override, instead of whom."""
    return [(_people(shift), shift.start_time, shift.end_time) for shift in told]


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
    """A shift of one letter each, one after the other."""
    return [row(*each) for each in zip(people, ends, ends[1:], strict=False)]
