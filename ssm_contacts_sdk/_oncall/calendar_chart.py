"""The chart of a calendar: a lane for each rotation, and a colour for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import frozen

from ssm_contacts_sdk._charts.chart import Bar, Chart, Key, Lane, Line, Sample
from ssm_contacts_sdk._charts.dates import (
    format_days,
    format_duration,
    format_hours,
    format_instant,
    format_interval,
    in_zone,
)
from ssm_contacts_sdk._charts.ticks import day_ticks, weekends
from ssm_contacts_sdk._charts.typography import isolate, one_line
from ssm_contacts_sdk._models.rotations import Shift, ShiftType
from ssm_contacts_sdk._oncall.gaps import Gap
from ssm_contacts_sdk._oncall.phrases import not_read
from ssm_contacts_sdk._oncall.schedule.wall_clock import is_time_zone

if TYPE_CHECKING:
    from ssm_contacts_sdk._oncall.calendar import CalendarLane, OnCallCalendar


_MAX_GAPS = 4
_MIN_DAILY_GAPS = 3
_ONE_DAY = timedelta(days=1)


def full_names(calendar: OnCallCalendar) -> Mapping[str, str]:
    """Return the names of all people in a calendar by ARN, with aliases where names are equal."""
    arns = dict.fromkeys(calendar.contact_ids)
    for lane in calendar.lanes:
        for shift in lane.shifts:
            arns |= dict.fromkeys(shift.overridden_contact_ids or ())
    names = {arn: one_line(calendar.name_of(arn)) for arn in arns}
    count = Counter(names.values())
    return {
        arn: name if count[name] == 1 else f"{name} ({one_line(arn.rpartition('/')[2])})"
        for arn, name in names.items()
    }


def short_names(names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Return the first names and the initials, as far as nobody else has the same, by ARN."""
    first = {arn: name.partition(" ")[0] for arn, name in names.items()}
    initials = {arn: "".join(word[0] for word in name.split()[:2]) for arn, name in names.items()}
    first_count, initials_count = Counter(first.values()), Counter(initials.values())
    found: dict[str, tuple[str, ...]] = {}
    for arn, name in names.items():
        labels = [first[arn] if first_count[first[arn]] == 1 else name]
        if initials_count[initials[arn]] == 1 and initials[arn].isalpha():
            labels.append(initials[arn])
        found[arn] = tuple(labels)
    return found


def name_in_sentence(name: str) -> str:
    """Return a name that can be part of a sentence in one line."""
    return isolate(one_line(name))


def people_in(calendar: OnCallCalendar) -> tuple[str, ...]:
    """Return the ARNs of the people who are on call in the time of a calendar."""
    shifts = (shift for lane in calendar.lanes for shift in lane.shifts)
    return tuple(
        dict.fromkeys(
            arn for shift in shifts if is_within(shift, calendar) for arn in shift.contact_ids
        )
    )


def is_within(shift: Shift, calendar: OnCallCalendar) -> bool:
    """Return whether a part of a shift is in the time of a calendar."""
    return shift.start_time < calendar.until and shift.end_time > calendar.since


def describe_calendar(calendar: OnCallCalendar, zone: tzinfo, zone_name: str) -> str:
    """Return the time of a calendar and the numbers of rotations and people."""
    since, until = (format_instant(at, zone) for at in (calendar.since, calendar.until))
    rotations = _count(len(calendar.lanes), "rotation", "rotations")
    people = _count(len(people_in(calendar)), "person", "people")
    return f"{since} to {until}, {zone_name}. {rotations}, {people}."


def describe_shift(shift: Shift, name: str, names: Mapping[str, str], zone: tzinfo) -> str:
    """Return a person's name, the time of their shift, and whom an override replaces."""
    times = _times(shift.start_time, shift.end_time, zone)
    return f"{name_in_sentence(name)}: {times}{describe_override(shift, names)}"


