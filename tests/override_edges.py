"""Rotations with overrides that begin and end exactly where something else does.

The expected shifts are calculated piece by piece: between two of the instants at which anything can
begin or end, nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import combinations, groupby, pairwise, product

from attrs import frozen
from rotation_calendars import Row, calendar, row

from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import PreviewOverride
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar

Span = tuple[datetime, datetime]


@frozen
class EdgeCase:
    """A rotation of A, B and C, and all its shifts, written by hand."""

    name: str
    recurrence: Recurrence
    zone: str
    regular: Sequence[Row]

    @property
    def start(self) -> datetime:
        return self.regular[0][1]

    @property
    def edges(self) -> list[datetime]:
        """The instants at which a shift begins or ends."""
        return sorted({edge for _, start, end in self.regular for edge in (start, end)})

    @property
    def window(self) -> Span:
        """The time from before the first shift until the end of the last one."""
        return self.edges[0] - timedelta(hours=4), self.edges[-1]

    @property
    def spans(self) -> list[Span]:
        """The times from one edge to another, or to an instant between edges or before them."""
        edges = [self.window[0], *self.edges]
        inside = [start + (end - start) / 2 for start, end in pairwise(edges)]
        return list(combinations(sorted([*edges, *inside]), 2))

    @property
    def spans_on_edges(self) -> list[Span]:
        return list(combinations(self.edges[:5], 2))

    @property
    def touching_spans(self) -> list[tuple[Span, Span]]:
        """Pairs with a start or an end in common, or of which one ends where the other begins."""
        pairs = product(self.spans_on_edges, repeat=2)
        return [(first, second) for first, second in pairs if {*first} & {*second}]

    def overridden_by(self, *spans: Span) -> RotationCalendar:
        """Return the calendar with an override by X, then by Y."""
        overrides = [
            PreviewOverride(new_members=[name], start_time=start, end_time=end)
            for name, (start, end) in zip("XY", spans, strict=False)
        ]
        return calendar(
            self.recurrence, str(self.start), self.zone, members="ABC", overrides=overrides
        )

    def expected(self, *spans: Span, latest_counts: bool = True) -> list[Row]:
        """Return the shifts with an override by X, then by Y."""
        overrides = [(name, *span) for name, span in zip("XY", spans, strict=False)]
        ranked = [*(reversed(overrides) if latest_counts else overrides), *self.regular]
        cuts = sorted({edge for _, start, end in ranked for edge in (start, end)})

        def owner(piece: Span) -> Row | None:
            return next((each for each in ranked if each[1] <= piece[0] < each[2]), None)

        found: list[Row] = []
        for owned, group in groupby(pairwise(cuts), key=owner):
            pieces = list(group)
            start, end = pieces[0][0], pieces[-1][1]
            if owned in overrides:
                replaced = dict.fromkeys(name for name, *_ in overlapping(self.regular, start, end))
                found.append((f"{owned[0]} for {''.join(replaced)}", start, end))
            elif owned is not None:
                found.append((owned[0], start, end))
        return found


def overlapping(found: Sequence[Row], since: datetime, until: datetime) -> list[Row]:
    return [each for each in found if each[1] < until and each[2] > since]


def on_call_in(found: Sequence[Row], instant: datetime) -> tuple[str, ...]:
    return tuple(name[0] for name, start, end in found if start <= instant < end)


EDGE_CASES = [
    EdgeCase(
        "covered hours that begin and end beside hand-offs",
        Recurrence.daily(
            "10:00",
            coverage={"MON": [("08:00", "12:00"), ("14:00", "18:00")], "TUE": [("08:00", "12:00")]},
        ),
        "UTC",
        [
            row("A", "2025-01-06 08:00", "2025-01-06 10:00"),
            row("B", "2025-01-06 10:00", "2025-01-06 12:00"),
            row("B", "2025-01-06 14:00", "2025-01-06 18:00"),
            row("B", "2025-01-07 08:00", "2025-01-07 10:00"),
            row("C", "2025-01-07 10:00", "2025-01-07 12:00"),
        ],
    ),
    EdgeCase(
        "a midnight that the clock never shows",
        Recurrence.daily(
            "00:00",
            coverage={
                "SAT": [("00:00", "00:00")],
                "SUN": [("00:00", "00:00")],
                "MON": [("00:00", "12:00")],
            },
        ),
        "America/Havana",
        [
            row("A", "2025-03-08 00:00-05:00", "2025-03-09 01:00-04:00"),
            row("B", "2025-03-09 01:00-04:00", "2025-03-10 00:00-04:00"),
            row("C", "2025-03-10 00:00-04:00", "2025-03-10 12:00-04:00"),
        ],
    ),
    EdgeCase(
        "a midnight that the clock shows twice",
        Recurrence.daily(
            "00:00", coverage={"SAT": [("20:00", "00:00")], "SUN": [("00:00", "08:00")]}
        ),
        "America/Havana",
        [
            row("A", "2025-11-01 20:00-04:00", "2025-11-02 00:00-04:00"),
            row("B", "2025-11-02 00:00-04:00", "2025-11-02 08:00-05:00"),
        ],
    ),
]
