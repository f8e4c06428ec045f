"""Times that no shift covers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ssm_contacts_sdk._models.rotations import Shift

Interval = tuple[datetime, datetime]
"""From when until when."""


def gaps_between(shifts: Iterable[Shift], since: datetime, until: datetime) -> tuple[Interval, ...]:
    """The time from `since` until `until` that no shift with people in it covers."""
    taken = sorted(
        (shift.start_time, shift.end_time)
        for shift in shifts
        # One that was read may end before it starts.
        if shift.contact_ids and shift.start_time < shift.end_time
    )
    gaps: list[Interval] = []
    covered = since
    for start, end in [*taken, (until, until)]:
        if covered < min(start, until):
            gaps.append((covered, min(start, until)))
        covered = max(covered, end)
    return tuple(gaps)


def left_of(interval: Interval, gaps: Sequence[Interval]) -> Iterator[Interval]:
    """What of an interval lies in none of the gaps, which are in order."""
    start, end = interval
    for gap_start, gap_end in gaps[bisect_right(gaps, start, key=_end) :]:
        if gap_start >= end:
            break
        if gap_start > start:
            yield start, gap_start
        start = gap_end
    if start < end:
        yield start, end


def _end(interval: Interval) -> datetime:
    return interval[1]
