"""Gaps: times in which nobody is on call."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from attrs import frozen

from ssm_contacts_sdk._dates import Interval
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._public import public


@public
@frozen(kw_only=True)
class Gap:
    """A time in which nobody is on call.

    >>> from datetime import datetime, timedelta, timezone
    >>> night = datetime(2025, 1, 6, 18, 0, tzinfo=timezone.utc)
    >>> str(Gap(start_time=night, end_time=night + timedelta(hours=15)).duration)
    '15:00:00'

    Attributes:
        start_time: when it begins, in UTC.
        end_time: when it ends, in UTC. The instant itself is not a part of the gap.
        is_certain: whether all shifts were read; False if somebody may be on call in a rotation
            whose shifts could not be read.
    """

    start_time: datetime
    end_time: datetime
    is_certain: bool = True

    @property
    def duration(self) -> timedelta:
        """The length of the gap."""
        return self.end_time - self.start_time


def gaps_between(shifts: Iterable[Shift], since: datetime, until: datetime) -> tuple[Interval, ...]:
    """Return the times from `since` to `until` that no shift with people in it covers."""
    covered = sorted(
        (shift.start_time, shift.end_time)
        for shift in shifts
        # A shift that was read may end before it starts.
        if shift.contact_ids and shift.start_time < shift.end_time
    )
    gaps: list[Interval] = []
    covered_until = since
    for start, end in [*covered, (until, until)]:
        if covered_until < min(start, until):
            gaps.append((covered_until, min(start, until)))
        covered_until = max(covered_until, end)
    return tuple(gaps)


def subtract(interval: Interval, others: Sequence[Interval]) -> Iterator[Interval]:
    """Yield the parts of an interval that are in none of the others, which are in order."""
    start, end = interval
    for other_start, other_end in others[bisect_right(others, start, key=_end) :]:
        if other_start >= end:
            break
        if other_start > start:
            yield start, other_start
        start = other_end
    if start < end:
        yield start, end


def _end(interval: Interval) -> datetime:
    return interval[1]
