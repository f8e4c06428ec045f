"""The picture of a calendar: a lane for each rotation, and a colour for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from attrs import define, field

from ssm_contacts_sdk._charts.chart import Bar, Chart, Key, Lane, Line, Sample
from ssm_contacts_sdk._charts.dates import (
    day_ticks,
    format_days,
    format_duration,
    format_hours,
    format_instant,
    format_interval,
    in_zone,
    weekends,
)
from ssm_contacts_sdk._charts.typography import isolate, one_line
from ssm_contacts_sdk._models.rotations import Shift, ShiftType
from ssm_contacts_sdk._oncall.calendar import CalendarLane, OnCallCalendar
from ssm_contacts_sdk._oncall.gaps import Gap
from ssm_contacts_sdk._oncall.phrases import not_read
from ssm_contacts_sdk._oncall.schedule.wall_clock import is_zone

_MOST_GAPS_TOLD = 4
_FEWEST_FOLDED = 3
_A_DAY = timedelta(days=1)
_STRIPED = Sample(style="striped", text="an override")
_GAP = Sample(style="gap", text="nobody is on call")
_GAP_OF_SEVERAL = Sample(style="gap", text="nobody at all, or nobody because of an override")
_QUIET = Sample(style="quiet", text="nobody in this rotation")
_UNKNOWN = Sample(style="hollow", text="not known: a rotation could not be read")


def picture(calendar: OnCallCalendar, time_zone: str | None = None) -> Chart:
    """What a calendar looks like, by the clock of a zone if it is told."""
    return _Picture(calendar, time_zone).chart()


def full_names(calendar: OnCallCalendar) -> Mapping[str, str]:
    """What all are called who appear in a calendar; two of one name by their aliases too."""
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


def _labels(names: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """What to write on people's bars: the first name, or initials, where it tells them apart."""
    first = {arn: name.partition(" ")[0] for arn, name in names.items()}
    initials = {arn: "".join(word[0] for word in name.split()[:2]) for arn, name in names.items()}
    found: dict[str, tuple[str, ...]] = {}
    counts = Counter(first.values()), Counter(initials.values())
    for arn, name in names.items():
        labels = [first[arn] if counts[0][first[arn]] == 1 else name]
        if counts[1][initials[arn]] == 1 and initials[arn].isalpha():
            labels.append(initials[arn])
        found[arn] = tuple(labels)
    return found


