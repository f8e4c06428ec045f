"""Properties of every calendar, and a second, slower calculation of its shifts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st
from rotation_calendars import USUAL
from strategies import recurrences

from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.recurrence_parts import CoverageTime, DayOfWeek
from ssm_contacts_sdk._models.rotations import PreviewOverride, Shift, ShiftType
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar, on_call_at, shifts

A_DAY = timedelta(days=1)
UTC = timezone.utc
# Near each of these, some of the zones put their clocks forward or back.
NEAR = [
    datetime(2011, 12, 27, tzinfo=UTC),
    *(datetime(2026, month, 2, tzinfo=UTC) for month in range(2, 12)),
]
zones = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/Chicago",
        "America/Santiago",
        "America/Havana",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    ]
)
assumptions = st.builds(
    OnCallAssumptions,
    turn_advance=st.sampled_from(["number_on_call", "one"]),
    first_turn=st.sampled_from(["first_hand_off", "start"]),
    multiplied=st.sampled_from(["periods", "hand_offs"]),
    short_months=st.sampled_from(["last_day", "skip"]),
    repeated_hour=st.sampled_from(["first", "second"]),
    coverage_end_before_start=st.sampled_from(["next_day", "ignored"]),
    uncovered_time=st.sampled_from(["no_shift", "empty_shift"]),
    overlapping_overrides=st.sampled_from(["latest_created", "earliest_created"]),
)


def instants(start: datetime) -> st.SearchStrategy[datetime]:
    return st.integers(-5 * 1440, 60 * 1440).map(lambda minutes: start + timedelta(minutes=minutes))


def _override(members: str, start: datetime, hours: int) -> PreviewOverride:
    return PreviewOverride(
        new_members=list(members), start_time=start, end_time=start + timedelta(hours=hours)
    )


@st.composite
def calendars(draw: st.DrawFn, most_overrides: int = 4) -> RotationCalendar:
    start = draw(instants(draw(st.sampled_from(NEAR))))
    recurrence = draw(recurrences)
    return RotationCalendar(
        members=draw(st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=8)),
        start_time=start,
        time_zone_id=draw(zones),
        recurrence=evolve(recurrence, recurrence_multiplier=draw(st.integers(1, 4))),
        overrides=draw(
            st.lists(
                st.builds(
                    _override,
                    st.sampled_from(["", "X", "YZ"]),
                    instants(start),
                    st.integers(1, 300),
                ),
                max_size=most_overrides,
            )
        ),
    )


def around_the_clock(calendar: RotationCalendar) -> RotationCalendar:
    return evolve(
        calendar, recurrence=evolve(calendar.recurrence, shift_coverages=None), overrides=()
    )


def window(calendar: RotationCalendar) -> tuple[datetime, datetime]:
    return calendar.start_time - 10 * A_DAY, calendar.start_time + 80 * A_DAY


def overlapping(found: Iterable[Shift], since: datetime, until: datetime) -> list[Shift]:
    return [shift for shift in found if shift.start_time < until and shift.end_time > since]


@given(calendars(), assumptions)
def test_shifts_are_in_order_and_never_overlap_and_have_a_length(
    calendar: RotationCalendar, assumed: OnCallAssumptions
) -> None:
    found = list(shifts(calendar, *window(calendar), assumed))
    assert all(shift.start_time < shift.end_time for shift in found)
    assert all(earlier.end_time <= later.start_time for earlier, later in pairwise(found))
    regular = [shift for shift in found if shift.type == ShiftType.REGULAR]
    assert all(shift.start_time >= calendar.start_time for shift in regular)


@given(calendars(), assumptions)
def test_without_coverage_shifts_have_no_gaps(
    calendar: RotationCalendar, assumed: OnCallAssumptions
) -> None:
    since, until = window(calendar)
    found = list(shifts(around_the_clock(calendar), since, until, assumed))
    assert found[0].start_time == calendar.start_time
    assert found[-1].end_time >= until
    assert all(earlier.end_time == later.start_time for earlier, later in pairwise(found))
    empty = evolve(assumed, uncovered_time="empty_shift")
    filled = list(shifts(evolve(calendar, overrides=()), since, until, empty))
    assert filled[0].start_time == calendar.start_time
    assert all(earlier.end_time == later.start_time for earlier, later in pairwise(filled))


@given(st.data(), calendars(), assumptions)
def test_a_window_contains_the_shifts_that_overlap_it(
    data: st.DataObject, calendar: RotationCalendar, assumed: OnCallAssumptions
) -> None:
    found = list(shifts(calendar, *window(calendar), assumed))
    # Errors are most likely at the ends of shifts.
    ends = [end for shift in found for end in (shift.start_time, shift.end_time)]
    moments = instants(calendar.start_time)
    if ends:
        moments |= st.sampled_from(ends).filter(lambda end: end < window(calendar)[1])
    since, until = data.draw(moments), data.draw(moments)
    within = overlapping(found, since, until) if since < until else []
    assert list(shifts(calendar, since, until, assumed)) == within
    now = [shift.contact_ids for shift in found if shift.start_time <= since < shift.end_time]
    assert on_call_at(calendar, since, assumed) == (now[0] if now else ())


@given(st.data(), calendars(), assumptions)
def test_adjacent_windows_contain_the_same_shifts_as_one_window(
    data: st.DataObject, calendar: RotationCalendar, assumed: OnCallAssumptions
) -> None:
    since, until = window(calendar)
    cuts = sorted(data.draw(st.lists(instants(calendar.start_time), max_size=5)))
    ends = [since, *cuts, until]
    found: dict[datetime, Shift] = {}
    for start, end in pairwise(ends):
        for shift in shifts(calendar, start, end, assumed):
            assert found.setdefault(shift.start_time, shift) == shift
    assert list(found.values()) == list(shifts(calendar, since, until, assumed))


@given(calendars(), assumptions, st.integers(80, 1200))
def test_shifts_far_from_the_start_equal_those_calculated_from_the_start(
    calendar: RotationCalendar, assumed: OnCallAssumptions, days: int
) -> None:
    since = calendar.start_time + days * A_DAY
    until = since + 3 * A_DAY
    walked = shifts(calendar, calendar.start_time, until, assumed)
    assert list(shifts(calendar, since, until, assumed)) == overlapping(walked, since, until)


@given(st.data(), calendars(most_overrides=0), assumptions, st.integers(1, 300))
def test_an_override_changes_nothing_outside_it(
    data: st.DataObject, calendar: RotationCalendar, assumed: OnCallAssumptions, hours: int
) -> None:
    override = _override("X", data.draw(instants(calendar.start_time)), hours)
    changed = list(shifts(evolve(calendar, overrides=[override]), *window(calendar), assumed))
    (overridden,) = [shift for shift in changed if shift.type == ShiftType.OVERRIDDEN]
    bounds = override.start_time, override.end_time
    assert (overridden.start_time, overridden.end_time) == bounds
    expected: list[tuple[tuple[str, ...], datetime, datetime]] = []
    replaced: dict[str, None] = {}
    for shift in shifts(calendar, *window(calendar), assumed):
        for start, end in (
            (shift.start_time, min(shift.end_time, bounds[0])),
            (max(shift.start_time, bounds[1]), shift.end_time),
        ):
            if start < end:
                expected.append((shift.contact_ids, start, end))
        if overlapping([shift], *bounds):
            replaced.update(dict.fromkeys(shift.contact_ids))
    assert [
        (shift.contact_ids, shift.start_time, shift.end_time)
        for shift in changed
        if shift.type == ShiftType.REGULAR
    ] == expected
    assert overridden.overridden_contact_ids == tuple(replaced)


@given(st.data(), calendars(most_overrides=0), st.sampled_from(["UTC", "Asia/Kathmandu"]))
def test_somebody_is_on_call_in_the_covered_hours_only(
    data: st.DataObject, calendar: RotationCalendar, zone: str
) -> None:
    calendar = evolve(calendar, time_zone_id=zone)
    hours = {
        list(DayOfWeek).index(coverage.day_of_week): coverage.coverage_times
        for coverage in calendar.recurrence.shift_coverages or ()
    }
    for instant in data.draw(st.lists(instants(calendar.start_time), min_size=1, max_size=20)):
        wall = instant.astimezone(ZoneInfo(zone))
        covered = calendar.recurrence.shift_coverages is None or any(
            (day * 1440 + minute_of(each.start)) <= minute < day * 1440 + end_of(each)
            for day, times in hours.items()
            for each in times
            # A Sunday may last into the Monday of the next week.
            for minute in (
                wall.weekday() * 1440 + minute_of(wall.time()) + week for week in (0, 7 * 1440)
            )
        )
        expected = covered and instant >= calendar.start_time
        assert bool(on_call_at(calendar, instant)) == expected


def minute_of(at: time | None) -> int:
    assert at is not None
    return at.hour * 60 + at.minute


def end_of(each: CoverageTime) -> int:
    """Return when the hours end, in minutes from the midnight before they start."""
    start, end = minute_of(each.start), minute_of(each.end)
    return end if start < end else end + 1440


# A slower way: day by day, with Python's own conversion -------------------------------------------


def _times_on(day: date, recurrence: Recurrence) -> list[time]:
    if recurrence.daily_settings:
        return list(recurrence.daily_settings)
    if recurrence.weekly_settings:
        name = list(DayOfWeek)[day.weekday()]
        return [
            each.hand_off_time for each in recurrence.weekly_settings if each.day_of_week == name
        ]
    last = (day + A_DAY).month != day.month
    return [
        each.hand_off_time
        for each in recurrence.monthly_settings or ()
        if each.day_of_month == day.day or (last and each.day_of_month > day.day)
    ]


def _period(day: date, recurrence: Recurrence) -> int:
    if recurrence.daily_settings:
        return day.toordinal()
    if recurrence.weekly_settings:
        return (day.toordinal() - 1) // 7
    return day.year * 12 + day.month


def slow_shifts(
    calendar: RotationCalendar, days: int
) -> list[tuple[tuple[str, ...], datetime, datetime]]:
    """Return the shifts of a calendar without coverage and overrides, by the defaults."""
    zone, recurrence = ZoneInfo(calendar.time_zone_id), calendar.recurrence
    start = calendar.start_time
    found: dict[datetime, int] = {}
    for number in range(-3, days):
        day = (start + number * A_DAY).date()
        for at in _times_on(day, recurrence):
            instant = datetime.combine(day, at, zone).astimezone(UTC)
            found.setdefault(instant, _period(day, recurrence))
    hand_offs = sorted(instant for instant in found if instant >= start)
    first = found[hand_offs[0]]
    ends = [
        instant
        for instant in hand_offs
        if (found[instant] - first) % recurrence.recurrence_multiplier == 0
    ]
    # The first shift begins at the start, whether it is a hand-off or not.
    turns = list(pairwise(ends if ends[0] == start else [start, *ends]))
    together = recurrence.number_of_on_calls
    expected: list[tuple[tuple[str, ...], datetime, datetime]] = []
    for turn, bounds in enumerate(turns):
        people = [
            calendar.members[(turn * together + place) % len(calendar.members)]
            for place in range(min(together, len(calendar.members)))
        ]
        expected.append((tuple(dict.fromkeys(people)), *bounds))
    return expected


@given(calendars(most_overrides=0))
def test_shifts_equal_those_of_a_slower_calculation(calendar: RotationCalendar) -> None:
    calendar = around_the_clock(calendar)
    # The slower calculation does not merge hand-offs of two days at the same instant: Apia had no
    # 30 December 2011.
    lost_a_day = calendar.time_zone_id == "Pacific/Apia"
    assume(not (lost_a_day and calendar.recurrence.recurrence_multiplier > 1))
    expected = slow_shifts(calendar, 300)
    found = list(shifts(calendar, calendar.start_time, expected[-1][2], USUAL))
    assert [(shift.contact_ids, shift.start_time, shift.end_time) for shift in found] == expected
