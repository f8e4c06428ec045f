"""A calendar as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, cast
from uuid import NAMESPACE_URL, uuid5

from attrs import frozen

from ssm_contacts_sdk._charts.extras import import_extra
from ssm_contacts_sdk._charts.typography import one_line
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.rotations import Shift, ShiftType
from ssm_contacts_sdk._oncall.calendar_chart import full_names
from ssm_contacts_sdk._oncall.gaps import Gap
from ssm_contacts_sdk._oncall.phrases import not_read
from ssm_contacts_sdk._schema.times import Instant, as_instant
from ssm_contacts_sdk._schema.values import check_of
from ssm_contacts_sdk._schema.violations import raise_violations, under

if TYPE_CHECKING:
    from ssm_contacts_sdk._oncall.calendar import CalendarLane, OnCallCalendar

_PRODUCT = "-//ssm-contacts-sdk//on-call calendar//EN"
_DEFAULT_STAMP = datetime(1970, 1, 1, tzinfo=timezone.utc)
_ONE_SECOND = timedelta(seconds=1)


def ics(calendar: OnCallCalendar, stamp: datetime | None, *, with_gaps: bool) -> bytes:
    """Return the file, with lines ended and folded as the standard requires."""
    violations = check_of(Instant | None)(stamp)
    raise_violations("OnCallCalendar.to_ics", under("stamp", violations))
    library = import_extra("icalendar", "to_ics")
    file = library.Calendar()
    file.add("prodid", _PRODUCT)
    file.add("version", "2.0")
    # The library escapes the value of a property that it does not know only if it is a vText.
    file.add("x-wr-calname", library.vText(one_line(calendar.name)))
    dtstamp = _DEFAULT_STAMP if stamp is None else as_instant(stamp)
    for event in _events(calendar, with_gaps=with_gaps):
        file.add_component(_component(library, event, dtstamp))
    return cast("bytes", file.to_ical())


@frozen(kw_only=True)
class _Event:
    """What an event of the file shows. `subject` determines its UID."""

    subject: str
    start: datetime
    end: datetime
    summary: str
    description: str


def _component(library: Any, event: _Event, stamp: datetime) -> Any:
    """Return a component in whole seconds, as the format requires, and at least one second long."""
    start = as_instant(event.start).replace(microsecond=0)
    end = as_instant(event.end).replace(microsecond=0)
    component = library.Event()
    component.add("uid", f"{uuid5(NAMESPACE_URL, event.subject)}@ssm-contacts-sdk")
    component.add("dtstamp", stamp)
    component.add("dtstart", start)
    component.add("dtend", max(end, start + _ONE_SECOND))
    component.add("summary", event.summary)
    component.add("description", event.description)
    # A person who is on call can still have appointments.
    component.add("transp", "TRANSPARENT")
    return component


def _events(calendar: OnCallCalendar, *, with_gaps: bool) -> list[_Event]:
    events = list(_rotation_events(calendar))
    gaps = calendar.gaps if with_gaps else ()
    if not (events or gaps):
        # RFC 5545, section 3.6, requires at least one component.
        gaps = (Gap(start_time=calendar.since, end_time=calendar.until),)
    return [*events, *(_gap(calendar, gap) for gap in gaps)]


def _rotation_events(calendar: OnCallCalendar) -> Iterator[_Event]:
    names = full_names(calendar)
    for lane in calendar.lanes:
        if lane.error is not None:
            yield _unreadable(calendar, lane, lane.error)
        seen: Counter[str] = Counter()
        for shift in lane.shifts:
            # A shift from the service may end before it starts; an event must not.
            if shift.contact_ids and as_instant(shift.start_time) < as_instant(shift.end_time):
                subject = _shift_subject(lane, shift)
                seen[subject] += 1
                # Two shifts of one rotation may start together: nothing forbids it.
                number = "" if seen[subject] == 1 else f" {seen[subject]}"
                yield _shift(calendar, lane, shift, names, f"{subject}{number}")


def _shift(
    calendar: OnCallCalendar,
    lane: CalendarLane,
    shift: Shift,
    names: Mapping[str, str],
    subject: str,
) -> _Event:
    people = ", ".join(names[arn] for arn in shift.contact_ids)
    rotation = one_line(lane.name)
    return _Event(
        subject=subject,
        start=shift.start_time,
        end=shift.end_time,
        summary=f"{people} on call: {rotation}",
        description=_shift_description(calendar, rotation, shift, names),
    )


def _shift_subject(lane: CalendarLane, shift: Shift) -> str:
    """Return the identity of a shift, which does not depend on the people and on the calendar."""
    kind = "override" if shift.type == ShiftType.OVERRIDDEN else "shift"
    return f"{lane.rotation_arn} {kind} {as_instant(shift.start_time).isoformat()}"


def _shift_description(
    calendar: OnCallCalendar, rotation: str, shift: Shift, names: Mapping[str, str]
) -> str:
    """Return the rotation, the schedule unless it is the rotation itself, and who is replaced."""
    lines = [f"Rotation: {rotation}"]
    schedule = one_line(calendar.name)
    if len(calendar.lanes) > 1 or schedule != rotation:
        lines.append(f"Schedule: {schedule}")
    if shift.type == ShiftType.OVERRIDDEN:
        replaced = ", ".join(names[arn] for arn in shift.overridden_contact_ids or ())
        lines.append(f"An override{f' instead of {replaced}' if replaced else ''}.")
    return "\n".join(lines)


def _unreadable(calendar: OnCallCalendar, lane: CalendarLane, error: ContactsError) -> _Event:
    """Return an event for the whole time of a rotation whose shifts could not be read.

    Without it, subscribers would see no shifts, as if nobody were on call.
    """
    return _Event(
        subject=f"{lane.rotation_arn} unreadable",
        start=calendar.since,
        end=calendar.until,
        summary=f"Not known who is on call: {one_line(lane.name)}",
        description=f"The shifts {not_read(error)}.",
    )


def _gap(calendar: OnCallCalendar, gap: Gap) -> _Event:
    """Return an event for a time in which nobody is on call, as far as it is known."""
    lanes = calendar.lanes if gap.is_certain else calendar.unreadable
    rotations = ", ".join(one_line(lane.name) for lane in lanes)
    if not gap.is_certain:
        who, description = (
            "Not known whether anybody is on call",
            f"Could not be read: {rotations}.",
        )
    elif lanes:
        who, description = "Nobody on call", f"Rotations without anybody: {rotations}."
    else:
        who, description = "Nobody on call", "There is no rotation."
    if gap.end_time >= calendar.until:
        description += " It may last longer: this file ends here."
    return _Event(
        subject=_gap_subject(calendar, gap),
        start=gap.start_time,
        end=gap.end_time,
        summary=f"{who}: {one_line(calendar.name)}",
        description=description,
    )


def _gap_subject(calendar: OnCallCalendar, gap: Gap) -> str:
    """Return the identity of a gap: its end, because the start of the calendar may cut it.

    A gap that the end of the calendar cuts has always the same identity.
    """
    rotations = " ".join(lane.rotation_arn for lane in calendar.lanes)
    is_open = gap.end_time >= calendar.until
    end = "open" if is_open else as_instant(gap.end_time).isoformat()
    return f"{calendar.arn or rotations or calendar.name} nobody {end}"