@define
class _Picture:
    calendar: OnCallCalendar
    time_zone: str | None
    zone: tzinfo = field(init=False)
    zone_name: str = field(init=False)
    names: Mapping[str, str] = field(init=False)
    labels: Mapping[str, tuple[str, ...]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.zone, self.zone_name = _zone_of(self.calendar.lanes, self.time_zone)
        self.names = full_names(self.calendar)
        self.labels = _labels(self.names)

    def chart(self) -> Chart:
        calendar = self.calendar
        lanes = tuple(self._lanes())
        used = {bar.style for lane in lanes for bar in lane.bars}
        zones = {lane.time_zone_id for lane in calendar.lanes} - {None}
        is_told = self.time_zone is not None or len(zones) <= 1
        several = "" if is_told else " (the rotations are in several time zones)"
        gap = _GAP_OF_SEVERAL if self._is_several else _GAP
        return Chart(
            title=f"On call: {self._name(calendar.name)}",
            description=tuple(self._description()),
            start=calendar.since.timestamp(),
            end=calendar.until.timestamp(),
            lanes=lanes,
            lines=tuple(self._lines()),
            ticks=day_ticks(calendar.since, calendar.until, self.zone),
            shades=weekends(calendar.since, calendar.until, self.zone),
            axis=f"Times in {self.zone_name}{several}",
            keys=tuple(Key(key=arn, name=self.names[arn]) for arn in self._people()),
            samples=tuple(
                sample for sample in (_STRIPED, gap, _QUIET, _UNKNOWN) if sample.style in used
            ),
            notes=tuple(self._notes()),
            period=_A_DAY.total_seconds(),
        )

    @property
    def _is_several(self) -> bool:
        return len(self.calendar.lanes) > 1

    def _people(self) -> Iterator[str]:
        """Who is on call in this time, each once."""
        yield from dict.fromkeys(
            arn
            for lane in self.calendar.lanes
            for shift in lane.shifts
            if self._is_within(shift)
            for arn in shift.contact_ids
        )

    def _is_within(self, shift: Shift) -> bool:
        return shift.start_time < self.calendar.until and shift.end_time > self.calendar.since

    def _description(self) -> Iterator[str]:
        people = len(tuple(self._people()))
        yield (
            f"{self._moment(self.calendar.since)} to {self._moment(self.calendar.until)}, "
            f"{self.zone_name}. "
            f"{_counted(len(self.calendar.lanes), 'rotation')}, "
            f"{_counted(people, 'person', 'people')}."
        )

    def _notes(self) -> Iterator[str]:
        hidden = self.calendar.unreadable
        for lane in hidden:
            yield f"{self._unknown_in(lane)}."
        if len(hidden) == len(self.calendar.lanes) > 0:
            return
        gaps = self.calendar.gaps
        if not gaps:
            yield "Somebody is on call all the time."
            return
        whole = _length(gaps)
        times = "once" if len(gaps) == 1 else f"{len(gaps)} times"
        folded = _folded(gaps, self.zone)
        left = sum(map(len, folded[_MOST_GAPS_TOLD:]))
        more = f"; and {left} more" if left else ""
        told = "; ".join(self._told(each, len(gaps)) for each in folded[:_MOST_GAPS_TOLD])
        who = "Nobody in the other rotations" if hidden else "Nobody at all"
        if gaps[1:]:
            yield f"{who} is on call {times}, for {format_duration(whole)} together: {told}{more}."
        else:
            yield f"{who} is on call once: {told}."

    def _told(self, gaps: Sequence[Gap], of: int) -> str:
        """A gap, or several that repeat daily; how many, if that is not told already."""
        first, last = gaps[0], gaps[-1]
        if first is last:
            return self._interval(first)
        hours = format_hours(first.start_time, first.end_time, self.zone)
        dates = format_days(first.start_time, last.start_time, self.zone)
        return f"daily {hours}, {dates}{f', {len(gaps)} times' if len(gaps) < of else ''}"

    def _lanes(self) -> Iterator[Lane]:
        zones = {lane.time_zone_id for lane in self.calendar.lanes} - {None}
        for lane in self.calendar.lanes:
            shifts = [shift for shift in lane.shifts if self._is_within(shift)]
            rows = max((len(shift.contact_ids) for shift in shifts), default=1) or 1
            bars = [bar for shift in shifts for bar in self._bars(shift, rows)]
            bars += self._nobody(lane, rows)
            detail = lane.time_zone_id or self._no_zone(lane)
            yield Lane(
                name=self._name(lane.name),
                detail=detail if len(zones) > 1 or lane.time_zone_id is None else "",
                rows=rows,
                bars=tuple(bars),
            )
        gaps = [self._gap(gap, "any rotation", 1) for gap in self.calendar.gaps]
        # A schedule without rotations has no other lane that could show them.
        if len(self.calendar.lanes) != 1 and gaps:
            name = "Nobody known" if self.calendar.unreadable else "Nobody at all"
            yield Lane(name=name, bars=tuple(gaps))

    def _no_zone(self, lane: CalendarLane) -> str:
        error = lane.error or lane.rotation_error
        return "no such rotation" if error is None else not_read(error)

    def _unknown_in(self, lane: CalendarLane) -> str:
        why = "" if lane.error is None else f": its shifts {not_read(lane.error)}"
        return f"It is not known who is on call in {self._name(lane.name)}{why}"

    def _bars(self, shift: Shift, rows: int) -> Iterator[Bar]:
        """A bar for each person, beneath one another."""
        is_override = shift.type == ShiftType.OVERRIDDEN
        people = shift.contact_ids
        for number, arn in enumerate(people):
            row = number * rows // len(people)
            yield Bar(
                start=shift.start_time.timestamp(),
                end=shift.end_time.timestamp(),
                text=f"{self._name(self.names[arn])}: {self._times(shift)}{self._instead(shift)}",
                labels=self.labels[arn],
                key=arn,
                style="striped" if is_override else "plain",
                row=row,
                span=(number + 1) * rows // len(people) - row,
            )

    def _instead(self, shift: Shift) -> str:
        if shift.type != ShiftType.OVERRIDDEN:
            return ""
        others = ", ".join(
            self._name(self.names[arn]) for arn in shift.overridden_contact_ids or ()
        )
        return f", an override instead of {others}" if others else ", an override"

    def _nobody(self, lane: CalendarLane, rows: int) -> Iterator[Bar]:
        """The gaps of a lane. What an override has made one is a piece of its own.

        One among several rotations may well have hours that are left to the others.
        """
        if lane.error is not None:
            yield Bar(
                start=self.calendar.since.timestamp(),
                end=self.calendar.until.timestamp(),
                text=self._unknown_in(lane),
                labels=(not_read(lane.error), "not known"),
                style="hollow",
                span=rows,
            )
            return
        is_quiet = self._is_several
        for gap in self.calendar.gaps_in(lane):
            start = gap.start_time
            for shift in lane.overrides:
                if shift.contact_ids:
                    continue
                begun = max(start, shift.start_time)
                end = min(gap.end_time, shift.end_time)
                if begun < end:
                    if start < begun:
                        rest = Gap(start_time=start, end_time=begun)
                        yield self._gap(rest, lane.name, rows, is_quiet=is_quiet)
                    own = Gap(start_time=begun, end_time=end)
                    yield self._gap(own, lane.name, rows, why=self._instead(shift))
                    start = end
            if start < gap.end_time:
                rest = Gap(start_time=start, end_time=gap.end_time)
                yield self._gap(rest, lane.name, rows, is_quiet=is_quiet)

    def _gap(
        self, gap: Gap, where: str, rows: int, *, why: str = "", is_quiet: bool = False
    ) -> Bar:
        if not gap.is_certain:
            return Bar(
                start=gap.start_time.timestamp(),
                end=gap.end_time.timestamp(),
                text=f"not known whether anybody is on call: {self._interval(gap)}",
                labels=("not known",),
                style="hollow",
                span=rows,
            )
        return Bar(
            start=gap.start_time.timestamp(),
            end=gap.end_time.timestamp(),
            text=f"nobody in {self._name(where)}: {self._interval(gap)}{why}",
            labels=() if is_quiet else ("nobody", ""),
            style="quiet" if is_quiet else "gap",
            span=rows,
        )

    def _lines(self) -> Iterator[Line]:
        now = self.calendar.now
        if now is not None:
            yield Line(at=now.timestamp(), label="now")

    def _times(self, shift: Shift) -> str:
        told = format_interval(shift.start_time, shift.end_time, self.zone)
        return f"{told}, {format_duration(shift.end_time - shift.start_time)}"

    def _interval(self, gap: Gap) -> str:
        interval = format_interval(gap.start_time, gap.end_time, self.zone)
        return f"{interval}, {format_duration(gap.duration)}"

    def _moment(self, at: datetime) -> str:
        return format_instant(at, self.zone)

    @staticmethod
    def _name(name: str) -> str:
        return isolate(one_line(name))


def _counted(count: int, one: str, several: str = "") -> str:
    return f"{count} {one if count == 1 else several or f'{one}s'}"


def _folded(gaps: Sequence[Gap], zone: tzinfo) -> list[list[Gap]]:
    """Gaps, those together that come day after day at the same hours; the longest first."""
    runs: list[list[Gap]] = []
    going_on: dict[tuple[time, time], list[Gap]] = {}
    for gap in gaps:
        start, end = in_zone(gap.start_time, zone), in_zone(gap.end_time, zone)
        hours = start.time(), end.time()
        run = going_on.get(hours)
        if (
            run is not None
            and gap.duration < _A_DAY
            and start.date() - in_zone(run[-1].start_time, zone).date() == _A_DAY
        ):
            run.append(gap)
            continue
        going_on[hours] = [gap]
        runs.append(going_on[hours])
    told: list[list[Gap]] = []
    for run in runs:
        told += [run] if len(run) >= _FEWEST_FOLDED else [[gap] for gap in run]
    return sorted(told, key=_length, reverse=True)


def _length(gaps: Sequence[Gap]) -> timedelta:
    return sum((gap.duration for gap in gaps), timedelta(0))


def _zone_of(lanes: Sequence[CalendarLane], told: str | None) -> tuple[tzinfo, str]:
    """The zone that is told, or that of all the rotations, if they have one."""
    if told is not None:
        return ZoneInfo(told), told
    names = {lane.time_zone_id for lane in lanes if lane.time_zone_id is not None}
    if len(names) == 1:
        (name,) = names
        if is_zone(name):
            return ZoneInfo(name), name
    return timezone.utc, "UTC"
