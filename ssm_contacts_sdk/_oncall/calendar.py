"""Who is on call in a stretch of time, rotation by rotation, and when nobody is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import field, frozen

from ssm_contacts_sdk._charts.drawable import Drawable
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.rotations import Shift, ShiftType
from ssm_contacts_sdk._oncall.gaps import Gap, gaps_between
from ssm_contacts_sdk._public import public

if TYPE_CHECKING:
    from ssm_contacts_sdk._charts.chart import Chart


@public
@frozen(kw_only=True)
class CalendarLane:
    """A rotation and its shifts.

    Attributes:
        rotation_arn: the rotation.
        name: its name.
        time_zone_id: the zone by whose clock hands are changed; None if it is not known, for there
            is no such rotation, or it could not be read.
        shifts: in their order, whole even where they begin earlier or end later.
        error: why the service did not give the shifts; then `shifts` is empty, and it is not known
            who is on call.
        rotation_error: why the service did not give the rotation itself, with its name and time
            zone. Its shifts are read all the same.
    """

    rotation_arn: str
    name: str
    time_zone_id: str | None
    shifts: tuple[Shift, ...]
    error: ContactsError | None = field(default=None, eq=False)
    rotation_error: ContactsError | None = field(default=None, eq=False)

    @property
    def overrides(self) -> tuple[Shift, ...]:
        """The shifts that an override has put other people into, or nobody."""
        return tuple(shift for shift in self.shifts if shift.type == ShiftType.OVERRIDDEN)


@public
@frozen(kw_only=True)
class OnCallCalendar(Drawable):
    """Who is on call, from `since` until `until`.

    It can be drawn, a lane for each rotation and a colour for each person, and written as an
    iCalendar file.

    Attributes:
        name: what it is the calendar of.
        since: from when.
        until: until when.
        lanes: one for each rotation.
        names: what people are called, by ARN.
        now: where the line stands that says "now", if there is one.
        arn: the rotation or on-call schedule that it is the calendar of, if it is known.
    """

    name: str
    since: datetime
    until: datetime
    lanes: tuple[CalendarLane, ...]
    names: Mapping[str, str] = field(factory=dict[str, str])
    now: datetime | None = None
    arn: str | None = None

    def name_of(self, contact_arn: str) -> str:
        """What a person is called: the last part of the ARN, if nothing else is known."""
        return self.names.get(contact_arn, "").strip() or contact_arn.rpartition("/")[2]

    @property
    def contact_ids(self) -> tuple[str, ...]:
        """The ARNs of all who are on call, each once, as they come."""
        return tuple(
            dict.fromkeys(
                arn for lane in self.lanes for shift in lane.shifts for arn in shift.contact_ids
            )
        )

    @property
    def unreadable(self) -> tuple[CalendarLane, ...]:
        """The rotations whose shifts the service did not give: each has its `error`."""
        return tuple(lane for lane in self.lanes if lane.error is not None)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """When nobody is on call in any of the rotations, in order.

        If the shifts of a rotation could not be read, these are the times that no other rotation
        covers, and `Gap.is_certain` is False.
        """
        return self._uncovered(self.lanes)

    def gaps_in(self, lane: CalendarLane) -> tuple[Gap, ...]:
        """When nobody is on call in one of the rotations, in order.

        If its shifts could not be read, that is all the time, and `Gap.is_certain` is False.
        """
        return self._uncovered([lane])

    def to_ics(self, *, stamp: datetime | None = None, gaps: bool = False) -> bytes:
        """An iCalendar file (RFC 5545), with an event for each shift that has people.

        The events have the same UIDs in every file, by rotation and start of the shift, so that a
        calendar that subscribes to it, or reads it again, changes them and doubles none. An
        override's have others than those of the shifts that it replaces.

        If there is no such shift, the file has one event, "Nobody on call", from `since` until
        `until`: the standard forbids a file without components. Its UID is always the same, so a
        subscriber sees it move along with the calendar, and go when there are shifts again.

        Args:
            stamp: the DTSTAMP of the events, with a time zone. When left out it is the beginning
                of 1970, so that the same shifts are the same file: give the time it was made
                for a program that takes nothing new without a later stamp.
            gaps: whether there is also an event, "Nobody on call", for each of `gaps`; it says so
                if that is not certain. They are left out unless asked for: a rotation of office
                hours has one every night.

        Raises:
            ConfigurationError: the package icalendar is not installed.
            InvalidValueError: `stamp` has no time zone.
        """
        # It is above this room.
        from ssm_contacts_sdk._oncall.ics import ics  # noqa: PLC0415

        return ics(self, stamp, with_gaps=gaps)

    def _uncovered(self, lanes: Sequence[CalendarLane]) -> tuple[Gap, ...]:
        is_certain = all(lane.error is None for lane in lanes)
        shifts = (shift for lane in lanes for shift in lane.shifts)
        return tuple(
            Gap(start_time=start, end_time=end, is_certain=is_certain)
            for start, end in gaps_between(shifts, self.since, self.until)
        )

    def _chart(self, time_zone: str | None = None) -> "Chart":
        # Most calendars are never drawn.
        from ssm_contacts_sdk._oncall.calendar_chart import calendar_chart  # noqa: PLC0415

        return calendar_chart(self, time_zone)
