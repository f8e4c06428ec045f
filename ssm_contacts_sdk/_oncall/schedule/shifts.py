"""Whose turn it is: a rotation's calendar, calculated from its description.

Hand-offs make turns, coverage cuts them, and overrides are laid over what is left: each step takes
shifts and gives shifts, one by one. What AWS does not tell is read as `OnCallAssumptions` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain

from attrs import field, frozen

from ssm_contacts_sdk._errors import CalendarTooLongError, Violation
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import PreviewOverride, Shift
from ssm_contacts_sdk._models.rules import Checked, as_tuple, check, wrong_type
from ssm_contacts_sdk._models.times import as_instant, instant_violations
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.coverage import CoveredHours, cut_to
from ssm_contacts_sdk._oncall.schedule.hand_offs import HandOffs, periods_of
from ssm_contacts_sdk._oncall.schedule.overrides import early_enough, laid_over, pieces_of
from ssm_contacts_sdk._oncall.schedule.shift_values import regular
from ssm_contacts_sdk._oncall.schedule.wall_clock import END, WallClock, is_zone

MOST_HAND_OFFS = 1_000_000
"""How many hand-offs are calculated for one answer: few of them may have covered hours."""
_USUAL = OnCallAssumptions()


def _members(values: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(values)


def _overrides(values: Iterable[PreviewOverride]) -> tuple[PreviewOverride, ...]:
    return as_tuple(values)


@frozen(kw_only=True)
class Calendar(Checked):
    """All that says whose turn it is, and when.

    The recurrence and the overrides may have been read, and are not held to the rules again.

    Args:
        members: ARNs, or any texts in a preview, in the order of their turns. One may stand there
            twice.
        start_time: before it nobody is on call.
        time_zone_id: the zone by whose clock hands are changed.
        recurrence: when, how many are on call, and in which hours.
        overrides: in the order in which they were made.

    Raises:
        InvalidValueError: if this machine does not know the zone, the start has none, or a part is
            of another type.
    """

    members: Sequence[str] = field(converter=_members)
    start_time: datetime = field(converter=as_instant)
    time_zone_id: str
    recurrence: Recurrence
    overrides: Sequence[PreviewOverride] = field(default=(), converter=_overrides)

    def violations(self) -> Iterator[Violation]:
        for name, kind, wanted in (
            ("members", tuple, "a list of texts"),
            ("recurrence", Recurrence, "a Recurrence"),
            ("overrides", tuple, "a list of PreviewOverrides"),
        ):
            if not isinstance(part := getattr(self, name), kind):
                yield wrong_type(name, wanted, part)
        yield from instant_violations("start_time", self.start_time)
        if not is_zone(self.time_zone_id):
            yield Violation(
                "time_zone_id", "must be the IANA name of a zone that this machine knows"
            )


def shifts(
    calendar: Calendar, since: datetime, until: datetime, assumptions: OnCallAssumptions = _USUAL
) -> Iterator[Shift]:
    """The shifts of which a part lies from `since` until before `until`, whole and in order.

    They are calculated one by one, as they are asked for.

    >>> from datetime import timezone
    >>> monday = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
    >>> calendar = Calendar(
    ...     members=["Akua", "Mary"],
    ...     start_time=monday,
    ...     time_zone_id="UTC",
    ...     recurrence=Recurrence.weekly(("MON", "09:00")),
    ... )
    >>> in_two_weeks = shifts(calendar, monday, monday.replace(day=20))
    >>> [(shift.contact_ids, shift.end_time.day) for shift in in_two_weeks]
    [(('Akua',), 13), (('Mary',), 20)]

    Raises:
        InvalidValueError: if an end has no time zone.
        CalendarTooLongError: when too many hand-offs have been calculated.
    """
    check("shifts", instant_violations("since", since), instant_violations("until", until))
    return _between(calendar, as_instant(since), as_instant(until), assumptions)


def _between(
    calendar: Calendar, since: datetime, until: datetime, assumptions: OnCallAssumptions
) -> Iterator[Shift]:
    if since >= until:
        return
    for shift in _from(calendar, since, assumptions):
        if shift.start_time >= until:
            return
        yield shift
        if shift.end_time >= until:
            # No more than that is looked at: the next one may be a thousand years away.
            return


def shift_at(
    calendar: Calendar, at: datetime, assumptions: OnCallAssumptions = _USUAL
) -> Shift | None:
    """The shift that `at` lies in, if there is one. At a hand-off it is the one that begins.

    Raises:
        InvalidValueError: if `at` has no time zone.
        CalendarTooLongError: if no hours are covered within too many hand-offs.
    """
    check("shift_at", instant_violations("at", at))
    instant = as_instant(at)
    shift = next(_from(calendar, instant, assumptions), None)
    return shift if shift is not None and shift.start_time <= instant else None


def on_call_at(
    calendar: Calendar, at: datetime, assumptions: OnCallAssumptions = _USUAL
) -> tuple[str, ...]:
    """Who is on call at that instant; nobody, if there is no shift or it has no people.

    Raises:
        InvalidValueError: if `at` has no time zone.
        CalendarTooLongError: if no hours are covered within too many hand-offs.
    """
    check("on_call_at", instant_violations("at", at))
    instant = as_instant(at)
    for piece in pieces_of(calendar.overrides, assumptions):
        # Whom an override replaces does not matter here, and may take long to tell.
        if piece.start <= instant < piece.end:
            return piece.members
    # As above.
    rest = (each for each in _covered(calendar, instant, assumptions) if each.end_time > instant)
    shift = next(rest, None)
    return shift.contact_ids if shift is not None and shift.start_time <= instant else ()


def _from(calendar: Calendar, since: datetime, assumptions: OnCallAssumptions) -> Iterator[Shift]:
    """All the shifts that end after `since`."""
    pieces = pieces_of(calendar.overrides, assumptions)

    def regular_ones(begun: datetime) -> Iterator[Shift]:
        # The first ones may be covered pieces of the same turn that are over.
        return (each for each in _covered(calendar, begun, assumptions) if each.end_time > begun)

    early = early_enough(pieces, since)
    for shift in laid_over(pieces, regular_ones, early, {*calendar.members}):
        if shift.end_time > since:
            yield shift


def _covered(
    calendar: Calendar, since: datetime, assumptions: OnCallAssumptions
) -> Iterator[Shift]:
    """The shifts without the overrides."""
    clock = WallClock.of(calendar.time_zone_id, assumptions)
    turns = _turns(calendar, since, clock, assumptions)
    coverages = calendar.recurrence.shift_coverages
    if coverages is None or (not coverages and assumptions.empty_coverages == "around_the_clock"):
        return turns
    hours = CoveredHours.of(coverages, clock, assumptions)
    keep_empty = assumptions.uncovered_time == "empty_shift"
    # Where nothing is ever covered there is no end to looking for what is.
    return cut_to(hours, turns, keep_empty=keep_empty) if hours.ranges or keep_empty else iter(())


def _turns(
    calendar: Calendar, since: datetime, clock: WallClock, assumptions: OnCallAssumptions
) -> Iterator[Shift]:
    """The turns that end after `since`, as shifts."""
    people = _whose_turn(calendar, assumptions)
    # How many hand-offs there have been when turn 0 begins.
    before = 1 if assumptions.first_turn == "first_hand_off" else 0
    begun = calendar.start_time
    passed, all_ends = _ends(calendar, since, clock, assumptions)
    for ends in all_ends:
        if ends[-1] <= since:
            begun, passed = ends[-1], passed + len(ends)
            continue
        for end in ends:
            # The first one may be the start itself.
            if end > since and end > begun:
                yield regular(people(max(passed - before, 0)), begun, end)
            begun, passed = end, passed + 1


def _ends(
    calendar: Calendar, since: datetime, clock: WallClock, assumptions: OnCallAssumptions
) -> tuple[int, Iterator[list[datetime]]]:
    """The hand-offs that begin turns, in batches, and how many are left out before them.

    Those that are long before `since` are counted and not gone through, but for one at least.
    """
    start = calendar.start_time
    periods = periods_of(calendar.recurrence, assumptions)
    if periods is None:
        return 0, iter(())
    multiplier = max(calendar.recurrence.recurrence_multiplier, 1)
    by_periods = assumptions.multiplied == "periods"
    every = 1 if by_periods else multiplier
    all_hand_offs = HandOffs.of(periods, multiplier if by_periods else 1, start, clock)
    margin = every
    while place := all_hand_offs.place_before(since, margin):
        before = all_hand_offs.count_before(place)
        ends = _thinned(all_hand_offs.batches(place), before, every)
        first = next(ends)
        if first[0] <= since:
            passed = -(-before // every)
            # Turn 0 begins at the start anyhow.
            at_start = next(all_hand_offs.batches())[0] == start
            left_out = assumptions.first_turn == "start" and at_start
            return passed - left_out, chain([first], ends)
        margin *= 2
    ends = _thinned(all_hand_offs.batches(), 0, every)
    return 0, _without(start, ends) if assumptions.first_turn == "start" else ends


def _thinned(
    batches: Iterator[list[datetime]], before: int, every: int
) -> Iterator[list[datetime]]:
    """Every n-th hand-off, of which so many came before. The last turn ends where dates end."""
    walked = 0
    for batch in batches:
        if walked > MOST_HAND_OFFS:
            raise CalendarTooLongError(MOST_HAND_OFFS)
        ends = batch[-(before + walked) % every :: every]
        walked += len(batch)
        if ends:
            yield ends
    yield [END]


def _without(start: datetime, batches: Iterator[list[datetime]]) -> Iterator[list[datetime]]:
    for ends in batches:
        # No other one is there than the first.
        left = ends[1:] if ends[0] == start else ends
        if left:
            yield left


def _whose_turn(
    calendar: Calendar, assumptions: OnCallAssumptions
) -> Callable[[int], tuple[str, ...]]:
    members = calendar.members
    together = max(calendar.recurrence.number_of_on_calls, 1)
    advance = together if assumptions.turn_advance == "number_on_call" else 1
    places = range(min(together, len(members)))

    def people(turn: int) -> tuple[str, ...]:
        first = turn * advance
        return tuple(dict.fromkeys([members[(first + at) % len(members)] for at in places]))

    return people
