"""The clock of a time zone: wall times as instants, also where the clock is changed.

A *wall time* is the date and time that the clock shows, as a datetime whose time zone is formally
UTC. Calculations with wall times need no time zone. Subtracting the offset of the zone converts a
wall time to an instant.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from attrs import frozen

from ssm_contacts_sdk._dates import EARLIEST, LATEST, Interval
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions

DAY = timedelta(days=1)

Timed = TypeVar("Timed", datetime, Interval)

# No zone of the database changes its clock earlier, or by another rule later. The days of the
# calendar are the same every 400 years, which are whole weeks.
_FIRST_CHANGES, _LAST_CHANGES, _CYCLE_YEARS = 1840, 2500, 400
_CYCLE_DAYS = 146_097
_SECOND = timedelta(seconds=1)

Offset = Callable[[datetime], timedelta]


@frozen
class WallClock:
    """The clock of a time zone."""

    _time_zone_id: str
    _offset: Offset
    _prefers_second: bool
    """Whether a time that the clock shows twice is the second one."""

    @staticmethod
    def of(time_zone_id: str, assumptions: OnCallAssumptions) -> WallClock:
        """Return the clock of the time zone of this name."""
        is_second = assumptions.repeated_hour == "second"
        return WallClock(time_zone_id, _offset_of(time_zone_id), is_second)

    def instant(self, wall: datetime) -> datetime:
        """Return the instant at which the clock shows `wall`.

        A time that the clock never shows is moved later by as much as the clock is put forward.
        """
        if self._prefers_second:
            # The smaller offset is the later instant. Where the clock is put forward, it is also
            # the offset before the change.
            return wall - min(self._offset(wall), self._offset(wall.replace(fold=1)))
        return wall - self._offset(wall)

    def approximate(self, instant: datetime) -> datetime:
        """Return the wall time at `instant`, approximately.

        Near a change of the clock, it may be wrong by as much as the clock is changed.
        """
        bounded = min(max(instant, EARLIEST), LATEST)
        return bounded + self._offset(bounded)

    def shows(self, wall: datetime) -> bool:
        """Return whether the clock shows `wall` at all."""
        return self._offset(wall) >= self._offset(wall.replace(fold=1))

    def never_shown(self, since: datetime, until: datetime) -> Iterator[Interval]:
        """Yield the wall times that the clock skips, if they begin in this time."""
        for year in range(max(since.year, _FIRST_CHANGES), until.year + 1):
            for start, end in self._never_shown_in(year):
                if since <= start < until:
                    yield start, end

    def _never_shown_in(self, year: int) -> Iterable[Interval]:
        if year < _LAST_CHANGES:
            return _never_shown(self._time_zone_id, year)
        # The changes are those of an earlier year with the same days, moved by whole cycles.
        cycles, rest = divmod(year - _LAST_CHANGES, _CYCLE_YEARS)
        moved = (cycles + 1) * _CYCLE_DAYS * DAY
        return [
            (start + moved, end + moved)
            for start, end in _never_shown(self._time_zone_id, _LAST_CHANGES - _CYCLE_YEARS + rest)
        ]


def _offset_of(time_zone_id: str) -> Offset:
    # By its type, utcoffset may return None; for a zone of the database it never does.
    return cast("Offset", ZoneInfo(time_zone_id).utcoffset)


@lru_cache(maxsize=4096)
def _never_shown(time_zone_id: str, year: int) -> tuple[Interval, ...]:
    """Return the wall times that the clock of a zone skips in a year.

    The offset is compared once a day: no zone of the database changes its clock twice within three
    days.
    """
    offset = _offset_of(time_zone_id)
    begin, end = (datetime(each, 1, 1, tzinfo=timezone.utc) for each in (year, year + 1))
    days = [begin + number * DAY for number in range((end - begin).days + 1)]
    skipped: list[Interval] = []
    for day, (before, after) in zip(days, pairwise(map(offset, days)), strict=False):
        if before < after:
            changed = first_of_offset(offset, day, day + DAY)
            skipped.append((changed - (after - before), changed))
    return tuple(skipped)


def first_of_offset(offset: Offset, low: datetime, high: datetime) -> datetime:
    """Return the first second with the offset of `high`, after `low`, which has another one."""
    before = offset(low)
    while high - low > _SECOND:
        middle = low + (high - low) // (2 * _SECOND) * _SECOND
        low, high = (middle, high) if offset(middle) == before else (low, middle)
    return high


def is_time_zone(time_zone_id: object) -> bool:
    """Return whether this machine knows a time zone of this name."""
    if not isinstance(time_zone_id, str):
        return False
    try:
        ZoneInfo(time_zone_id)
    except (KeyError, ValueError, OSError):
        return False
    return True


def search_start(instant: datetime) -> datetime:
    """Return a wall time that is before the wall times of all instants from `instant` on."""
    # One day for the offset, and one for a clock that is put forward by a day.
    return max(instant - 2 * DAY, EARLIEST) if instant > EARLIEST else EARLIEST


def in_order(
    batches: Iterable[tuple[datetime, Iterable[Timed]]], key: Callable[[Timed], datetime]
) -> Iterator[list[Timed]]:
    """Yield instants or intervals in order, in batches.

    Those of wall times that the clock skips come after some of later wall times.

    Args:
        batches: instants or intervals, with the wall time before all those of later batches.
        key: returns the instant by which one of them is sorted.
    """
    waiting: list[Timed] = []
    for wall, batch in batches:
        waiting.extend(batch)
        waiting.sort()
        # An offset is less than a day, so nothing in later batches comes before this.
        ready = bisect_left(waiting, wall - DAY, key=key)
        if ready:
            yield waiting[:ready]
            del waiting[:ready]
    if waiting:
        yield waiting
