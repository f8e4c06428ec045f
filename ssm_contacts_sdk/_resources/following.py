"""Following an engagement: asking again and again, and telling each thing once."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeVar

from attrs import define, field, frozen

from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._errors import FollowTimeoutError, Violation
from ssm_contacts_sdk._models.engagements import (
    Engagement,
    PageSummary,
    Receipt,
    ReceiptType,
    Resolution,
)
from ssm_contacts_sdk._models.events import (
    EngagementEscalated,
    EngagementEvent,
    EngagementStopped,
    FollowEnded,
    PageEvent,
    PlanUnknown,
    schedule_of,
    stage_of,
)
from ssm_contacts_sdk._models.rules import wrong_type
from ssm_contacts_sdk._oncall.engagement_end import PagedPerson
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.listing import Listing
from ssm_contacts_sdk._resources.pages import Pages
from ssm_contacts_sdk._resources.plan_end import PlanEnd, PlanUnknownError

_T = TypeVar("_T")

# More often would leave nothing of the account's rates to anybody else.
_SHORTEST_INTERVAL = timedelta(seconds=1)
_LONGEST_INTERVAL = timedelta(hours=1)
# In requests a second, as AWS publishes them.
_RATES = {"ListPagesByEngagement": 2, "ListPageReceipts": 1, "ListPageResolutions": 20}
# How far apart the times may be by which a page and a receipt tell of the same thing.
_SLACK = timedelta(seconds=1)
# What happens to a page at one instant happens in this order.
_ORDER: dict[str, int] = {"SENT": 1, "ERROR": 1, "DELIVERED": 2, "READ": 3}
_ESCALATED, _LAST = 0, 4


@public
class Following(Iterator[EngagementEvent]):
    """What happens in an engagement, as it is learned; see `client.engagements.follow`.

    An error ends a ``for`` loop, but not this: whoever goes on with it, by another loop or by
    `next`, is told what was not told before, and nothing twice. It is for one thread at a time.
    """

    def __init__(
        self,
        engagement_arn: str,
        describe: Callable[[str], Engagement],
        pages: Pages,
        clock: Clock,
        plan_end: PlanEnd,
        *,
        timeout: timedelta | None,
        interval: timedelta,
    ) -> None:
        self._arn = engagement_arn
        self._describe = describe
        self._watch = _Watch(clock)
        self._asking = _Asking(pages, self._watch)
        self._now = clock.now
        # None when it has turned out that the plan cannot tell.
        self._plan_end: PlanEnd | None = plan_end
        self._timeout = timeout
        self._interval = interval.total_seconds()
        self._next_look: float | None = None
        self._pages: dict[str, _FollowedPage] = {}
        self._learned: list[_Learned] = []
        # What the last look learned of the time after its beginning, of which it may not have
        # learned everything.
        self._held_back: list[_Learned] = []
        self._plan_unknown: PlanUnknown | None = None
        self._to_tell: deque[EngagementEvent] = deque()
        self._has_looked_last = False
        self._is_over = False

    def __repr__(self) -> str:
        return f"Following({self._arn!r})"

    def __next__(self) -> EngagementEvent:
        while not self._to_tell:
            if self._is_over:
                raise StopIteration
            self._wait()
            self._look()
        return self._to_tell.popleft()

    def _wait(self) -> None:
        if self._next_look is None:
            self._watch.start()
        elif self._timeout is not None and self._has_looked_last:
            raise FollowTimeoutError(self._arn, self._timeout)
        else:
            # The last look is at the very end, or after it if that one fails.
            end = math.inf if self._is_late() else self._end()
            self._watch.sleep_until(min(self._next_look, end))
        self._next_look = self._watch.elapsed() + self._interval

    def _end(self) -> float:
        return math.inf if self._timeout is None else self._timeout.total_seconds()

    def _is_late(self) -> bool:
        return self._watch.elapsed() >= self._end()

    def _look(self) -> None:
        """Learn what there is to learn. Where a request fails, what was learned before it stays."""
        # In this order: all that led to an end is in what is asked for afterwards.
        engagement = self._describe(self._arn)
        began = self._now()
        self._list_pages()
        end = self._end_of(engagement, began)
        for page in self._pages_to_ask_about(is_last=end is not None):
            self._learned += page.news(self._asking.receipts(page.summary), self._first_stage())
            page.asked_at = self._watch.elapsed()
        self._tell(engagement, end, began)

    def _end_of(self, engagement: Engagement, began: datetime) -> FollowEnded | None:
        """Why the engagement is over, as the service or its plan tells."""
        if engagement.stop_time is not None:
            return EngagementStopped(at=engagement.stop_time, engagement=engagement)
        if self._plan_end is None:
            return None
        pages = {page.paged_person: page.summary for page in self._pages.values()}
        try:
            found = self._plan_end.conclude(engagement, tuple(pages), began)
        except PlanUnknownError as unknown:
            self._plan_end = None
            self._plan_unknown = PlanUnknown(at=began, reason=unknown.reason, error=unknown.error)
            return None
        if found is None:
            return None
        return FollowEnded(
            at=found.at,
            engagement=engagement,
            reason="plan_completed" if found.acknowledged is None else "acknowledged",
            page=None if found.acknowledged is None else pages[found.acknowledged],
        )

    def _list_pages(self) -> None:
        # The newest come first, it seems.
        for summary in reversed(self._asking.pages(self._arn)):
            page = self._pages.get(summary.arn)
            if page is None:
                path = tuple(self._asking.resolutions(summary))
                page = _FollowedPage(len(self._pages), path, summary)
                self._pages[summary.arn] = page
            page.summary = summary

    def _first_stage(self) -> int | None:
        """The first stage that has engaged somebody; nobody knows whether AWS counts from 0."""
        stages = (stage_of(page.path) for page in self._pages.values())
        return min((stage for stage in stages if stage is not None), default=None)

    def _pages_to_ask_about(self, *, is_last: bool) -> Iterable[_FollowedPage]:
        """Those with news and, of the rest, as many as there is time for until the next look.

        That one could not be sent shows in its receipts alone.
        """
        pages = sorted(self._pages.values(), key=lambda page: page.asked_at)
        changed = [page for page in pages if page.has_changed]
        rest = [page for page in pages if not page.has_changed and not page.is_read]
        return [*changed, *(rest if is_last else rest[: int(self._interval)])]

    def _tell(self, engagement: Engagement, end: FollowEnded | None, began: datetime) -> None:
        self._has_looked_last = self._is_late()
        self._is_over = end is not None
        if end is None and self._has_looked_last:
            end = FollowEnded(at=began, engagement=engagement, reason="timeout")
        is_last = end is not None
        told, held_back = list(self._held_back), list[_Learned]()
        for learned in self._learned:
            (told if is_last or learned.event.at <= began else held_back).append(learned)
        self._learned, self._held_back = [], held_back
        self._to_tell += (each.event for each in sorted(told, key=_place))
        if self._plan_unknown is not None:
            self._to_tell.append(self._plan_unknown)
            self._plan_unknown = None
        if end is not None:
            self._to_tell.append(end)


@frozen
class _Learned:
    event: PageEvent | EngagementEscalated
    page_number: int


def _place(learned: _Learned) -> tuple[datetime, int, int]:
    event = learned.event
    order = _ORDER.get(event.type, _LAST) if isinstance(event, PageEvent) else _ESCALATED
    return event.at, learned.page_number, order


_Times = tuple["datetime | None", "datetime | None", "datetime | None"]
_Mark = tuple[ReceiptType, datetime]


@define
class _FollowedPage:
    """A page, and what has been told of it."""

    number: int
    path: tuple[Resolution, ...]
    summary: PageSummary
    """As it was listed last."""
    asked_at: float = -1.0
    """When its receipts were asked for last, on the watch."""
    _times: _Times | None = field(default=None, init=False)
    """As they were listed before the receipts were asked for."""
    _receipts: Counter[Receipt] = field(factory=Counter[Receipt], init=False)
    _told: list[_Mark] = field(factory=list[_Mark], init=False)
    _without_receipt: list[_Mark] = field(factory=list[_Mark], init=False)

    @property
    def paged_person(self) -> PagedPerson:
        arns = tuple(step.contact_arn for step in self.path) or (self.summary.contact_arn,)
        return PagedPerson(arns, stage_of(self.path), self.summary.read_time)

    @property
    def has_changed(self) -> bool:
        return self._times != _times_of(self.summary)

    @property
    def is_read(self) -> bool:
        return self.summary.read_time is not None

    def news(self, receipts: Iterable[Receipt], first_stage: int | None) -> list[_Learned]:
        """What has not been told yet, by all its receipts and its own times."""
        there = Counter(receipts)
        new = there - self._receipts
        self._receipts |= there
        self._times = _times_of(self.summary)
        is_first = not self._told
        events = [
            self._event(receipt.type, receipt.time, receipt.channel_arn, receipt.info)
            for receipt in new.elements()
            if not self._was_told_without(receipt)
        ]
        # A receipt may come later than the time that it is about.
        kinds = (ReceiptType.SENT, ReceiptType.DELIVERED, ReceiptType.READ)
        for kind, at in zip(kinds, self._times, strict=True):
            if at is not None and not self._is_told(kind, at):
                self._without_receipt.append((kind, at))
                events.append(self._event(kind, at, None, None))
        told: list[PageEvent | EngagementEscalated] = [*events]
        if events and is_first and self._is_escalated(first_stage):
            at = min(event.at for event in events)
            told.append(EngagementEscalated(at=at, page=self.summary, path=self.path))
        return [_Learned(event, self.number) for event in told]

    def _event(
        self, kind: ReceiptType, at: datetime, channel_arn: str | None, info: str | None
    ) -> PageEvent:
        self._told.append((kind, at))
        return PageEvent(
            at=at,
            type=kind,
            page=self.summary,
            channel_arn=channel_arn,
            info=info,
            path=self.path,
        )

    def _is_escalated(self, first_stage: int | None) -> bool:
        return schedule_of(self.path) is not None or stage_of(self.path) != first_stage

    def _is_told(self, kind: ReceiptType, at: datetime) -> bool:
        return any(told == kind and when >= at - _SLACK for told, when in self._told)

    def _was_told_without(self, receipt: Receipt) -> bool:
        for mark in self._without_receipt:
            kind, at = mark
            if kind == receipt.type and abs(receipt.time - at) <= _SLACK:
                self._without_receipt.remove(mark)
                return True
        return False


def _times_of(page: PageSummary) -> _Times:
    return page.sent_time, page.delivery_time, page.read_time


@define
class _Watch:
    """The seconds since it was started, at least those that were slept."""

    clock: Clock
    _started: float = field(default=0.0, init=False)
    _slept: float = field(default=0.0, init=False)

    def start(self) -> None:
        self._started = self.clock.monotonic()

    def elapsed(self) -> float:
        # A clock that stands, with a sleep that does not take any time, would not come to an end.
        return max(self._slept, self.clock.monotonic() - self._started)

    def sleep_until(self, then: float) -> None:
        seconds = then - self.elapsed()
        if seconds > 0:
            self.clock.sleep(seconds)
            self._slept += seconds


@define
class _Asking:
    """Asks for whole lists, no faster than AWS allows."""

    _pages: Pages
    _watch: _Watch
    _free_at: dict[str, float] = field(factory=dict[str, float], init=False)

    def pages(self, engagement_arn: str) -> list[PageSummary]:
        return self._all("ListPagesByEngagement", self._pages.list_by_engagement(engagement_arn))

    def receipts(self, page: PageSummary) -> list[Receipt]:
        return self._all("ListPageReceipts", self._pages.receipts(page))

    def resolutions(self, page: PageSummary) -> list[Resolution]:
        return self._all("ListPageResolutions", self._pages.resolutions(page))

    def _all(self, operation: str, listing: Listing[_T]) -> list[_T]:
        items: list[_T] = []
        by_page = listing.by_page()
        while True:
            self._watch.sleep_until(self._free_at.get(operation, 0.0))
            try:
                page = next(by_page)
            finally:
                # Behind it: it may have been more than one request.
                self._free_at[operation] = self._watch.elapsed() + 1 / _RATES[operation]
            items += page.items
            if page.next_token is None:
                return items


def follow_violations(timeout: object, interval: object, grace: object) -> Iterator[Violation]:
    """What is wrong with how long, and how often, one wants to look."""
    if not isinstance(grace, timedelta):
        yield wrong_type("grace", "a timedelta", grace)
    elif grace < timedelta(0):
        yield Violation("grace", f"must be at least 0 seconds (got {grace.total_seconds():g})")
    if timeout is not None:
        if not isinstance(timeout, timedelta):
            yield wrong_type("timeout", "a timedelta or None", timeout)
        elif timeout < timedelta(0):
            yield Violation("timeout", "must not be negative")
    if not isinstance(interval, timedelta):
        yield wrong_type("interval", "a timedelta", interval)
    elif not _SHORTEST_INTERVAL <= interval <= _LONGEST_INTERVAL:
        yield Violation("interval", "must be between 1 second and 1 hour")