def describe_override(shift: Shift, names: Mapping[str, str]) -> str:
    """Return that a shift is an override and whom it replaces; "" for a regular shift."""
    if shift.type != ShiftType.OVERRIDDEN:
        return ""
    others = ", ".join(name_in_sentence(names[arn]) for arn in shift.overridden_contact_ids or ())
    return f", an override instead of {others}" if others else ", an override"


def describe_gap(gap: Gap, where: str, zone: tzinfo) -> str:
    """Return when nobody is on call, and in which rotation."""
    if gap.is_certain:
        return f"nobody in {name_in_sentence(where)}: {_gap_times(gap, zone)}"
    return f"not known whether anybody is on call: {_gap_times(gap, zone)}"


def describe_unreadable(lane: CalendarLane) -> str:
    """Return that the shifts of a rotation are not known, and why."""
    cause = "" if lane.error is None else f": its shifts {not_read(lane.error)}"
    return f"It is not known who is on call in {name_in_sentence(lane.name)}{cause}"


def notes(calendar: OnCallCalendar, zone: tzinfo) -> Iterator[str]:
    """Yield sentences about rotations that could not be read, and about all gaps."""
    unreadable = calendar.unreadable
    for lane in unreadable:
        yield f"{describe_unreadable(lane)}."
    if len(unreadable) == len(calendar.lanes) > 0:
        return
    if not calendar.gaps:
        yield "Somebody is on call all the time."
        return
    who = "Nobody in the other rotations" if unreadable else "Nobody at all"
    yield f"{who} is on call {_gaps(calendar.gaps, zone)}."


def _gaps(gaps: Sequence[Gap], zone: tzinfo) -> str:
    """Return how often and how long there are gaps, and when: the longest ones first."""
    groups = _group_daily(gaps, zone)
    times = "; ".join(_group(each, len(gaps), zone) for each in groups[:_MAX_GAPS])
    if len(gaps) == 1:
        return f"once: {times}"
    left = sum(map(len, groups[_MAX_GAPS:]))
    more = f"; and {left} more" if left else ""
    total = format_duration(_length(gaps))
    return f"{len(gaps)} times, for {total} in total: {times}{more}"


def _group(gaps: Sequence[Gap], total: int, zone: tzinfo) -> str:
    """Return the time of one gap, or of gaps that repeat daily, with their number if needed."""
    first, last = gaps[0], gaps[-1]
    if first is last:
        return _gap_times(first, zone)
    hours = format_hours(first.start_time, first.end_time, zone)
    days = format_days(first.start_time, last.start_time, zone)
    return f"daily {hours}, {days}{f', {len(gaps)} times' if len(gaps) < total else ''}"


def _group_daily(gaps: Sequence[Gap], zone: tzinfo) -> list[list[Gap]]:
    """Group gaps that repeat daily at the same hours; return the longest groups first."""
    runs: list[list[Gap]] = []
    latest_run: dict[tuple[time, time], list[Gap]] = {}
    for gap in gaps:
        start, end = in_zone(gap.start_time, zone), in_zone(gap.end_time, zone)
        hours = start.time(), end.time()
        run = latest_run.get(hours)
        if run is not None and gap.duration < _ONE_DAY and _is_next_day(run[-1], start, zone):
            run.append(gap)
        else:
            latest_run[hours] = [gap]
            runs.append(latest_run[hours])
    groups: list[list[Gap]] = []
    for run in runs:
        groups += [run] if len(run) >= _MIN_DAILY_GAPS else [[gap] for gap in run]
    return sorted(groups, key=_length, reverse=True)


def _is_next_day(gap: Gap, start: datetime, zone: tzinfo) -> bool:
    return start.date() - in_zone(gap.start_time, zone).date() == _ONE_DAY


def _length(gaps: Iterable[Gap]) -> timedelta:
    return sum((gap.duration for gap in gaps), timedelta(0))


def _gap_times(gap: Gap, zone: tzinfo) -> str:
    return _times(gap.start_time, gap.end_time, zone)


