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

from ssm_contacts_sdk._models.recurrence import DayOfWeek, MonthlySetting, Recurrence
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.wall_clock import (
    A_DAY,
    FIRST,
    LAST,
    ORIGIN,
    Stretch,
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

    def slots_of(self, _: int) -> tuple[timedelta, ...]:
        """How long after its beginning the hand-offs of a period are."""
        return self.slots

    def count(self, numbers: range) -> int:
        """How many hand-offs some periods have together."""
        return len(numbers) * len(self.slots)


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
        return [begin + slot for slot in self.slots_of(number)]

    def slots_of(self, number: int) -> tuple[timedelta, ...]:
        """How long after its beginning the hand-offs of a period are."""
        _, length = monthrange(number // 12, number % 12 + 1)
        return self.slots[length]

    def count(self, numbers: range) -> int:
        """How many hand-offs some periods have together."""
        sizes = {*map(len, self.slots.values())}
        if len(sizes) == 1:
            return len(numbers) * sizes.pop()
        return sum(len(self.slots_of(number)) for number in numbers)


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


@frozen
class HandOffs:
    """The hand-offs from a start on.

    Only those in every n-th period count, from that of the first hand-off on. Two at one instant
    are one: where a day is left out of the calendar, its hand-offs fall on those of the next.
    """

    periods: Periods
    start: datetime
    clock: WallClock
    numbers: range
    """The periods that count, the earliest one shortly before the start."""

    @staticmethod
    def of(periods: Periods, every: int, start: datetime, clock: WallClock) -> HandOffs:
        """Those in every n-th period."""
        first = periods.number(around(start))
        if every > 1:
            first = _first_period(periods, first, start, clock)
        return HandOffs(periods, start, clock, range(first, periods.number(LAST), every))

    def batches(self, place: int = 0) -> Iterator[list[datetime]]:
        """Those from a place among the periods on, in batches in order, of which none is empty."""
        for batch in in_order(self._periods_from(place), _itself):
            due = batch if batch[0] >= self.start else batch[bisect_left(batch, self.start) :]
            if due:
                yield [instant for instant, _ in groupby(due)]

    def place_before(self, instant: datetime, margin: int) -> int:
        """A place among the periods, about so many of them before `instant`, to go on from.

        What comes before it comes before all that comes after it, also where the clock is put
        forward. It is 0 if it is not worth while to leave anything out.
        """
        number = self.periods.number(self.clock.about(instant))
        places = (number - self.numbers.start) // self.numbers.step
        place = min(places, len(self.numbers) - 1) - margin
        while place > 0 and self._is_mixed(place):
            place -= 1
        return place if place > self._head() else 0

    def count_before(self, place: int) -> int:
        """How many there are before a place that `place_before` gave, and that is not 0.

        They are not gone through: a rotation may have begun long ago.
        """
        head = self._head()
        first = {
            instant
            for number in self.numbers[:head]
            for instant in map(self.clock.instant, self.periods.walls(number))
            if instant >= self.start
        }
        since, until = (self.periods.begin(self.numbers[each]) for each in (head, place))
        doubled = sum(map(self._doubled, self.clock.never_shown(since, until)))
        return len(first) + self.periods.count(self.numbers[head:place]) - doubled

    def _head(self) -> int:
        """The first place from which on all hand-offs come after the start."""
        after = min(self.start, LAST) + 2 * A_DAY
        head = 0
        while head < len(self.numbers) - 1 and (
            self.periods.begin(self.numbers[head]) < after or self._is_mixed(head)
        ):
            head += 1
        return head

    def _is_mixed(self, place: int) -> bool:
        """Whether hand-offs before a place may come after others, or fall on them."""
        wall = self.periods.begin(self.numbers[place])
        # A clock is put forward by a day at most.
        return any(
            start < wall < end + (end - start)
            for start, end in self.clock.never_shown(max(wall - 2 * A_DAY, FIRST), wall)
        )

    def _doubled(self, never_shown: Stretch) -> int:
        """How many hand-offs fall on others where the clock is put forward."""
        start, end = never_shown
        until = end + (end - start)
        walls: list[datetime] = []
        for number in range(self.periods.number(start), self.periods.number(until) + 1):
            if number in self.numbers:
                begin, slots = self.periods.begin(number), self.periods.slots_of(number)
                first, last = (bisect_left(slots, each - begin) for each in (start, until))
                walls.extend(begin + slot for slot in slots[first:last])
        return len(walls) - len({*map(self.clock.instant, walls)}) if len(walls) > 1 else 0

    def _periods_from(self, place: int) -> Iterator[tuple[datetime, list[datetime]]]:
        walls, instant = self.periods.walls, self.clock.instant
        size = max(1, _AT_ONCE // self.periods.most)
        for index in range(place, len(self.numbers), size):
            batch = self.numbers[index : index + size]
            yield (
                self.periods.begin(batch[-1] + 1),
                [instant(wall) for number in batch for wall in walls(number)],
            )


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
