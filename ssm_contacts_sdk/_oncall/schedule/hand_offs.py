"""The hand-offs of a rotation, each from its own day and time on the rotation's clock.

No hand-off is calculated from the one before it: if a change of the clock moves one hand-off, the
later ones are not affected.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta, timezone
from itertools import groupby
from typing import Union

from attrs import frozen

from ssm_contacts_sdk._dates import EARLIEST, LATEST, MIN_INSTANT, Interval
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.recurrence_parts import DayOfWeek, MonthlySetting
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.wall_clock import DAY, WallClock, in_order, search_start

WEEKDAYS: Mapping[DayOfWeek, int] = {day: number for number, day in enumerate(DayOfWeek)}
_WEEK = 7 * DAY
_MONTH_LENGTHS = range(28, 32)
_LONGEST_MONTH = 31
# The approximate number of hand-offs in a batch: larger batches cost less for each hand-off, and
# smaller ones return the first hand-offs sooner.
_BATCH_SIZE = 200
# So many periods after the start contain at least one hand-off, also if some are skipped or moved.
_PERIODS_WITH_A_HAND_OFF = 8


@frozen
class Days:
    """Periods of a day, or of a week from Monday, with the hand-offs in them."""

    length: timedelta
    slots: tuple[timedelta, ...]

    @property
    def most(self) -> int:
        """The largest number of hand-offs in a period."""
        return len(self.slots)

    def number(self, wall: datetime) -> int:
        """Return the number of the period that contains `wall`."""
        return (wall - MIN_INSTANT) // self.length

    def begin(self, number: int) -> datetime:
        """Return the wall time at which a period begins."""
        return MIN_INSTANT + number * self.length

    def walls(self, number: int) -> list[datetime]:
        """Return the wall times of the hand-offs of a period."""
        begin = MIN_INSTANT + number * self.length
        return [begin + slot for slot in self.slots]

    def slots_of(self, _: int) -> tuple[timedelta, ...]:
        """Return how long after its beginning the hand-offs of a period are."""
        return self.slots

    def count(self, numbers: range) -> int:
        """Return how many hand-offs several periods have together."""
        return len(numbers) * len(self.slots)


@frozen
class Months:
    """Periods of a month, with the hand-offs in a month of each length."""

    slots: Mapping[int, tuple[timedelta, ...]]

    @property
    def most(self) -> int:
        """The largest number of hand-offs in a period."""
        return max(map(len, self.slots.values()))

    def number(self, wall: datetime) -> int:
        """Return the number of the period that contains `wall`."""
        return wall.year * 12 + wall.month - 1

    def begin(self, number: int) -> datetime:
        """Return the wall time at which a period begins."""
        return datetime(number // 12, number % 12 + 1, 1, tzinfo=timezone.utc)

    def walls(self, number: int) -> list[datetime]:
        """Return the wall times of the hand-offs of a period."""
        begin = self.begin(number)
        return [begin + slot for slot in self.slots_of(number)]

    def slots_of(self, number: int) -> tuple[timedelta, ...]:
        """Return how long after its beginning the hand-offs of a period are."""
        _, length = monthrange(number // 12, number % 12 + 1)
        return self.slots[length]

    def count(self, numbers: range) -> int:
        """Return how many hand-offs several periods have together."""
        sizes = {*map(len, self.slots.values())}
        if len(sizes) == 1:
            return len(numbers) * sizes.pop()
        return sum(len(self.slots_of(number)) for number in numbers)


Periods = Union[Days, Months]


def periods_of(recurrence: Recurrence, assumptions: OnCallAssumptions) -> Periods | None:
    """Return the periods of a recurrence with their hand-offs, or None if there are no hand-offs.

    A recurrence that was read may have no hand-off, more than one kind of setting, or days that
    this package does not know. The first kind of setting is used, and unknown days are ignored.
    """
    if recurrence.daily_settings:
        return Days(DAY, _in_order({_since_midnight(at) for at in recurrence.daily_settings}))
    if weekly := {
        WEEKDAYS[setting.day_of_week] * DAY + _since_midnight(setting.hand_off_time)
        for setting in recurrence.weekly_settings or ()
        if setting.day_of_week in WEEKDAYS
    }:
        return Days(_WEEK, _in_order(weekly))
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
            (min(setting.day_of_month, length) - 1) * DAY + _since_midnight(setting.hand_off_time)
            for setting in settings
            if clamp or setting.day_of_month <= length
        }
    )


def _in_order(slots: set[timedelta]) -> tuple[timedelta, ...]:
    return tuple(sorted(slots))


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


@frozen
class HandOffs:
    """The hand-offs from a start on.

    Only those in every n-th period count, from the period of the first hand-off on. Two at the same
    instant are one hand-off: where a day is skipped in the calendar of a zone, its hand-offs are at
    the same instants as those of the next day.
    """

    periods: Periods
    start: datetime
    clock: WallClock
    numbers: range
    """The periods that count; the first one begins shortly before the start."""

    @staticmethod
    def of(periods: Periods, every: int, start: datetime, clock: WallClock) -> HandOffs:
        """Return the hand-offs in every n-th period."""
        first = periods.number(search_start(start))
        if every > 1:
            first = _first_period(periods, first, start, clock)
        return HandOffs(periods, start, clock, range(first, periods.number(LATEST), every))

    def batches(self, index: int = 0) -> Iterator[list[datetime]]:
        """Yield the hand-offs in order, in batches that are not empty.

        Args:
            index: which of the periods that count is the first one.
        """
        for batch in in_order(self._batches_from(index), _identity):
            due = batch if batch[0] >= self.start else batch[bisect_left(batch, self.start) :]
            if due:
                yield [instant for instant, _ in groupby(due)]

    def index_before(self, instant: datetime, margin: int) -> int:
        """Return the index of a period about `margin` periods before `instant`.

        All hand-offs of earlier periods come before all hand-offs from this period on, also where
        the clock is put forward. The index is 0 if no period needs to be skipped.
        """
        number = self.periods.number(self.clock.approximate(instant))
        last = (number - self.numbers.start) // self.numbers.step
        index = min(last, len(self.numbers) - 1) - margin
        while index > 0 and self._is_mixed(index):
            index -= 1
        return index if index > self._head() else 0

    def count_before(self, index: int) -> int:
        """Return how many hand-offs come before a period, by an index that `index_before` returned.

        They are counted without calculating each of them: a rotation may have started long ago.
        """
        head = self._head()
        first = {
            instant
            for number in self.numbers[:head]
            for instant in map(self.clock.instant, self.periods.walls(number))
            if instant >= self.start
        }
        since, until = (self.periods.begin(self.numbers[each]) for each in (head, index))
        doubled = sum(map(self._doubled, self.clock.never_shown(since, until)))
        return len(first) + self.periods.count(self.numbers[head:index]) - doubled

    def _head(self) -> int:
        """Return the first index from which on all hand-offs come after the start."""
        after = min(self.start, LATEST) + 2 * DAY
        head = 0
        while head < len(self.numbers) - 1 and (
            self.periods.begin(self.numbers[head]) < after or self._is_mixed(head)
        ):
            head += 1
        return head

    def _is_mixed(self, index: int) -> bool:
        """Return whether hand-offs of earlier periods may come after others or equal them."""
        wall = self.periods.begin(self.numbers[index])
        # A clock is put forward by a day at most.
        return any(
            start < wall < end + (end - start)
            for start, end in self.clock.never_shown(max(wall - 2 * DAY, EARLIEST), wall)
        )

    def _doubled(self, never_shown: Interval) -> int:
        """Return how many hand-offs are equal to others because the clock is put forward."""
        start, end = never_shown
        until = end + (end - start)
        walls: list[datetime] = []
        for number in range(self.periods.number(start), self.periods.number(until) + 1):
            if number in self.numbers:
                begin, slots = self.periods.begin(number), self.periods.slots_of(number)
                first, last = (bisect_left(slots, each - begin) for each in (start, until))
                walls.extend(begin + slot for slot in slots[first:last])
        return len(walls) - len({*map(self.clock.instant, walls)}) if len(walls) > 1 else 0

    def _batches_from(self, index: int) -> Iterator[tuple[datetime, list[datetime]]]:
        walls, instant = self.periods.walls, self.clock.instant
        size = max(1, _BATCH_SIZE // self.periods.most)
        for first in range(index, len(self.numbers), size):
            batch = self.numbers[first : first + size]
            yield (
                self.periods.begin(batch[-1] + 1),
                [instant(wall) for number in batch for wall in walls(number)],
            )


def _identity(instant: datetime) -> datetime:
    return instant


def _first_period(periods: Periods, first: int, start: datetime, clock: WallClock) -> int:
    """Return the number of the period with the first hand-off."""
    candidates = [
        (instant, number)
        for number in range(first, min(first + _PERIODS_WITH_A_HAND_OFF, periods.number(LATEST)))
        for instant in map(clock.instant, periods.walls(number))
        if instant >= start
    ]
    return min(candidates)[1] if candidates else first
