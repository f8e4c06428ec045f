"""Calendars for tests."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from arns import contact_arn, rotation_arn

from ssm_contacts_sdk import OnCallCalendar, Shift, ShiftType
from ssm_contacts_sdk._oncall.calendar import CalendarLane

MONDAY = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)
AKUA, MARY = contact_arn("akuam"), contact_arn("marym")


def shift(first: float, last: float, *people: str, instead: str | None = None) -> Shift:
    return Shift(
        contact_ids=people,
        start_time=MONDAY + first * DAY,
        end_time=MONDAY + last * DAY,
        type=ShiftType.REGULAR if instead is None else ShiftType.OVERRIDDEN,
        overridden_contact_ids=None if instead is None else [instead],
    )


def lane(name: str, *shifts: Shift, zone: str | None = "UTC") -> CalendarLane:
    return CalendarLane(
        rotation_arn=rotation_arn(name), name=name, time_zone_id=zone, shifts=shifts
    )


def calendar(*lanes: CalendarLane, days: float = 7) -> OnCallCalendar:
    return OnCallCalendar(
        name="Web on call",
        since=MONDAY,
        until=MONDAY + days * DAY,
        lanes=lanes,
        names={AKUA: "Akua Mansa", MARY: "Mary Major"},
    )


WEB = lane("web", shift(-1, 2, AKUA), shift(2, 3), shift(4, 9, MARY, instead=AKUA))
NIGHT = lane("night", shift(2.5, 3.5, AKUA))
