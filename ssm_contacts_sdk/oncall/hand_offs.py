"""When hands are changed: each hand-off from its own day and time on the rotation's clock.

None is counted from the one before it: an hour that is lost once would be lost for ever.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta, timezone
from itertools import groupby
from typing import Union

from attrs import frozen

from ssm_contacts_sdk.model.recurrence import DayOfWeek, MonthlySetting, Recurrence
from ssm_contacts_sdk.oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk.oncall.wall_clock import (
    A_DAY,
    LAST,
    ORIGIN,
    WallClock,
    around,
    in_order,
)

DAYS: Mapping[DayOfWeek, int] = {day: number for number, day in enumerate(DayOfWeek)}
_A_WEEK = 7 * A_DAY
_MONTH_LENGTHS = range(28, 32)
_LONGEST_MONTH = 31
# About as many hand-offs are calculated at once: more are faster each, and a few are soon there.
_AT_ONCE = 200
# So many periods after the start there has been a hand-off, whatever is skipped or moved.
_SURELY = 8


@frozen
class Days:
    """Periods of a day or of a week from Monday, with the hand-offs in them."""

    length: timedelta
    slots: tuple[timedelta, ...]

    @property
    def most(self) -> int:
        """How many hand-offs a period has at most."""
        return len(self.slots)

    def number(self, wall: datetime) -> int:
        """Which period `wall` lies in."""
        return (wall - ORIGIN) // self.length

    def begin(self, number: int) -> datetime:
        """The wall time that a period begins at."""
        return ORIGIN + number * self.length

    def walls(self, number: int) -> list[datetime]:
        """The wall times of the hand-offs of a period."""
        begin = ORIGIN + number * self.length
        return [begin + slot for slot in self.slots]


@frozen
class Months:
    """Periods of a month, with the hand-offs in a month of each length."""

    slots: Mapping[int, tuple[timedelta, ...]]

    @property
    def most(self) -> int:
        """How many hand-offs a period has at most."""
        return max(map(len, self.slots.values()))

    def number(self, wall: datetime) -> int:
        """Which period `wall` lies in."""
        return wall.year * 12 + wall.month - 1

    def begin(self, number: int) -> datetime:
        """The wall time that a period begins at."""
        return datetime(number // 12, number % 12 + 1, 1, tzinfo=timezone.utc)

    def walls(self, number: int) -> list[datetime]:
        """The wall times of the hand-offs of a period."""
        begin = self.begin(number)
        _, length = monthrange(begin.year, begin.month)
        return [begin + slot for slot in self.slots[length]]


Periods = Union[Days, Months]


def periods_of(recurrence: Recurrence, assumptions: OnCallAssumptions) -> Periods | None:
    """What recurs, or None if hands are never changed.

    A recurrence that was read may have no hand-off, more than one kind of them, or days that this
    package does not know: then there are none, the first kind counts, and those days do not.
    """
    if recurrence.daily_settings:
        return Days(A_DAY, _in_order({_since_midnight(at) for at in recurrence.daily_settings}))
    if weekly := {
        DAYS[setting.day_of_week] * A_DAY + _since_midnight(setting.hand_off_time)
        for setting in recurrence.weekly_settings or ()
        if setting.day_of_week in DAYS
    }:
        return Days(_A_WEEK, _in_order(weekly))
    if monthly := [
        setting
        for setting in recurrence.monthly_settings or ()
        if 1 <= setting.day_of_month <= _LONGEST_MONTH
    ]:
        clamp = assumptions.short_months == "last_day"
        return Months({length: _slots(monthly, length, clamp=clamp) for length in _MONTH_LENGTHS})
    return None


def _slots(settings: list[MonthlySetting], length: int, *, clamp: bool) -> tuple[timedelta, ...]:
    return _in_order(
        {
            (min(setting.day_of_month, length) - 1) * A_DAY + _since_midnight(setting.hand_off_time)
            for setting in settings
            if clamp or setting.day_of_month <= length
        }
    )


def _in_order(slots: set[timedelta]) -> tuple[timedelta, ...]:
    return tuple(sorted(slots))


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def hand_offs(
    periods: Periods, every: int, start: datetime, clock: WallClock
) -> Iterator[list[datetime]]:
    """The hand-offs from `start` on, in batches in order, of which none is empty.

    Only those in every n-th period count, from that of the first hand-off on. Two at one instant
    are one: where a day is left out of the calendar, its hand-offs fall on those of the next.
    """
    first = periods.number(around(start))
    if every > 1:
        first = _first_period(periods, first, start, clock)
    for batch in in_order(_batches(periods, first, every, clock), _itself):
        due = batch if batch[0] >= start else batch[bisect_left(batch, start) :]
        if due:
            yield [instant for instant, _ in groupby(due)]


def _itself(instant: datetime) -> datetime:
    return instant


def _first_period(periods: Periods, first: int, start: datetime, clock: WallClock) -> int:
    candidates = [
        (instant, number)
        for number in range(first, min(first + _SURELY, periods.number(LAST)))
        for instant in map(clock.instant, periods.walls(number))
        if instant >= start
    ]
    return min(candidates)[1] if candidates else first


def _batches(
    periods: Periods, first: int, every: int, clock: WallClock
) -> Iterator[tuple[datetime, list[datetime]]]:
    numbers = range(first, periods.number(LAST), every)
    walls, instant = periods.walls, clock.instant
    size = max(1, _AT_ONCE // periods.most)
    for index in range(0, len(numbers), size):
        batch = numbers[index : index + size]
        yield (
            periods.begin(batch[-1] + 1),
            [instant(wall) for number in batch for wall in walls(number)],
        )
