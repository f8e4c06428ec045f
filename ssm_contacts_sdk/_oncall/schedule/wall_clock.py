"""What a wall clock shows, as instants: it is put forward and back.

A wall time is kept here as a datetime in UTC that means what the clock on the wall shows. So it can
be counted with, and becomes an instant by taking the zone's offset off it.
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

from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions

A_DAY = timedelta(days=1)
ORIGIN = datetime.min.replace(tzinfo=timezone.utc)
"""A Monday, and the first of a month."""
END = datetime.max.replace(tzinfo=timezone.utc)
"""Where dates end."""
# Outside these two, a month and an offset could lead out of the years that Python has.
FIRST = datetime(1, 2, 5, tzinfo=timezone.utc)
LAST = datetime(9999, 12, 1, tzinfo=timezone.utc)

Stretch = tuple[datetime, datetime]
"""From when to when; the end is not a part of it."""
Timed = TypeVar("Timed", datetime, Stretch)


# No zone of the database changes its clock earlier, or by another rule later. The days of the
# calendar are the same every 400 years, which are whole weeks.
_FIRST_CHANGES, _LAST_CHANGES, _SAME_AFTER = 1840, 2500, 400
_DAYS_UNTIL_SAME = 146_097
_A_SECOND = timedelta(seconds=1)


@frozen
class WallClock:
    """The clock of a zone."""

    _time_zone_id: str
    _offset: Callable[[datetime], timedelta]
    _second: bool

    @staticmethod
    def of(time_zone_id: str, assumptions: OnCallAssumptions) -> WallClock:
        """The clock of the zone of this name."""
        zone = ZoneInfo(time_zone_id)
        # The base class lets it give None, which a zone of the database does for no datetime.
        offset = cast("Callable[[datetime], timedelta]", zone.utcoffset)
        return WallClock(time_zone_id, offset, assumptions.repeated_hour == "second")

    def instant(self, wall: datetime) -> datetime:
        """When the clock shows `wall`; if it never does, later by as much as it was put forward."""
        if self._second:
            # The later one. Where the clock was put forward this is the offset before, too.
            return wall - min(self._offset(wall), self._offset(wall.replace(fold=1)))
        return wall - self._offset(wall)

    def about(self, instant: datetime) -> datetime:
        """What the clock shows at `instant`, but for as much as it is changed by near then."""
        bounded = min(max(instant, FIRST), LAST)
        return bounded + self._offset(bounded)

    def shows(self, wall: datetime) -> bool:
        """Whether the clock shows `wall` at all."""
        return self._offset(wall) >= self._offset(wall.replace(fold=1))

    def never_shown(self, since: datetime, until: datetime) -> Iterator[Stretch]:
        """The wall times that the clock is put forward over, where they begin in this time."""
        for year in range(max(since.year, _FIRST_CHANGES), until.year + 1):
            for start, end in self._never_shown_in(year):
                if since <= start < until:
                    yield start, end

    def _never_shown_in(self, year: int) -> Iterable[Stretch]:
        if year < _LAST_CHANGES:
            return _never_shown(self._time_zone_id, year)
        times, same = divmod(year - _LAST_CHANGES, _SAME_AFTER)
        # A year like it before then.
        moved = (times + 1) * _DAYS_UNTIL_SAME * A_DAY
        return [
            (start + moved, end + moved)
            for start, end in _never_shown(self._time_zone_id, _LAST_CHANGES - _SAME_AFTER + same)
        ]


@lru_cache(maxsize=4096)
def _never_shown(time_zone_id: str, year: int) -> tuple[Stretch, ...]:
    """What the clock of a zone is put forward over in a year.

    It is looked at once for each day. No zone of the database changes its clock twice within three.
    """
    offset = cast("Callable[[datetime], timedelta]", ZoneInfo(time_zone_id).utcoffset)
    begin, end = (datetime(each, 1, 1, tzinfo=timezone.utc) for each in (year, year + 1))
    days = [begin + number * A_DAY for number in range((end - begin).days + 1)]
    offsets = list(map(offset, days))
    found: list[Stretch] = []
    for at, (before, after) in enumerate(pairwise(offsets)):
        if before < after:
            low, high = days[at], days[at + 1]
            while high - low > _A_SECOND:
                middle = low + (high - low) // (2 * _A_SECOND) * _A_SECOND
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            found.append((high - (after - before), high))
    return tuple(found)


def is_zone(time_zone_id: object) -> bool:
    """Whether this machine knows a zone of this name."""
    if not isinstance(time_zone_id, str):
        return False
    try:
        ZoneInfo(time_zone_id)
    except (KeyError, ValueError, OSError):
        return False
    return True


def around(instant: datetime) -> datetime:
    """A wall time that is early enough to look from it for what happens from `instant` on."""
    # One day for the offset, and one for a clock that is put forward by a day.
    return max(instant - 2 * A_DAY, FIRST) if instant > FIRST else FIRST


def in_order(
    batches: Iterable[tuple[datetime, Iterable[Timed]]], begin: Callable[[Timed], datetime]
) -> Iterator[list[Timed]]:
    """The same instants or stretches in order: times that the clock never shows overtake others.

    With each batch comes the wall time that all later batches lie after.
    """
    held: list[Timed] = []
    for wall, batch in batches:
        held.extend(batch)
        held.sort()
        # An offset is less than a day, so that nothing to come lies before this.
        ready = bisect_left(held, wall - A_DAY, key=begin)
        if ready:
            yield held[:ready]
            del held[:ready]
    if held:
        yield held
