"""What falls due in the time to come."""

from __future__ import annotations

from heapq import heappop, heappush

from attrs import define, field, frozen

from ssm_contacts_sdk.oncall.engaging import Due


@frozen(order=True)
class Entry:
    """Something that falls due: the earliest first, and what was entered first of one instant."""

    at: float
    number: int
    engagement_arn: str = field(order=False)
    due: Due = field(order=False)


@define
class Timetable:
    """What falls due, of all engagements. Its times, as all that are kept, are epoch seconds."""

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
