"""Times that no shift covers."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._public import public

Interval = tuple[datetime, datetime]
"""From when until when."""


@public
@frozen(kw_only=True)
class Gap:
    """A time in which nobody is on call.

    Attributes:
        start_time: when it begins.
        end_time: when it ends.
        is_certain: False if somebody may be on call after all, in a rotation whose shifts could
            not be read.
    """

    start_time: datetime
    end_time: datetime
    is_certain: bool = True

    @property
    def duration(self) -> timedelta:
        """How long it is."""
        return self.end_time - self.start_time


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
