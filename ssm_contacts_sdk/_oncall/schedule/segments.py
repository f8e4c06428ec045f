"""Shifts, cut into segments: those that the coverage leaves, and those of overrides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from operator import itemgetter

from attrs import evolve, frozen

from ssm_contacts_sdk._dates import LATEST, MAX_INSTANT, MIN_INSTANT, Interval
from ssm_contacts_sdk._models.recurrence_parts import ShiftCoverage
from ssm_contacts_sdk._models.rotations import PreviewOverride, Shift, ShiftType
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.hand_offs import WEEKDAYS
from ssm_contacts_sdk._oncall.schedule.wall_clock import DAY, WallClock, in_order, search_start
from ssm_contacts_sdk._schema.times import as_instant
from ssm_contacts_sdk._schema.values import trusted_constructor

_WEEK = 7 * DAY
_NO_HOURS: Interval = (MAX_INSTANT, MAX_INSTANT)
_MOST_SHIFTS = 1_000

_new_shift = trusted_constructor(Shift)


def regular_shift(contact_ids: tuple[str, ...], start: datetime, end: datetime) -> Shift:
    """Return a shift that no override changes."""
    return _new_shift(
        contact_ids=contact_ids, start_time=start, end_time=end, type=ShiftType.REGULAR
    )


def _overridden_shift(override: OverrideSegment, replaced: Iterable[str]) -> Shift:
    return _new_shift(
        contact_ids=override.members,
        start_time=override.start,
        end_time=override.end,
        type=ShiftType.OVERRIDDEN,
        overridden_contact_ids=tuple(replaced),
    )


# Coverage -----------------------------------------------------------------------------------------


@frozen
class CoveredHours:
    """The covered hours of a week, from Monday, on the rotation's clock."""

    ranges: tuple[tuple[timedelta, timedelta], ...]
    clock: WallClock

    @staticmethod
    def of(
        coverages: Iterable[ShiftCoverage], clock: WallClock, assumptions: OnCallAssumptions
    ) -> CoveredHours:
        """Return the hours of all days that the coverages name and this package knows."""
        may_end_next_day = assumptions.coverage_end_before_start == "next_day"
        return CoveredHours(tuple(_ranges(coverages, may_end_next_day=may_end_next_day)), clock)

    def since(self, instant: datetime) -> Iterator[Interval]:
        """Yield the covered intervals from shortly before `instant` on, in order.

        An interval may begin where the one before it ends.
        """
        covered_until = MIN_INSTANT
        for batch in in_order(self._weeks(search_start(instant) - DAY), itemgetter(0)):
            for start, end in batch:
                if end > covered_until:
                    yield max(start, covered_until), end
                    covered_until = end

    def _weeks(self, wall: datetime) -> Iterator[tuple[datetime, list[Interval]]]:
        week = MIN_INSTANT + (wall - MIN_INSTANT) // _WEEK * _WEEK
        # Without covered hours, the loop would continue to the last year.
        while self.ranges and week < LATEST:
            yield (
                week + _WEEK,
                [
                    interval
                    for start, end in self.ranges
                    for interval in self._interval(week + start, week + end)
                ],
            )
            week += _WEEK

    def _interval(self, start: datetime, end: datetime) -> Iterator[Interval]:
        interval = self.clock.instant(start), self.clock.instant(end)
        # Hours of which the clock shows neither end, such as those of a day that is skipped in the
        # calendar of a zone, are not moved to other hours.
        is_shown = self.clock.shows(start) or self.clock.shows(end)
        if is_shown and interval[0] < interval[1]:
            yield interval


def _ranges(
    coverages: Iterable[ShiftCoverage], *, may_end_next_day: bool
) -> Iterator[tuple[timedelta, timedelta]]:
    for coverage in coverages:
        day = WEEKDAYS.get(coverage.day_of_week)
        if day is None:
            # A word for a day that AWS may add.
            continue
        for hours in coverage.coverage_times:
            if hours.start is None or hours.end is None:
                continue
            ends_next_day = hours.start >= hours.end
            if may_end_next_day or not ends_next_day:
                yield _in_week(day, hours.start), _in_week(day + ends_next_day, hours.end)


def _in_week(day: int, at: time) -> timedelta:
    return timedelta(days=day, hours=at.hour, minutes=at.minute)


def cut_to_coverage(
    hours: CoveredHours, shifts: Iterable[Shift], *, has_empty_shifts: bool
) -> Iterator[Shift]:
    """Yield the covered segments of the shifts, in order.

    Args:
        hours: the covered hours.
        shifts: the shifts in order.
        has_empty_shifts: whether the other segments are yielded too, as shifts without people.
    """
    covered: Iterator[Interval] | None = None
    interval = _NO_HOURS
    for shift in shifts:
        if covered is None:
            covered = hours.since(shift.start_time)
            interval = next(covered, _NO_HOURS)
        segments: list[Interval] = []
        while interval[0] < shift.end_time:
            _append(segments, max(interval[0], shift.start_time), min(interval[1], shift.end_time))
            if interval[1] > shift.end_time:
                break
            interval = next(covered, _NO_HOURS)
        yield from _segments_of(shift, segments, has_empty_shifts=has_empty_shifts)


