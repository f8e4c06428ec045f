"""The scheduler: what engagements do at later instants."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

from attrs import define, field

from ssm_contacts_sdk._oncall.simulation import Due


class ScheduledEvent(NamedTuple):
    """A step of an engagement, at the instant when it is due.

    Events sort by time. Events of the same instant sort in the order in which they were added.
    """

    # A tuple, because Python compares tuples fast. No two events have the same number.
    at: float
    number: int
    engagement_arn: str
    due: Due


@define
class Scheduler:
    """The scheduled events of all engagements."""

    entries: list[ScheduledEvent] = field(factory=list[ScheduledEvent])
    """A heap."""
    count: int = 0
    """How many events have been added."""
    is_tracked: bool = field(default=False, init=False)
    """Whether changes are recorded for `take_changes`."""
    _added: list[ScheduledEvent] = field(factory=list[ScheduledEvent], init=False)
    _taken: list[int] = field(factory=list[int], init=False)

    def add(self, at: float, engagement_arn: str, due: Due) -> None:
        """Schedule an event."""
        self.count += 1
        event = ScheduledEvent(at, self.count, engagement_arn, due)
        heappush(self.entries, event)
        if self.is_tracked:
            self._added.append(event)

    def take(self, until: float) -> ScheduledEvent | None:
        """Remove and return the next event, or return None if none is due by `until`."""
        if self.entries and self.entries[0].at <= until:
            event = heappop(self.entries)
            if self.is_tracked:
                self._taken.append(event.number)
            return event
        return None

    def take_changes(self) -> tuple[list[ScheduledEvent], list[int]]:
        """Return the events added and the numbers of those removed since the last call."""
        changes = (self._added, self._taken)
        self._added, self._taken = [], []
        return changes
