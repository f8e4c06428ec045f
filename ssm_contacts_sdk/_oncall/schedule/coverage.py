"""The hours that a rotation covers, and its shifts cut to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from operator import itemgetter

from attrs import frozen

from ssm_contacts_sdk._models.recurrence import ShiftCoverage
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.hand_offs import DAYS
from ssm_contacts_sdk._oncall.schedule.shift_values import regular
from ssm_contacts_sdk._oncall.schedule.wall_clock import (
    A_DAY,
    END,
    LAST,
    ORIGIN,
    Stretch,
    WallClock,
    around,
    in_order,
)

_A_WEEK = 7 * A_DAY
_NO_MORE: Stretch = (END, END)


@frozen
class CoveredHours:
    """The hours of a week that are covered, from Monday, by the rotation's clock."""

    ranges: tuple[tuple[timedelta, timedelta], ...]
    clock: WallClock

    @staticmethod
    def of(
        coverages: Iterable[ShiftCoverage], clock: WallClock, assumptions: OnCallAssumptions
    ) -> CoveredHours:
        """The hours of all the days that are named and known."""
        nightly = assumptions.coverage_end_before_start == "next_day"
        return CoveredHours(tuple(_ranges(coverages, nightly=nightly)), clock)

    def since(self, instant: datetime) -> Iterator[Stretch]:
        """What is covered from `instant` on and shortly before, in order. Stretches may adjoin."""
        told = ORIGIN
        for batch in in_order(self._weeks(around(instant) - A_DAY), itemgetter(0)):
            for start, end in batch:
                if end > told:
                    yield max(start, told), end
                    told = end

    def _weeks(self, wall: datetime) -> Iterator[tuple[datetime, list[Stretch]]]:
        week = ORIGIN + (wall - ORIGIN) // _A_WEEK * _A_WEEK
        # Without hours there is nothing to look for, until the end of time.
        while self.ranges and week < LAST:
            yield (
                week + _A_WEEK,
                [
                    stretch
                    for start, end in self.ranges
                    for stretch in self._stretch(week + start, week + end)
                ],
            )
            week += _A_WEEK

    def _stretch(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        stretch = self.clock.instant(start), self.clock.instant(end)
        # Hours of which the clock shows neither end, such as those of a day that was left out of
        # the calendar, are not moved to others.
        shown = self.clock.shows(start) or self.clock.shows(end)
        if shown and stretch[0] < stretch[1]:
            yield stretch


def _ranges(
    coverages: Iterable[ShiftCoverage], *, nightly: bool
) -> Iterator[tuple[timedelta, timedelta]]:
    for coverage in coverages:
        day = DAYS.get(coverage.day_of_week)
        if day is None:
            # A day that AWS may name some time.
            continue
        for hours in coverage.coverage_times:
            if hours.start is None or hours.end is None:
                continue
            if nightly or hours.start < hours.end:
                end = day if hours.start < hours.end else day + 1
                yield _in_the_week(day, hours.start), _in_the_week(end, hours.end)


def _in_the_week(day: int, at: time) -> timedelta:
    return timedelta(days=day, hours=at.hour, minutes=at.minute)


def cut_to(hours: CoveredHours, shifts: Iterable[Shift], *, keep_empty: bool) -> Iterator[Shift]:
    """The covered pieces of the shifts, and the others, without people, if they are kept."""
    coming: Iterator[Stretch] | None = None
    stretch = _NO_MORE
    for shift in shifts:
        if coming is None:
            coming = hours.since(shift.start_time)
            stretch = next(coming, _NO_MORE)
        pieces: list[Stretch] = []
        while stretch[0] < shift.end_time:
            _add(pieces, max(stretch[0], shift.start_time), min(stretch[1], shift.end_time))
            if stretch[1] > shift.end_time:
                break
            stretch = next(coming, _NO_MORE)
        yield from _pieces_of(shift, pieces, keep_empty=keep_empty)


def _add(pieces: list[Stretch], start: datetime, end: datetime) -> None:
    if pieces and pieces[-1][1] == start:
        pieces[-1] = (pieces[-1][0], end)
    elif start < end:
        pieces.append((start, end))


def _pieces_of(shift: Shift, pieces: list[Stretch], *, keep_empty: bool) -> Iterator[Shift]:
    told = shift.start_time
    for start, end in pieces:
        if keep_empty and told < start:
            yield regular((), told, start)
        yield regular(shift.contact_ids, start, end)
        told = end
    if keep_empty and told < shift.end_time:
        yield regular((), told, shift.end_time)
