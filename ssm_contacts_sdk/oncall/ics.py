"""A calendar as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

from ssm_contacts_sdk.errors import ContactsError
from ssm_contacts_sdk.model.rotations import Shift, ShiftType
from ssm_contacts_sdk.model.rules import check
from ssm_contacts_sdk.model.times import as_instant, instant_faults
from ssm_contacts_sdk.oncall.calendar import CalendarLane, OnCallCalendar
from ssm_contacts_sdk.oncall.calendar_picture import full_names
from ssm_contacts_sdk.oncall.wording import not_read
from ssm_contacts_sdk.render.extras import extra
from ssm_contacts_sdk.render.letters import one_line

_PRODUCT = "-//ssm-contacts-sdk//on-call calendar//EN"
_NO_STAMP = datetime(1970, 1, 1, tzinfo=timezone.utc)


def ics(calendar: OnCallCalendar, stamp: datetime | None) -> bytes:
    """The file, with lines ended and folded as the standard wants them."""
    if stamp is not None:
        check("OnCallCalendar.to_ics", instant_faults("stamp", stamp))
    stamped = _NO_STAMP if stamp is None else as_instant(stamp)
    library = extra("icalendar", "to_ics")
    made = library.Calendar()
    for name, value in (
        ("prodid", _PRODUCT),
        ("version", "2.0"),
        ("x-wr-calname", one_line(calendar.name)),
    ):
        made.add(name, value)
    for event in _events(calendar, stamped, library):
        made.add_component(event)
    return cast("bytes", made.to_ical())


def _events(calendar: OnCallCalendar, stamp: datetime, library: Any) -> Iterator[Any]:
    names = full_names(calendar)
    for lane in calendar.lanes:
        if lane.error is not None:
            yield _unknown(calendar, lane, lane.error, stamp, library)
        seen: Counter[str] = Counter()
        for shift in lane.shifts:
            start, end = as_instant(shift.start_time), as_instant(shift.end_time)
            # One that was read may end before it starts, and an event may not.
            if not (shift.contact_ids and start < end):
                continue
            uid = _uid(lane, shift, seen)
            rotation = one_line(lane.name)
            people = ", ".join(names[arn] for arn in shift.contact_ids)
            event = library.Event()
            event.add("uid", uid)
            event.add("dtstamp", stamp)
            event.add("dtstart", start)
            event.add("dtend", end)
            event.add("summary", f"{people} on call: {rotation}")
            event.add("description", _description(calendar, rotation, shift, names))
            # Who is on call is not busy.
            event.add("transp", "TRANSPARENT")
            yield event


def _unknown(
    calendar: OnCallCalendar,
    lane: CalendarLane,
    error: ContactsError,
    stamp: datetime,
    library: Any,
) -> Any:
    """An event for the whole time of a rotation whose shifts could not be read.

    Without it, whoever subscribes would see no shifts, as if nobody were on call.
    """
    event = library.Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'{lane.rotation_arn} unreadable')}@ssm-contacts-sdk")
    event.add("dtstamp", stamp)
    event.add("dtstart", as_instant(calendar.since))
    event.add("dtend", as_instant(calendar.until))
    event.add("summary", f"Not known who is on call: {one_line(lane.name)}")
    event.add("description", f"The shifts {not_read(error)}.")
    event.add("transp", "TRANSPARENT")
    return event


def _description(
    calendar: OnCallCalendar, rotation: str, shift: Shift, names: Mapping[str, str]
) -> str:
    """Whose shift it is, line by line. A calendar of one rotation bears its name."""
    lines = [f"Rotation: {rotation}"]
    schedule = one_line(calendar.name)
    if len(calendar.lanes) > 1 or schedule != rotation:
        lines.append(f"Schedule: {schedule}")
    if shift.type == ShiftType.OVERRIDDEN:
        replaced = ", ".join(names[arn] for arn in shift.overridden_contact_ids or ())
        lines.append(f"An override{f' instead of {replaced}' if replaced else ''}.")
    return "\n".join(lines)


def _uid(lane: CalendarLane, shift: Shift, seen: Counter[str]) -> str:
    """The same for the same shift in every file, whoever is in it."""
    kind = "override" if shift.type == ShiftType.OVERRIDDEN else "shift"
    start = as_instant(shift.start_time).isoformat()
    text = f"{lane.rotation_arn} {kind} {start}"
    seen[text] += 1
    # Nothing forbids the service to tell two shifts that begin together.
    numbered = text if seen[text] == 1 else f"{text} {seen[text]}"
    return f"{uuid5(NAMESPACE_URL, numbered)}@ssm-contacts-sdk"
