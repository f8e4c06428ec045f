"""How many shifts are calculated for an override, of very many of them or of a few."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from rotation_calendars import USUAL, at

from ssm_contacts_sdk._models.rotations import PreviewOverride, Shift
from ssm_contacts_sdk._oncall.schedule.segments import (
    apply_overrides,
    override_segments,
    regular_shift,
)

START = at("2025-01-06 00:00")
AN_HOUR = timedelta(hours=1)
MOST = 1_000


class Hours:
    """A rotation in which each hour is one shift of somebody else, and what is taken of it."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.taken: list[list[int]] = []
        """The hours that were taken, for each time that the shifts were requested."""

    def since(self, instant: datetime) -> Iterator[Shift]:
        taken: list[int] = []
        self.taken.append(taken)
        for hour in range((instant - START) // AN_HOUR, self.count):
            taken.append(hour)
            yield regular_shift((f"p{hour}",), hour_at(hour), hour_at(hour + 1))


def hour_at(hour: int) -> datetime:
    return START + hour * AN_HOUR


def overriding(
    hours: Hours, *spans: tuple[int, int], everybody: frozenset[str] = frozenset({"p0"})
) -> Iterator[Shift]:
    overrides = [
        PreviewOverride(new_members=["X"], start_time=hour_at(start), end_time=hour_at(end))
        for start, end in spans
    ]
    return apply_overrides(override_segments(overrides, USUAL), hours.since, START, everybody)


def test_the_replaced_people_are_those_of_a_thousand_shifts_at_most() -> None:
    everybody = frozenset(f"p{hour}" for hour in range(5_000))
    spans = [(0, MOST + 1), (MOST + 1, 3 * MOST), (3 * MOST, 4 * MOST)]
    found = overriding(Hours(5_000), *spans, everybody=everybody)
    replaced = [next(found).overridden_contact_ids for _ in spans]
    assert replaced == [
        tuple(f"p{hour}" for hour in range(start, start + MOST)) for start, _ in spans
    ]


def test_after_a_thousand_hidden_shifts_the_next_ones_are_those_at_the_end_of_the_override() -> (
    None
):
    hours = Hours(5_000)
    found = overriding(hours, (0, 3 * MOST))
    assert next(found).end_time == hour_at(3 * MOST)
    assert next(found) == regular_shift((f"p{3 * MOST}",), hour_at(3_000), hour_at(3_001))
    assert hours.taken == [list(range(MOST)), [3 * MOST]]


def test_the_last_of_a_thousand_shifts_that_ends_with_the_override_is_not_hidden() -> None:
    hours = Hours(5_000)
    found = overriding(hours, (0, MOST))
    assert [next(found).end_time for _ in range(2)] == [hour_at(MOST), hour_at(MOST + 1)]
    assert hours.taken == [list(range(MOST + 1))]


def test_hidden_shifts_are_counted_for_each_override() -> None:
    hours = Hours(5_000)
    found = overriding(hours, (0, MOST - 1), (MOST, 2 * MOST), everybody=frozenset())
    assert [next(found).end_time for _ in range(4)] == [
        hour_at(end) for end in (MOST - 1, MOST, 2 * MOST, 2 * MOST + 1)
    ]
    assert hours.taken == [list(range(2 * MOST + 1))]


@pytest.mark.parametrize("everybody", [frozenset({"p0"}), frozenset({"p0", "p1"})])
def test_an_override_that_ends_with_a_shift_needs_no_later_shift(everybody: frozenset[str]) -> None:
    hours = Hours(5_000)
    found = overriding(hours, (0, 1), everybody=everybody)
    assert next(found).overridden_contact_ids == ("p0",)
    assert hours.taken == [[0]]
