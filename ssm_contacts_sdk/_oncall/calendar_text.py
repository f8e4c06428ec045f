"""A calendar in words: names, times, and sentences about the gaps, for charts and iCalendar."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from ssm_contacts_sdk._charts.dates import (
    format_days,
    format_duration,
    format_hours,
    format_instant,
    format_interval,
    in_zone,
)
from ssm_contacts_sdk._charts.typography import isolate, one_line
from ssm_contacts_sdk._models.rotations import Shift, ShiftType
from ssm_contacts_sdk._oncall.gaps import Gap
from ssm_contacts_sdk._oncall.phrases import not_read

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