def _times(start: datetime, end: datetime, zone: tzinfo) -> str:
    return f"{format_interval(start, end, zone)}, {format_duration(end - start)}"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


_OVERRIDE = Sample(style="striped", text="an override")
_GAP = Sample(style="gap", text="nobody is on call")
_GAP_OF_SEVERAL = Sample(style="gap", text="nobody at all, or nobody because of an override")
_QUIET = Sample(style="quiet", text="nobody in this rotation")
_UNKNOWN = Sample(style="hollow", text="not known: a rotation could not be read")


def calendar_chart(calendar: OnCallCalendar, time_zone: str | None) -> Chart:
    """Return the chart of a calendar, with times in a time zone.

    None is the time zone of the rotations if all have the same one, and UTC otherwise.
    """
    zone, zone_name = _zone(calendar.lanes, time_zone)
    names = full_names(calendar)
    lanes = tuple(_Lanes(calendar, zone, names, short_names(names)).lanes())
    return Chart(
        title=f"On call: {name_in_sentence(calendar.name)}",
        description=(describe_calendar(calendar, zone, zone_name),),
        start=calendar.since.timestamp(),
        # The axis has a length, even if the calendar has none.
        end=max(calendar.until.timestamp(), calendar.since.timestamp() + 1),
        lanes=lanes,
        lines=() if calendar.now is None else (Line(at=calendar.now.timestamp(), label="now"),),
        ticks=day_ticks(calendar.since, calendar.until, zone),
        shades=weekends(calendar.since, calendar.until, zone),
        axis=_axis(calendar, time_zone, zone_name),
        keys=tuple(Key(key=arn, name=names[arn]) for arn in people_in(calendar)),
        samples=tuple(_samples(calendar, lanes)),
        notes=tuple(notes(calendar, zone)),
        period=_ONE_DAY.total_seconds(),
    )


def _zone(lanes: Sequence[CalendarLane], time_zone: str | None) -> tuple[tzinfo, str]:
    if time_zone is not None:
        return ZoneInfo(time_zone), time_zone
    names = _zone_names(lanes)
    if len(names) == 1:
        (name,) = names
        if is_time_zone(name):
            return ZoneInfo(name), name
    return timezone.utc, "UTC"


def _zone_names(lanes: Sequence[CalendarLane]) -> set[str]:
    return {lane.time_zone_id for lane in lanes if lane.time_zone_id is not None}


def _axis(calendar: OnCallCalendar, time_zone: str | None, zone_name: str) -> str:
    if time_zone is None and len(_zone_names(calendar.lanes)) > 1:
        return f"Times in {zone_name} (the rotations are in several time zones)"
    return f"Times in {zone_name}"


def _samples(calendar: OnCallCalendar, lanes: Sequence[Lane]) -> Iterator[Sample]:
    used = {bar.style for lane in lanes for bar in lane.bars}
    gap = _GAP_OF_SEVERAL if _has_several_lanes(calendar) else _GAP
    for sample in (_OVERRIDE, gap, _QUIET, _UNKNOWN):
        if sample.style in used:
            yield sample


def _has_several_lanes(calendar: OnCallCalendar) -> bool:
    return len(calendar.lanes) > 1