def _append(segments: list[Interval], start: datetime, end: datetime) -> None:
    if segments and segments[-1][1] == start:
        segments[-1] = (segments[-1][0], end)
    elif start < end:
        segments.append((start, end))


def _segments_of(
    shift: Shift, segments: list[Interval], *, has_empty_shifts: bool
) -> Iterator[Shift]:
    done = shift.start_time
    for start, end in segments:
        if has_empty_shifts and done < start:
            yield regular_shift((), done, start)
        yield regular_shift(shift.contact_ids, start, end)
        done = end
    if has_empty_shifts and done < shift.end_time:
        yield regular_shift((), done, shift.end_time)


# Overrides ----------------------------------------------------------------------------------------


@frozen
class OverrideSegment:
    """A part of an override, or all of it, in which no other override replaces it."""

    start: datetime
    end: datetime
    rank: int
    """Where overrides overlap, the one with the lowest rank counts."""
    members: tuple[str, ...]


def override_segments(
    overrides: Sequence[PreviewOverride], assumptions: OnCallAssumptions
) -> list[OverrideSegment]:
    """Return the segments of the overrides that count, in order and without overlaps."""
    latest_counts = assumptions.overlapping_overrides == "latest_created"
    wholes = [
        OverrideSegment(
            as_instant(override.start_time),
            as_instant(override.end_time),
            -number if latest_counts else number,
            tuple(dict.fromkeys(override.new_members)),
        )
        for number, override in enumerate(overrides)
    ]
    # An override that was read may end before it starts.
    wholes = sorted((whole for whole in wholes if whole.start < whole.end), key=_start)
    cuts = sorted({end for whole in wholes for end in (whole.start, whole.end)})
    waiting = iter(wholes)
    following = next(waiting, None)
    current: list[tuple[int, OverrideSegment]] = []
    segments: list[OverrideSegment] = []
    for start, end in pairwise(cuts):
        while following is not None and following.start == start:
            heappush(current, (following.rank, following))
            following = next(waiting, None)
        while current and current[0][1].end <= start:
            heappop(current)
        if current:
            _append_override(segments, evolve(current[0][1], start=start, end=end))
    return segments


def _start(segment: OverrideSegment) -> datetime:
    return segment.start


def _append_override(segments: list[OverrideSegment], segment: OverrideSegment) -> None:
    last = segments[-1] if segments else None
    if last is not None and last.rank == segment.rank and last.end == segment.start:
        segments[-1] = evolve(last, end=segment.end)
    else:
        segments.append(segment)


def replaced_since(segments: Iterable[OverrideSegment], since: datetime) -> datetime:
    """Return from when shifts are needed to know whom an override at `since` replaces."""
    return next((each.start for each in segments if each.start <= since < each.end), since)


def apply_overrides(
    segments: Sequence[OverrideSegment],
    shifts_since: Callable[[datetime], Iterable[Shift]],
    since: datetime,
    everybody: AbstractSet[str],
) -> Iterator[Shift]:
    """Yield the shifts in order, with the segments of overrides in place of what they replace.

    The people whom a segment replaces are collected until they are `everybody`, and from a thousand
    shifts at most: an override may last for centuries.

    Args:
        segments: the segments of overrides that count, in order.
        shifts_since: returns the shifts that end after an instant.
        since: from when.
        everybody: all members of the rotation.
    """
    waiting = iter(segments)
    segment = next(waiting, None)
    replaced: dict[str, None] = {}
    replaced_shifts = 0
    overridden_until = MIN_INSTANT
    shifts = iter(shifts_since(since))
    hidden_shifts = 0
    while (shift := next(shifts, None)) is not None:
        done = max(shift.start_time, overridden_until)
        while segment is not None and segment.start < shift.end_time:
            if done < segment.start:
                yield regular_shift(shift.contact_ids, done, segment.start)
            if done < segment.end:
                replaced.update(dict.fromkeys(shift.contact_ids))
            replaced_shifts += 1
            is_complete = everybody <= replaced.keys() or replaced_shifts >= _MOST_SHIFTS
            if segment.end > shift.end_time and not is_complete:
                # The next shifts show who else is replaced.
                done = shift.end_time
                break
            yield _overridden_shift(segment, replaced)
            replaced, replaced_shifts = {}, 0
            done = overridden_until = max(done, segment.end)
            segment = next(waiting, None)
        if done == shift.start_time:
            yield shift
        elif done < shift.end_time:
            yield regular_shift(shift.contact_ids, done, shift.end_time)
        hidden_shifts = hidden_shifts + 1 if overridden_until > shift.end_time else 0
        if hidden_shifts >= _MOST_SHIFTS:
            # The end of a long override is far ahead: continue there, with a shift that it does not
            # hide.
            shifts = iter(shifts_since(overridden_until))
    while segment is not None:
        yield _overridden_shift(segment, replaced)
        replaced = {}
        segment = next(waiting, None)
