"""What falls due in the time to come."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

from attrs import define, field

from ssm_contacts_sdk._oncall.simulation import Due


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
    is_tracked: bool = field(default=False, init=False)
    """Whether changes are noted, for `take_changes`."""
    _added: list[Entry] = field(factory=list[Entry], init=False)
    _taken: list[int] = field(factory=list[int], init=False)

    def add(self, at: float, engagement_arn: str, due: Due) -> None:
        """Enter something."""
        self.count += 1
        entry = Entry(at, self.count, engagement_arn, due)
        heappush(self.entries, entry)
        if self.is_tracked:
            self._added.append(entry)

    def take(self, until: float) -> Entry | None:
        """Take out the next entry, if it falls due until then."""
        if self.entries and self.entries[0].at <= until:
            entry = heappop(self.entries)
            if self.is_tracked:
                self._taken.append(entry.number)
            return entry
        return None

    def take_changes(self) -> tuple[list[Entry], list[int]]:
        """Return the entries added, and the numbers of those taken out, since the last call."""
        changes = (self._added, self._taken)
        self._added, self._taken = [], []
        return changes
