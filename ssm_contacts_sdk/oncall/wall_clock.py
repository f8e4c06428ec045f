"""What a wall clock shows, as instants: it is put forward and back.

A wall time is kept here as a datetime in UTC that means what the clock on the wall shows. So it can
be counted with, and becomes an instant by taking the zone's offset off it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

from attrs import frozen

from ssm_contacts_sdk.oncall.assumptions import OnCallAssumptions

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


@frozen
class WallClock:
    """The clock of a zone."""

    _offset: Callable[[datetime], timedelta]
    _second: bool

    @staticmethod
    def of(time_zone_id: str, assumptions: OnCallAssumptions) -> WallClock:
        """The clock of the zone of this name."""
        zone = ZoneInfo(time_zone_id)
        # The base class lets it give None, which a zone of the database does for no datetime.
        offset = cast("Callable[[datetime], timedelta]", zone.utcoffset)
        return WallClock(offset, assumptions.repeated_hour == "second")

    def instant(self, wall: datetime) -> datetime:
        """When the clock shows `wall`; if it never does, later by as much as it was put forward."""
        if self._second:
            # The later one. Where the clock was put forward this is the offset before, too.
            return wall - min(self._offset(wall), self._offset(wall.replace(fold=1)))
        return wall - self._offset(wall)

    def shows(self, wall: datetime) -> bool:
        """Whether the clock shows `wall` at all."""
        return self._offset(wall) >= self._offset(wall.replace(fold=1))


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
