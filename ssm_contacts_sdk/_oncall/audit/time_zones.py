"""Gaps that come of clocks: two zones change theirs on different days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from ssm_contacts_sdk._dates import EARLIEST, LATEST, Interval
from ssm_contacts_sdk._models.rotations import RotationRecord, Shift, ShiftType
from ssm_contacts_sdk._oncall.audit.context import Audited
from ssm_contacts_sdk._oncall.schedule.wall_clock import is_time_zone

# Two zones that go by the same seasons change their clocks no further apart than this.
_APART = timedelta(days=60)
_A_DAY = timedelta(days=1)
_A_SECOND = timedelta(seconds=1)


@frozen
class Seam:
    """Where one rotation hands over to another in another zone, by whose clocks it came apart."""

    before: RotationRecord
    after: RotationRecord
    gaps: tuple[Interval, ...]

    @property
    def longest(self) -> timedelta:
        return max(end - start for start, end in self.gaps)


def seams(account: Audited, rotations: Sequence[str], gaps: Sequence[Interval]) -> list[Seam]:
    """Which of the gaps are there only because clocks are changed on different days.

    Such a gap lies between a change of the one zone and a change of the other, of the same hours,
    before and after which the clocks are equally far apart. If they were that far apart during the
    gap as well, there would be none.
    """
    clocks = _Clocks(
        max(account.since, EARLIEST + _APART) - _APART, min(account.until, LATEST - _APART) + _APART
    )
    edges = _Edges(account, rotations)
    found: dict[tuple[str, str], list[Interval]] = {}
    for gap in gaps:
        for before, after in edges.around(gap):
            if clocks.makes(gap, before.time_zone_id, after.time_zone_id):
                found.setdefault((before.arn, after.arn), []).append(gap)
                break
    there = account.snapshot.rotations
    return [
        Seam(there[before], there[after], tuple(torn)) for (before, after), torn in found.items()
    ]


class _Edges:
    """When coverage of rotations ends and begins by the clock, and not by an override."""

    def __init__(self, account: Audited, rotations: Sequence[str]) -> None:
        self._ends: dict[datetime, list[RotationRecord]] = {}
        self._starts: dict[datetime, list[RotationRecord]] = {}
        for arn in rotations:
            rotation = account.snapshot.rotations.get(arn)
            if rotation is None:
                # It could not be read: its zone is not known.
                continue
            for shift in account.shifts(arn):
                if _is_regular(shift):
                    self._ends.setdefault(shift.end_time, []).append(rotation)
                    # The very first one may begin in the middle of the hours. Where the service
                    # does not tell the start, every shift counts.
                    if rotation.start_time is None or shift.start_time > rotation.start_time:
                        self._starts.setdefault(shift.start_time, []).append(rotation)

    def around(self, gap: Interval) -> Iterator[tuple[RotationRecord, RotationRecord]]:
        """The rotations that a gap lies between."""
        start, end = gap
        for before in self._ends.get(start, ()):
            for after in self._starts.get(end, ()):
                yield before, after


def _is_regular(shift: Shift) -> bool:
    return shift.type == ShiftType.REGULAR and bool(shift.contact_ids)


@define
class _Clocks:
    """The clocks of zones, and when they are changed within a stretch of time."""

    _since: datetime
    _until: datetime
    _changes: dict[str, list[datetime]] = field(factory=dict[str, "list[datetime]"], init=False)

    def makes(self, gap: Interval, before: str, after: str) -> bool:
        """Whether there is this gap only because the two zones change clocks on different days."""
        if not (is_time_zone(before) and is_time_zone(after)):
            return False
        start, end = gap
        changes_of = [(at, zone) for zone in (before, after) for at in self._changes_of(zone)]
        earlier = [each for each in changes_of if each[0] <= start]
        later = [each for each in changes_of if each[0] >= end]
        # A zone that changes its clock twice is not one of two that change theirs apart.
        if not earlier or not later or max(earlier)[1] == min(later)[1]:
            return False
        (changed, _), (changes, _) = max(earlier), min(later)
        usual = _ahead(before, after, changed - _A_SECOND)
        torn = _ahead(before, after, start) - usual
        return (
            usual == _ahead(before, after, changes)
            and _ahead(before, after, end) == _ahead(before, after, start)
            and end - start <= torn
            and _A_DAY <= changes - changed <= _APART
        )

    def _changes_of(self, zone: str) -> list[datetime]:
        if zone not in self._changes:
            self._changes[zone] = list(_changes(zone, self._since, self._until))
        return self._changes[zone]


def _changes(zone: str, since: datetime, until: datetime) -> Iterator[datetime]:
    """When the clock of a zone is put forward or back, to the second."""
    day = since
    while day < until:
        tomorrow = day + _A_DAY
        if _offset(zone, day) != _offset(zone, tomorrow):
            low, high = day, tomorrow
            while high - low > _A_SECOND:
                middle = low + (high - low) // (2 * _A_SECOND) * _A_SECOND
                if _offset(zone, middle) == _offset(zone, day):
                    low = middle
                else:
                    high = middle
            yield high
        day = tomorrow


def _ahead(before: str, after: str, at: datetime) -> timedelta:
    return _offset(before, at) - _offset(after, at)


def _offset(zone: str, at: datetime) -> timedelta:
    # A zone of the database gives None for no instant.
    return cast("timedelta", at.astimezone(ZoneInfo(zone)).utcoffset())
