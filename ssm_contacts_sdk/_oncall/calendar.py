"""The on-call calendar: who is on call from one instant to another, and when nobody is."""

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
    """A rotation and its shifts in a calendar.

    Attributes:
        rotation_arn: the rotation.
        name: the name of the rotation.
        time_zone_id: the time zone of its hand-offs; None if it is not known, because the rotation
            does not exist or could not be read.
        shifts: the shifts in order, whole even where they begin earlier or end later than the
            calendar.
        error: why the shifts could not be read; None if they could. With an error, `shifts` is
            empty, and it is not known who is on call.
        rotation_error: why the name and the time zone of the rotation could not be read; None if
            they could. The shifts may be known nevertheless.
    """

    rotation_arn: str
    name: str
    time_zone_id: str | None
    shifts: tuple[Shift, ...]
    error: ContactsError | None = field(default=None, eq=False)
    rotation_error: ContactsError | None = field(default=None, eq=False)

    @property
    def overrides(self) -> tuple[Shift, ...]:
        """The shifts of overrides."""
        return tuple(shift for shift in self.shifts if shift.type == ShiftType.OVERRIDDEN)


@public
@frozen(kw_only=True)
class OnCallCalendar(Drawable):
    """Who is on call in the rotations of a schedule, from `since` to `until`.

    It can be drawn as a chart, with a lane for each rotation and a colour for each person, and
    written as an iCalendar file. `client.calendar` returns one; `str` is the chart as text.

    >>> from datetime import datetime, timedelta, timezone
    >>> monday = datetime(2025, 1, 6, tzinfo=timezone.utc)
    >>> calendar = OnCallCalendar(
    ...     name="web", since=monday, until=monday + timedelta(days=7), lanes=()
    ... )
    >>> [str(gap.duration) for gap in calendar.gaps]
    ['7 days, 0:00:00']

    Attributes:
        name: the name of the rotation or on-call schedule.
        since: when the calendar begins.
        until: when it ends.
        lanes: one for each rotation.
        names: the names of people, by ARN.
        now: the instant at which a chart has a line with the label "now"; None for no line.
        arn: the ARN of the rotation or on-call schedule, if it is known.
    """

    name: str
    since: datetime
    until: datetime
    lanes: tuple[CalendarLane, ...]
    names: Mapping[str, str] = field(factory=dict[str, str])
    now: datetime | None = None
    arn: str | None = None

    def name_of(self, contact_arn: str) -> str:
        """Return the name of a person, or the last part of the ARN if the name is not known."""
        return self.names.get(contact_arn, "").strip() or contact_arn.rpartition("/")[2]

    @property
    def contact_ids(self) -> tuple[str, ...]:
        """The ARNs of all who are on call, each once, lane by lane and in the order of shifts."""
        return tuple(
            dict.fromkeys(
                arn for lane in self.lanes for shift in lane.shifts for arn in shift.contact_ids
            )
        )

    @property
    def unreadable(self) -> tuple[CalendarLane, ...]:
        """The lanes of the rotations whose shifts could not be read, each with its `error`."""
        return tuple(lane for lane in self.lanes if lane.error is not None)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The times in which nobody is on call in any of the rotations, in order.

        If the shifts of a rotation could not be read, these are the times that no other rotation
        covers, and `Gap.is_certain` is False.
        """
        return self._uncovered(self.lanes)

    def gaps_in(self, lane: CalendarLane) -> tuple[Gap, ...]:
        """Return the times in which nobody is on call in one of the rotations, in order.

        If its shifts could not be read, it is the whole time, and `Gap.is_certain` is False.
        """
        return self._uncovered([lane])

    def to_ics(self, *, stamp: datetime | None = None, gaps: bool = False) -> bytes:
        """Return an iCalendar file (RFC 5545) with an event for each shift that has people.

        The UID of an event depends on the rotation and the start of the shift only. So a calendar
        that subscribes to the file, or imports it again, updates its events and duplicates none. A
        shift of an override has another UID than the shifts that it replaces.

        If there is no such shift, the file has one event, "Nobody on call", from `since` to
        `until`: the standard requires at least one. Its UID is always the same, so subscribers see
        it move with the calendar, and disappear when there are shifts again.

        Args:
            stamp: the DTSTAMP of the events, with a time zone; by default the beginning of 1970, so
                that the same shifts make the same file. Pass the current time for programs that
                ignore changes without a later stamp.
            gaps: whether to add an event, "Nobody on call", for each of `gaps`. If a gap is not
                certain, its event states that. By default, there are no such events, because a
                rotation with office hours has a gap every night.

        Raises:
            ConfigurationError: the package icalendar is not installed.
            InvalidValueError: `stamp` has no time zone.
        """
        # Most calendars are never written as files.
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
