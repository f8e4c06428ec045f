"""What falls due in the time to come."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

from attrs import define, field

from ssm_contacts_sdk.oncall.engaging import Due


class Entry(NamedTuple):
    """Something that falls due: the earliest first, and of one instant what was entered first."""

    # A tuple, for Python compares these fast. No two have the same number.
    at: float
    number: int
    engagement_arn: str
    due: Due


@define
class Timetable:
    """What falls due, of all engagements."""

    entries: list[Entry] = field(factory=list[Entry])
    """A heap."""
    count: int = 0

    def add(self, at: float, engagement_arn: str, due: Due) -> None:
        """Enter something."""
        self.count += 1
        heappush(self.entries, Entry(at, self.count, engagement_arn, due))

    def take(self, until: float) -> Entry | None:
        """Take out the next entry, if it falls due until then."""
        if self.entries and self.entries[0].at <= until:
            return heappop(self.entries)
        return None
