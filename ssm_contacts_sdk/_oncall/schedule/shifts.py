"""The shifts of a rotation, calculated one by one from its description.

Hand-offs divide time into turns, coverage cuts them, and overrides replace parts of what is left:
each step accepts an iterator of shifts and returns another. Where AWS documents no rule,
`OnCallAssumptions` has an option.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from attrs import field, frozen

from ssm_contacts_sdk._dates import MAX_INSTANT
from ssm_contacts_sdk._errors import CalendarTooLongError, Violation
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import PreviewOverride, Shift
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.hand_offs import HandOffs, periods_of
from ssm_contacts_sdk._oncall.schedule.segments import (
    CoveredHours,
    apply_overrides,
    cut_to_coverage,
    override_segments,
    regular_shift,
    replaced_since,
)
from ssm_contacts_sdk._oncall.schedule.wall_clock import WallClock, is_time_zone
from ssm_contacts_sdk._schema.converters import as_tuple
from ssm_contacts_sdk._schema.times import Instant, as_instant
from ssm_contacts_sdk._schema.values import check_of
from ssm_contacts_sdk._schema.violations import raise_violations, under, violation, wrong_type

MOST_HAND_OFFS = 1_000_000
"""The largest number of hand-offs that one calculation may need.

Many are needed if few of them are in covered hours.
"""

_DEFAULTS = OnCallAssumptions()
_check_instant = check_of(Instant)


def _members(values: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(values)


def _overrides(values: Iterable[PreviewOverride]) -> tuple[PreviewOverride, ...]:
    return as_tuple(values)


@frozen(kw_only=True)
class RotationCalendar:
    """The description of a rotation from which its shifts follow.

    The recurrence and the overrides are not validated: they may have been read from the service.

    Attributes:
        members: contact ARNs, or any strings in a preview, in the order of their turns. A member
            may be in it twice.
        start_time: nobody is on call before it.
        time_zone_id: the time zone of the hand-offs.
        recurrence: the hand-offs, how many people are on call, and the covered hours.
        overrides: in the order in which they were created.

    Raises:
        InvalidValueError: this machine does not know the time zone, the start has no time zone, or
            a part has a wrong type.
    """

    members: Sequence[str] = field(converter=_members)
    start_time: datetime = field(converter=as_instant)
    time_zone_id: str
    recurrence: Recurrence
    overrides: Sequence[PreviewOverride] = field(default=(), converter=_overrides)

    def __attrs_post_init__(self) -> None:
        raise_violations("RotationCalendar", self._violations())

    def _violations(self) -> Iterator[Violation]:
        for name, kind, expected in (
            ("members", tuple, "a list of strs"),
            ("recurrence", Recurrence, "a Recurrence"),
            ("overrides", tuple, "a list of PreviewOverrides"),
        ):
            if not isinstance(part := getattr(self, name), kind):
                yield from wrong_type(expected, part, name)
        yield from under("start_time", _check_instant(self.start_time))
        if not is_time_zone(self.time_zone_id):
            rule = "must be the IANA name of a time zone that this machine knows"
            yield from violation("unknown_time_zone", rule, "time_zone_id")


def shifts(
    calendar: RotationCalendar,
    since: datetime,
    until: datetime,
    assumptions: OnCallAssumptions = _DEFAULTS,
) -> Iterator[Shift]:
    """Return the shifts that overlap the time from `since` to `until`, whole and in order.

    Each shift is calculated when it is taken from the iterator.

    >>> from datetime import timezone
    >>> monday = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
    >>> calendar = RotationCalendar(
    ...     members=["Akua", "Mary"],
    ...     start_time=monday,
    ...     time_zone_id="UTC",
    ...     recurrence=Recurrence.weekly(("MON", "09:00")),
    ... )
    >>> in_two_weeks = shifts(calendar, monday, monday.replace(day=20))
    >>> [(shift.contact_ids, shift.end_time.day) for shift in in_two_weeks]
    [(('Akua',), 13), (('Mary',), 20)]

    Raises:
        InvalidValueError: `since` or `until` has no time zone.
        CalendarTooLongError: too many hand-offs have been calculated.
    """
    raise_violations(
        "shifts", under("since", _check_instant(since)), under("until", _check_instant(until))
    )
    return _between(calendar, as_instant(since), as_instant(until), assumptions)


def _between(
    calendar: RotationCalendar, since: datetime, until: datetime, assumptions: OnCallAssumptions
) -> Iterator[Shift]:
    if since >= until:
        return
    for shift in _since(calendar, since, assumptions):
        if shift.start_time >= until:
            return
        yield shift
        if shift.end_time >= until:
            # Without this, the next shift is calculated, which may be a thousand years away.
            return


def shift_at(
    calendar: RotationCalendar, at: datetime, assumptions: OnCallAssumptions = _DEFAULTS
) -> Shift | None:
    """Return the shift at an instant, if there is one; at a hand-off, the shift that begins.

    Raises:
        InvalidValueError: `at` has no time zone.
        CalendarTooLongError: there are no covered hours within too many hand-offs.
    """
    raise_violations("shift_at", under("at", _check_instant(at)))
    instant = as_instant(at)
    shift = next(_since(calendar, instant, assumptions), None)
    return shift if shift is not None and shift.start_time <= instant else None


def on_call_at(
    calendar: RotationCalendar, at: datetime, assumptions: OnCallAssumptions = _DEFAULTS
) -> tuple[str, ...]:
    """Return the people on call at an instant; nobody, if there is no shift or it has no people.

    Raises:
        InvalidValueError: `at` has no time zone.
        CalendarTooLongError: there are no covered hours within too many hand-offs.
    """
    raise_violations("on_call_at", under("at", _check_instant(at)))
    instant = as_instant(at)
    for segment in override_segments(calendar.overrides, assumptions):
        # `shift_at` would also calculate whom the override replaces, which may be slow.
        if segment.start <= instant < segment.end:
            return segment.members
    later = (each for each in _covered(calendar, instant, assumptions) if each.end_time > instant)
    shift = next(later, None)
    return shift.contact_ids if shift is not None and shift.start_time <= instant else ()


def _since(
    calendar: RotationCalendar, since: datetime, assumptions: OnCallAssumptions
) -> Iterator[Shift]:
    """Yield the shifts that end after `since`."""
    segments = override_segments(calendar.overrides, assumptions)

    def shifts_since(start: datetime) -> Iterator[Shift]:
        # The first ones may be segments of a shift that have already ended.
        return (each for each in _covered(calendar, start, assumptions) if each.end_time > start)

    start = replaced_since(segments, since)
    for shift in apply_overrides(segments, shifts_since, start, {*calendar.members}):
        if shift.end_time > since:
            yield shift


def _covered(
    calendar: RotationCalendar, since: datetime, assumptions: OnCallAssumptions
) -> Iterator[Shift]:
    """Return the shifts without the overrides."""
    clock = WallClock.of(calendar.time_zone_id, assumptions)
    turns = _turns(calendar, since, clock, assumptions)
    coverages = calendar.recurrence.shift_coverages
    if coverages is None or (not coverages and assumptions.empty_coverages == "around_the_clock"):
        return turns
    hours = CoveredHours.of(coverages, clock, assumptions)
    has_empty_shifts = assumptions.uncovered_time == "empty_shift"
    if not hours.ranges and not has_empty_shifts:
        # The search for covered hours would never end.
        return iter(())
    return cut_to_coverage(hours, turns, has_empty_shifts=has_empty_shifts)


def _turns(
    calendar: RotationCalendar, since: datetime, clock: WallClock, assumptions: OnCallAssumptions
) -> Iterator[Shift]:
    """Yield the turns that end after `since`, as shifts."""
    members_of = _members_by_turn(calendar, assumptions)
    # How many hand-offs come before turn 0.
    before = 1 if assumptions.first_turn == "first_hand_off" else 0
    start = calendar.start_time
    turn, batches = _ends(calendar, since, clock, assumptions)
    for ends in batches:
        if ends[-1] <= since:
            start, turn = ends[-1], turn + len(ends)
            continue
        for end in ends:
            # The first end may be the start of the rotation.
            if end > since and end > start:
                yield regular_shift(members_of(max(turn - before, 0)), start, end)
            start, turn = end, turn + 1


def _ends(
    calendar: RotationCalendar, since: datetime, clock: WallClock, assumptions: OnCallAssumptions
) -> tuple[int, Iterator[list[datetime]]]:
    """Return the ends of turns, in batches, and how many ends come before them.

    Ends long before `since` are counted without calculating each of them, except at least one: it
    is the start of the first turn.
    """
    start = calendar.start_time
    periods = periods_of(calendar.recurrence, assumptions)
    if periods is None:
        return 0, iter(())
    multiplier = max(calendar.recurrence.recurrence_multiplier, 1)
    by_periods = assumptions.multiplied == "periods"
    every = 1 if by_periods else multiplier
    hand_offs = HandOffs.of(periods, multiplier if by_periods else 1, start, clock)
    margin = every
    while index := hand_offs.index_before(since, margin):
        before = hand_offs.count_before(index)
        ends = _every(hand_offs.batches(index), before, every)
        first = next(ends)
        if first[0] <= since:
            passed = -(-before // every)
            # A hand-off at the start of the rotation ends no turn.
            at_start = next(hand_offs.batches())[0] == start
            not_counted = assumptions.first_turn == "start" and at_start
            return passed - not_counted, chain([first], ends)
        margin *= 2
    ends = _every(hand_offs.batches(), 0, every)
    return 0, _without_start(start, ends) if assumptions.first_turn == "start" else ends


def _every(batches: Iterator[list[datetime]], before: int, every: int) -> Iterator[list[datetime]]:
    """Yield every n-th hand-off, and then the last instant, which ends the last turn.

    Args:
        batches: the hand-offs in order.
        before: how many hand-offs come before them.
        every: the n.
    """
    calculated = 0
    for batch in batches:
        if calculated > MOST_HAND_OFFS:
            raise CalendarTooLongError(MOST_HAND_OFFS)
        ends = batch[-(before + calculated) % every :: every]
        calculated += len(batch)
        if ends:
            yield ends
    yield [MAX_INSTANT]


def _without_start(start: datetime, batches: Iterator[list[datetime]]) -> Iterator[list[datetime]]:
    for ends in batches:
        # No hand-off comes before the start, so only the first one can be equal to it.
        others = ends[1:] if ends[0] == start else ends
        if others:
            yield others


def _members_by_turn(
    calendar: RotationCalendar, assumptions: OnCallAssumptions
) -> Callable[[int], tuple[str, ...]]:
    """Return a function that returns the members whose turn it is, by the number of the turn."""
    members = calendar.members
    together = max(calendar.recurrence.number_of_on_calls, 1)
    advance = together if assumptions.turn_advance == "number_on_call" else 1
    positions = range(min(together, len(members)))

    def members_of(turn: int) -> tuple[str, ...]:
        first = turn * advance
        return tuple(dict.fromkeys([members[(first + each) % len(members)] for each in positions]))

    return members_of
