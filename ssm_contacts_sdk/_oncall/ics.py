"""A calendar as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, cast
from uuid import NAMESPACE_URL, uuid5

from ssm_contacts_sdk._charts.extras import import_extra
from ssm_contacts_sdk._charts.typography import one_line
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.rotations import Shift, ShiftType
from ssm_contacts_sdk._models.rules import check
from ssm_contacts_sdk._models.times import as_instant, instant_violations
from ssm_contacts_sdk._oncall.calendar import CalendarLane, OnCallCalendar
from ssm_contacts_sdk._oncall.calendar_chart import full_names
from ssm_contacts_sdk._oncall.gaps import Gap
from ssm_contacts_sdk._oncall.phrases import not_read

_PRODUCT = "-//ssm-contacts-sdk//on-call calendar//EN"
_NO_STAMP = datetime(1970, 1, 1, tzinfo=timezone.utc)
_A_SECOND = timedelta(seconds=1)


def ics(calendar: OnCallCalendar, stamp: datetime | None, *, with_gaps: bool) -> bytes:
    """The file, with lines ended and folded as the standard wants them."""
    if stamp is not None:
        check("OnCallCalendar.to_ics", instant_violations("stamp", stamp))
    stamped = _NO_STAMP if stamp is None else as_instant(stamp)
    library = import_extra("icalendar", "to_ics")
    made = library.Calendar()
    made.add("prodid", _PRODUCT)
    made.add("version", "2.0")
    # As a text, or the library does not escape what is in a property that it does not know.
    made.add("x-wr-calname", library.vText(one_line(calendar.name)))
    events = list(_lanes(calendar, stamped, library))
    gaps = calendar.gaps if with_gaps else ()
    if not (events or gaps):
        # RFC 5545, 3.6, forbids a calendar without components.
        gaps = (Gap(start_time=calendar.since, end_time=calendar.until),)
    for event in (*events, *(_nobody(calendar, gap, stamped, library) for gap in gaps)):
        made.add_component(event)
    return cast("bytes", made.to_ical())


def _lanes(calendar: OnCallCalendar, stamp: datetime, library: Any) -> Iterator[Any]:
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
            yield _event(
                library,
                uid=uid,
                stamp=stamp,
                start=start,
                end=end,
                summary=f"{people} on call: {rotation}",
                description=_description(calendar, rotation, shift, names),
            )


def _nobody(calendar: OnCallCalendar, gap: Gap, stamp: datetime, library: Any) -> Any:
    """An event for a time in which no rotation has anybody on call, as far as they were read."""
    lanes = calendar.lanes if gap.is_certain else calendar.unreadable
    rotations = ", ".join(one_line(lane.name) for lane in lanes)
    if not gap.is_certain:
        who, told = "Not known whether anybody is on call", f"Could not be read: {rotations}."
    else:
        who = "Nobody on call"
        told = f"Rotations without anybody: {rotations}." if lanes else "There is no rotation."
    is_open = gap.end_time >= calendar.until
    return _event(
        library,
        uid=_gap_uid(calendar, None if is_open else gap),
        stamp=stamp,
        start=as_instant(gap.start_time),
        end=as_instant(gap.end_time),
        summary=f"{who}: {one_line(calendar.name)}",
        description=f"{told} It may last longer: this file ends here." if is_open else told,
    )


def _event(
    library: Any,
    *,
    uid: str,
    stamp: datetime,
    start: datetime,
    end: datetime,
    summary: str,
    description: str,
) -> Any:
    """An event in whole seconds, which is all that the format has, and at least one."""
    start, end = start.replace(microsecond=0), end.replace(microsecond=0)
    event = library.Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp)
    event.add("dtstart", start)
    event.add("dtend", max(end, start + _A_SECOND))
    event.add("summary", summary)
    event.add("description", description)
    # Being on call does not make anybody busy.
    event.add("transp", "TRANSPARENT")
    return event


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
    return _event(
        library,
        uid=_unique(f"{lane.rotation_arn} unreadable"),
        stamp=stamp,
        start=as_instant(calendar.since),
        end=as_instant(calendar.until),
        summary=f"Not known who is on call: {one_line(lane.name)}",
        description=f"The shifts {not_read(error)}.",
    )


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
    return _unique(numbered)


def _gap_uid(calendar: OnCallCalendar, gap: Gap | None) -> str:
    """By the end of the gap: where the calendar begins may cut it. None is cut by its end."""
    rotations = " ".join(lane.rotation_arn for lane in calendar.lanes)
    whose = calendar.arn or rotations or calendar.name
    end = "open" if gap is None else as_instant(gap.end_time).isoformat()
    return _unique(f"{whose} nobody {end}")


def _unique(text: str) -> str:
    return f"{uuid5(NAMESPACE_URL, text)}@ssm-contacts-sdk"
