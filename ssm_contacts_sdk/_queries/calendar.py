"""Reads the on-call calendar of a rotation or of an on-call schedule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._oncall.calendar import CalendarLane, OnCallCalendar
from ssm_contacts_sdk._queries.account_reader import AccountReader
from ssm_contacts_sdk._queries.arguments import is_contact


def read_calendar(
    reader: AccountReader, arn: str, since: datetime, until: datetime, now: datetime
) -> OnCallCalendar:
    """Return the calendar of a rotation or of an on-call schedule.

    Raises:
        InvalidValueError: `arn` is another contact's.
        ResourceNotFoundError: there is no such contact or rotation.
    """
    name, rotation_arns = _named_rotations(reader, arn)
    lanes = tuple(_lane(reader, each, since, until) for each in rotation_arns)
    contact_arns = dict.fromkeys(arn for lane in lanes for arn in _people_of(lane))
    contacts = {arn: reader.contact(arn) for arn in contact_arns}
    return OnCallCalendar(
        name=name,
        since=since,
        until=until,
        lanes=lanes,
        names={
            arn: contact.display_name or contact.alias
            for arn, contact in contacts.items()
            if contact is not None
        },
        now=now,
        arn=arn,
    )


def _named_rotations(reader: AccountReader, arn: str) -> tuple[str, list[str]]:
    """Return the name of a rotation or schedule, and the ARNs of its rotations."""
    if not is_contact(arn):
        # For a rotation that does not exist, the second request raises the service's error.
        rotation = reader.rotation(arn) or reader.rotations.get(arn)
        return rotation.name, [arn]
    contact = reader.contacts.get(arn)
    if contact.type != ContactType.ONCALL_SCHEDULE:
        got = "an escalation plan" if contact.type == ContactType.ESCALATION else "a person"
        rule = f"must be a rotation or an on-call schedule (got {got})"
        raise InvalidValueError("calendar", [Violation("target", rule, "wrong_type")])
    return contact.display_name or contact.alias, list(
        dict.fromkeys(contact.plan.rotation_ids or ())
    )


def _lane(reader: AccountReader, arn: str, since: datetime, until: datetime) -> CalendarLane:
    rotation = reader.rotation(arn)
    rotation_error = reader.error("rotation", arn)
    exists = rotation is not None or rotation_error is not None
    return CalendarLane(
        rotation_arn=arn,
        name=arn.rpartition("/")[2] if rotation is None else rotation.name,
        time_zone_id=None if rotation is None else rotation.time_zone_id,
        shifts=reader.read_shifts(arn, since, until) if exists else (),
        error=reader.error("shifts", arn),
        rotation_error=rotation_error,
    )


def _people_of(lane: CalendarLane) -> Iterator[str]:
    for shift in lane.shifts:
        yield from shift.contact_ids
        yield from shift.overridden_contact_ids or ()
