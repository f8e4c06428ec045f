"""The records of the service's state. All times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

from attrs import define, field, frozen

from ssm_contacts_sdk._oncall.simulation import Due, EngagementProgress, Path


@frozen(kw_only=True)
class Contact:
    """A person, an escalation plan or an on-call schedule. The plan is as AWS's JSON has it."""

    arn: str
    alias: str
    display_name: str | None
    type: str
    plan: Mapping[str, Any]


@frozen(kw_only=True)
class Channel:
    """A phone number or e-mail address of a contact."""

    arn: str
    contact_arn: str
    name: str
    type: str
    address: str = field(repr=False)
    activated: bool = False
    code: str | None = field(default=None, repr=False)
    """The last code that was sent. It can activate the channel again."""
    number: int = 0
    """The position in the order in which channels were added, from 1."""
    opted_out: bool = False
    """Whether the person has unsubscribed: nothing is sent until they reply START."""


@frozen(kw_only=True)
class Rotation:
    """A rotation of people who are on call in turns."""

    arn: str
    name: str
    contact_ids: Sequence[str]
    start: float
    time_zone_id: str
    recurrence: Mapping[str, Any]
    start_is_given: bool = True
    """Whether a request set the start; if not, it is the time of creation."""


@frozen(kw_only=True)
class Override:
    """Other people on call for a part of a rotation's time. The end is exclusive."""

    id: str
    rotation_arn: str
    contact_ids: Sequence[str]
    start: float
    end: float
    created: float


@define(kw_only=True)
class Engagement:
    """An engagement of a contact, and its progress."""

    arn: str
    contact_arn: str
    sender: str
    text: Mapping[str, str] = field(repr=False)
    """Subject and Content, and the public ones if they were given."""
    incident_id: str | None
    start: float
    number: int
    """The position in the order in which engagements were started, from 1."""
    stop: float | None = None
    progress: EngagementProgress = field(factory=EngagementProgress)
    pages: list[str] = field(factory=list[str])
    """The ARNs of the pages."""


@frozen(kw_only=True)
class Receipt:
    """A receipt of a page: sent, failed, delivered or read."""

    type: str
    channel_arn: str
    info: str = field(repr=False)
    time: float


@frozen(kw_only=True)
class Page:
    """A page to one person. A person has one for each path on which an engagement reaches them."""

    arn: str
    engagement_arn: str
    path: Path
    code: str = field(repr=False)
    number: int
    """The position in the order in which pages were created, from 1."""
    sent: float | None = None
    """When it was last sent."""
    delivered: float | None = None
    read: float | None = None
    receipts: tuple[Receipt, ...] = ()

    @property
    def contact_arn(self) -> str:
        """The ARN of the person."""
        return self.path[-1].contact_arn


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