@frozen
class _Lanes:
    """Builds the lanes of a calendar."""

    calendar: OnCallCalendar
    zone: tzinfo
    names: Mapping[str, str]
    short_names: Mapping[str, tuple[str, ...]]

    def lanes(self) -> Iterator[Lane]:
        has_several_zones = len(_zone_names(self.calendar.lanes)) > 1
        for lane in self.calendar.lanes:
            is_detailed = has_several_zones or lane.time_zone_id is None
            yield self._rotation(lane, _zone_detail(lane) if is_detailed else "")
        gaps = [self._gap(gap, "any rotation", 1) for gap in self.calendar.gaps]
        # A schedule without rotations has no other lane that could show them.
        if len(self.calendar.lanes) != 1 and gaps:
            name = "Nobody known" if self.calendar.unreadable else "Nobody at all"
            yield Lane(name=name, bars=tuple(gaps))

    def _rotation(self, lane: CalendarLane, detail: str) -> Lane:
        shifts = [shift for shift in lane.shifts if is_within(shift, self.calendar)]
        rows = max((len(shift.contact_ids) for shift in shifts), default=1) or 1
        bars = [bar for shift in shifts for bar in self._people(shift, rows)]
        gaps = self._gaps(lane, rows) if lane.error is None else [self._unreadable(lane, rows)]
        name = name_in_sentence(lane.name)
        return Lane(name=name, detail=detail, rows=rows, bars=(*bars, *gaps))

    def _people(self, shift: Shift, rows: int) -> Iterator[Bar]:
        """Yield a bar for each person of a shift, one below the other."""
        people = shift.contact_ids
        for number, arn in enumerate(people):
            row = number * rows // len(people)
            name = self.names[arn]
            yield Bar(
                start=shift.start_time.timestamp(),
                end=shift.end_time.timestamp(),
                text=describe_shift(shift, name, self.names, self.zone),
                labels=self.short_names[arn],
                key=arn,
                style="striped" if shift.type == ShiftType.OVERRIDDEN else "plain",
                row=row,
                span=(number + 1) * rows // len(people) - row,
            )

    def _unreadable(self, lane: CalendarLane, rows: int) -> Bar:
        cause = () if lane.error is None else (not_read(lane.error),)
        return Bar(
            start=self.calendar.since.timestamp(),
            end=self.calendar.until.timestamp(),
            text=describe_unreadable(lane),
            labels=(*cause, "not known"),
            style="hollow",
            span=rows,
        )

    def _gaps(self, lane: CalendarLane, rows: int) -> Iterator[Bar]:
        """Yield the gaps of a rotation.

        A gap in one of several rotations is normal, because others may cover it. A gap that an
        override causes is not.
        """
        for gap in self.calendar.gaps_in(lane):
            for part, override in _split_by_overrides(gap, lane.overrides):
                if override is None:
                    is_quiet = _has_several_lanes(self.calendar)
                    yield self._gap(part, lane.name, rows, is_quiet=is_quiet)
                else:
                    cause = describe_override(override, self.names)
                    yield self._gap(part, lane.name, rows, cause)

    def _gap(
        self, gap: Gap, where: str, rows: int, cause: str = "", *, is_quiet: bool = False
    ) -> Bar:
        start, end = gap.start_time.timestamp(), gap.end_time.timestamp()
        text = f"{describe_gap(gap, where, self.zone)}{cause}"
        if not gap.is_certain:
            unknown = ("not known",)
            return Bar(start=start, end=end, text=text, labels=unknown, style="hollow", span=rows)
        if is_quiet:
            return Bar(start=start, end=end, text=text, style="quiet", span=rows)
        # The last label is for gaps that are too short for a word.
        labels = ("nobody", "")
        return Bar(start=start, end=end, text=text, labels=labels, style="gap", span=rows)


def _zone_detail(lane: CalendarLane) -> str:
    if lane.time_zone_id is not None:
        return lane.time_zone_id
    error = lane.error or lane.rotation_error
    return "no such rotation" if error is None else not_read(error)


def _split_by_overrides(gap: Gap, overrides: Sequence[Shift]) -> Iterator[tuple[Gap, Shift | None]]:
    """Yield the parts of a gap, each with the override that leaves nobody on call, if one does."""
    start = gap.start_time
    for override in overrides:
        begin = max(start, override.start_time)
        end = min(gap.end_time, override.end_time)
        if override.contact_ids or begin >= end:
            continue
        if start < begin:
            yield Gap(start_time=start, end_time=begin), None
        yield Gap(start_time=begin, end_time=end), override
        start = end
    if start < gap.end_time:
        yield Gap(start_time=start, end_time=gap.end_time), None
