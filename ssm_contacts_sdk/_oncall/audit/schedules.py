"""The rules of an audit about on-call schedules: their rotations, and their gaps with causes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import cast
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from ssm_contacts_sdk._dates import EARLIEST, LATEST, Interval
from ssm_contacts_sdk._models.arns import in_same_account
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.rotations import RotationRecord, Shift, ShiftType
from ssm_contacts_sdk._oncall.audit.context import AuditContext, deleted_or_foreign
from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity
from ssm_contacts_sdk._oncall.audit.rotations import (
    empty_overrides,
    overridden_by_nobody,
    replace_overrides,
    subtract_all,
)
from ssm_contacts_sdk._oncall.phrases import in_intervals, listed, minutes
from ssm_contacts_sdk._oncall.schedule.wall_clock import DAY, first_of_offset, is_time_zone

# Two time zones with the same seasons change their clocks no further apart than this.
_MOST_APART = timedelta(days=60)
_SECOND = timedelta(seconds=1)


def schedule_findings(context: AuditContext) -> Iterator[Finding]:
    """Yield schedules without rotations, and the times in which nobody is on call."""
    for schedule in context.contacts(ContactType.ONCALL_SCHEDULE):
        named = tuple(dict.fromkeys(schedule.plan.rotation_ids or ()))
        existing = [arn for arn in named if context.exists(arn)]
        if not existing:
            yield _without_rotations(context, schedule, named)
            continue
        for arn in named:
            if arn not in existing:
                yield _deleted_rotation(context, schedule, arn)
        yield from _nobody_on_call(context, schedule, existing)


def _without_rotations(
    context: AuditContext, schedule: ContactRecord, named: tuple[str, ...]
) -> Finding:
    are_own = all(in_same_account(arn, schedule.arn) for arn in named)
    why = f"were {'deleted' if are_own else 'deleted or belong to another account'}"
    return Finding(
        rule="schedule-without-rotations",
        severity=Severity.ERROR,
        resource=schedule.arn,
        text=f"Nobody is ever on call in {context.schedule(schedule.arn)}: "
        + (f"all rotations that it names {why}." if named else "it has no rotations."),
        advice="Add a rotation to its plan.",
        intervals=((context.since, context.until),),
    )


def _deleted_rotation(context: AuditContext, schedule: ContactRecord, arn: str) -> Finding:
    is_own = in_same_account(arn, schedule.arn)
    return Finding(
        rule="deleted-rotation" if is_own else "other-account",
        severity=Severity.ERROR,
        resource=schedule.arn,
        text=f"Nobody is engaged through {context.rotation(arn)}, which "
        f"{context.schedule(schedule.arn)} names: it {deleted_or_foreign(arn, schedule.arn)}.",
        advice=f"Remove {arn} from the schedule's plan.",
    )


def _nobody_on_call(
    context: AuditContext, schedule: ContactRecord, rotations: list[str]
) -> Iterator[Finding]:
    gaps = context.gaps_of[schedule.arn]
    if not gaps:
        return
    text = f"Nobody is on call in {context.schedule(schedule.arn)} {in_intervals(gaps, 'gaps')}"
    causes = list(_causes(context, rotations, gaps))
    if causes[1:]:
        reasons = [
            f"{in_intervals(cause.intervals, 'gaps')}{',' if cause.intervals[1:] else ''} "
            f"because {cause.why}"
            for cause in causes
        ]
        text = f"{text}: {'; '.join(reasons)}"
    elif not causes[0].is_usual:
        text = f"{text}; {causes[0].why}"
    yield Finding(
        rule="nobody-on-call",
        severity=Severity.ERROR,
        resource=schedule.arn,
        text=f"{text}.",
        advice=" ".join(advice for cause in causes for advice in cause.advice),
        intervals=gaps,
    )


@frozen
class _Cause:
    """Why nobody is on call in some of the gaps, and what to do about it."""

    why: str
    intervals: Sequence[Interval]
    advice: Sequence[str]
    is_usual: bool = False
    """Whether the cause is left out of the text if it is the only one."""


def _causes(
    context: AuditContext, rotations: list[str], gaps: Sequence[Interval]
) -> Iterator[_Cause]:
    """Yield the causes of the gaps. Each part of a gap has one cause."""
    rest: Sequence[Interval] = gaps
    with_override: list[str] = []
    advice: list[str] = []
    for arn in rotations:
        empty = list(overridden_by_nobody(context, arn))
        if subtract_all(empty, gaps) != empty:
            with_override.append(context.name(arn))
            advice.append(replace_overrides(arn, empty_overrides(context, arn, gaps)))
            rest = subtract_all(rest, empty)
    if with_override:
        why = f"an override leaves nobody on call in {listed(with_override)}"
        yield _Cause(why, subtract_all(gaps, rest), advice)
    if of_clocks := clock_gaps(context, rotations, rest):
        zones = {each.time_zone_id for found in of_clocks for each in (found.before, found.after)}
        found_gaps = sorted(gap for found in of_clocks for gap in found.gaps)
        yield _Cause(
            f"clocks are changed on different days in {listed(sorted(zones))}",
            found_gaps,
            [_overlap(context, each) for each in of_clocks],
        )
        rest = subtract_all(rest, found_gaps)
    if rest:
        which = "the other hours" if with_override or of_clocks else "these hours"
        yield _Cause(
            "no rotation covers this time",
            rest,
            [f"Add people for {which}: longer coverage, or another rotation."],
            is_usual=True,
        )


def _overlap(context: AuditContext, gaps: ClockGaps) -> str:
    before, after = (f"{context.name(each.arn)} ({each.arn})" for each in (gaps.before, gaps.after))
    needed = minutes(ceil(gaps.longest / timedelta(minutes=1)))
    return (
        f"Let the hours of {before} end {needed} later, or those of {after} begin {needed} earlier."
    )


# Gaps because clocks are changed on different days ------------------------------------------------


@frozen
class ClockGaps:
    """Gaps between two rotations because their time zones change clocks on different days."""

    before: RotationRecord
    after: RotationRecord
    gaps: tuple[Interval, ...]

    @property
    def longest(self) -> timedelta:
        """The length of the longest gap."""
        return max(end - start for start, end in self.gaps)


def clock_gaps(
    context: AuditContext, rotations: Sequence[str], gaps: Sequence[Interval]
) -> list[ClockGaps]:
    """Return which of the gaps exist only because clocks are changed on different days.

    Such a gap is between a change of the clock in one zone and a change in the other. Before the
    first change and after the second one, the difference of the two clocks is the same. With this
    difference, the gap would not exist.
    """
    clocks = _Clocks(
        max(context.since, EARLIEST + _MOST_APART) - _MOST_APART,
        min(context.until, LATEST - _MOST_APART) + _MOST_APART,
    )
    edges = _Edges(context, rotations)
    found: dict[tuple[str, str], list[Interval]] = {}
    for gap in gaps:
        for before, after in edges.rotations_of(gap):
            if clocks.cause(gap, before.time_zone_id, after.time_zone_id):
                found.setdefault((before.arn, after.arn), []).append(gap)
                break
    records = context.snapshot.rotations
    return [
        ClockGaps(records[before], records[after], tuple(of_pair))
        for (before, after), of_pair in found.items()
    ]


class _Edges:
    """When the coverage of rotations ends and begins, except by an override."""

    def __init__(self, context: AuditContext, rotations: Sequence[str]) -> None:
        self._ends: dict[datetime, list[RotationRecord]] = {}
        self._starts: dict[datetime, list[RotationRecord]] = {}
        for arn in rotations:
            rotation = context.snapshot.rotations.get(arn)
            if rotation is None:
                # It could not be read, so its time zone is not known.
                continue
            for shift in context.shifts(arn):
                if _is_regular(shift):
                    self._ends.setdefault(shift.end_time, []).append(rotation)
                    # The first shift may begin in the middle of the covered hours. If the start of
                    # the rotation is not known, every shift counts.
                    if rotation.start_time is None or shift.start_time > rotation.start_time:
                        self._starts.setdefault(shift.start_time, []).append(rotation)

    def rotations_of(self, gap: Interval) -> Iterator[tuple[RotationRecord, RotationRecord]]:
        """Yield the rotations before and after a gap."""
        start, end = gap
        for before in self._ends.get(start, ()):
            for after in self._starts.get(end, ()):
                yield before, after


def _is_regular(shift: Shift) -> bool:
    return shift.type == ShiftType.REGULAR and bool(shift.contact_ids)


@define
class _Clocks:
    """The clocks of time zones, and when they are changed in a time."""

    _since: datetime
    _until: datetime
    _changes: dict[str, list[datetime]] = field(factory=dict[str, "list[datetime]"], init=False)

    def cause(self, gap: Interval, before: str, after: str) -> bool:
        """Return whether a gap exists only because two zones change clocks on different days."""
        if not (is_time_zone(before) and is_time_zone(after)):
            return False
        start, end = gap
        changes = [(at, zone) for zone in (before, after) for at in self._changes_of(zone)]
        earlier = [each for each in changes if each[0] <= start]
        later = [each for each in changes if each[0] >= end]
        # The two changes must be of different zones.
        if not earlier or not later or max(earlier)[1] == min(later)[1]:
            return False
        (first, _), (second, _) = max(earlier), min(later)
        usual = _difference(before, after, first - _SECOND)
        extra = _difference(before, after, start) - usual
        return (
            usual == _difference(before, after, second)
            and _difference(before, after, end) == _difference(before, after, start)
            and end - start <= extra
            and DAY <= second - first <= _MOST_APART
        )

    def _changes_of(self, zone: str) -> list[datetime]:
        if zone not in self._changes:
            self._changes[zone] = list(_changes(zone, self._since, self._until))
        return self._changes[zone]


def _changes(zone: str, since: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when the clock of a zone is changed, to the second."""

    def offset(at: datetime) -> timedelta:
        return _offset(zone, at)

    day = since
    while day < until:
        tomorrow = day + DAY
        if offset(day) != offset(tomorrow):
            yield first_of_offset(offset, day, tomorrow)
        day = tomorrow


def _difference(before: str, after: str, at: datetime) -> timedelta:
    return _offset(before, at) - _offset(after, at)


def _offset(zone: str, at: datetime) -> timedelta:
    # By its type, utcoffset may return None; for a zone of the database it never does.
    return cast("timedelta", at.astimezone(ZoneInfo(zone)).utcoffset())
