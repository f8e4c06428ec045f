"""The iterator over the events of an engagement."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._durations import duration_violations
from ssm_contacts_sdk._errors import FollowTimeoutError, Violation
from ssm_contacts_sdk._models.engagements import Engagement
from ssm_contacts_sdk._models.events import (
    EngagementEvent,
    EngagementStopped,
    FollowEnded,
    PlanUnknown,
    stage_of,
)
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.following.page_events import FollowedPage, NumberedEvent
from ssm_contacts_sdk._resources.following.plan_end import EndFinder, PlanUnknownError
from ssm_contacts_sdk._resources.following.polling import PageReader, Stopwatch
from ssm_contacts_sdk._resources.pages import Pages

# Shorter intervals would exhaust the request rates of the account.
_SHORTEST_INTERVAL = timedelta(seconds=1)
_LONGEST_INTERVAL = timedelta(hours=1)


@public
class Following(Iterator[EngagementEvent]):
    """The events of an engagement, as `client.engagements.follow` returns them.

    An error ends a ``for`` loop, but not the iterator. The next loop, or `next`, continues after
    the last event: none is lost, and none is repeated. It is for one thread at a time.
    """

    def __init__(
        self,
        engagement_arn: str,
        describe: Callable[[str], Engagement],
        pages: Pages,
        clock: Clock,
        end_finder: EndFinder,
        *,
        timeout: timedelta | None,
        interval: timedelta,
    ) -> None:
        self._arn = engagement_arn
        self._describe = describe
        self._clock = clock
        self._stopwatch = Stopwatch(clock)
        self._reader = PageReader(pages, self._stopwatch)
        # It is None if the plan does not determine the end.
        self._end_finder: EndFinder | None = end_finder
        self._timeout = timeout
        self._interval = interval.total_seconds()
        self._next_poll: float | None = None
        self._pages: dict[str, FollowedPage] = {}
        self._new_events: list[NumberedEvent] = []
        # Events after the start of the last poll. That poll may have missed earlier ones.
        self._deferred: list[NumberedEvent] = []
        self._plan_unknown: PlanUnknown | None = None
        self._queue: deque[EngagementEvent] = deque()
        self._is_timed_out = False
        self._is_over = False

    def __repr__(self) -> str:
        return f"Following({self._arn!r})"

    def __next__(self) -> EngagementEvent:
        while not self._queue:
            if self._is_over:
                raise StopIteration
            self._wait()
            self._poll()
        return self._queue.popleft()

    def _wait(self) -> None:
        if self._next_poll is None:
            self._stopwatch.start()
        elif self._timeout is not None and self._is_timed_out:
            raise FollowTimeoutError(self._arn, self._timeout)
        else:
            # The last poll is at the timeout, or an interval later if that one fails.
            end = math.inf if self._is_after_timeout() else self._seconds_to_timeout()
            self._stopwatch.sleep_until(min(self._next_poll, end))
        self._next_poll = self._stopwatch.elapsed() + self._interval

    def _seconds_to_timeout(self) -> float:
        return math.inf if self._timeout is None else self._timeout.total_seconds()

    def _is_after_timeout(self) -> bool:
        return self._stopwatch.elapsed() >= self._seconds_to_timeout()

    def _poll(self) -> None:
        """Read what is new. If a request fails, what was read before it is not lost."""
        # In this order, the receipts and pages include everything that led to the end.
        engagement = self._describe(self._arn)
        polled_at = self._clock.now()
        self._list_pages()
        end = self._end_of(engagement, polled_at)
        for page in self._pages_to_read(is_last=end is not None):
            receipts = self._reader.receipts(page.summary)
            self._new_events += page.new_events(receipts, self._first_stage())
            page.receipts_read_at = self._stopwatch.elapsed()
        self._queue_events(engagement, end, polled_at)

    def _end_of(self, engagement: Engagement, polled_at: datetime) -> FollowEnded | None:
        """Return why the engagement is over, by its StopTime or its plan; None if it is not."""
        if engagement.stop_time is not None:
            return EngagementStopped(at=engagement.stop_time, engagement=engagement)
        if self._end_finder is None:
            return None
        pages = {page.paged_person: page.summary for page in self._pages.values()}
        try:
            found = self._end_finder.find(engagement, tuple(pages), polled_at)
        except PlanUnknownError as unknown:
            self._end_finder = None
            self._plan_unknown = PlanUnknown(
                at=polled_at, reason=unknown.reason, error=unknown.error
            )
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
        # The service seems to list the newest first.
        for summary in reversed(self._reader.pages(self._arn)):
            page = self._pages.get(summary.arn)
            if page is None:
                path = tuple(self._reader.resolutions(summary))
                page = FollowedPage(len(self._pages), path, summary)
                self._pages[summary.arn] = page
            page.summary = summary

    def _first_stage(self) -> int | None:
        """Return the first stage that has engaged anybody: AWS may count from 0 or from 1."""
        stages = (stage_of(page.path) for page in self._pages.values())
        return min((stage for stage in stages if stage is not None), default=None)

    def _pages_to_read(self, *, is_last: bool) -> Iterable[FollowedPage]:
        """Return the pages whose receipts are read in this poll.

        These are the pages that have changed, and as many others as there is time for until the
        next poll: only the receipts show that a page could not be sent.
        """
        pages = sorted(self._pages.values(), key=lambda page: page.receipts_read_at)
        changed = [page for page in pages if page.has_changed]
        others = [page for page in pages if not page.has_changed and not page.is_read]
        return [*changed, *(others if is_last else others[: int(self._interval)])]

    def _queue_events(
        self, engagement: Engagement, end: FollowEnded | None, polled_at: datetime
    ) -> None:
        self._is_timed_out = self._is_after_timeout()
        self._is_over = end is not None
        if end is None and self._is_timed_out:
            end = FollowEnded(at=polled_at, engagement=engagement, reason="timeout")
        due, deferred = list(self._deferred), list[NumberedEvent]()
        for new in self._new_events:
            (due if end is not None or new.event.at <= polled_at else deferred).append(new)
        self._new_events, self._deferred = [], deferred
        self._queue += (each.event for each in sorted(due, key=lambda each: each.sort_key))
        if self._plan_unknown is not None:
            self._queue.append(self._plan_unknown)
            self._plan_unknown = None
        if end is not None:
            self._queue.append(end)


def follow_violations(timeout: object, interval: object, grace: object) -> Iterator[Violation]:
    """Yield the violations of the durations of `client.engagements.follow`."""
    if timeout is not None:
        yield from duration_violations("timeout", timeout, most=timedelta.max)
    yield from duration_violations(
        "interval", interval, least=_SHORTEST_INTERVAL, most=_LONGEST_INTERVAL
    )
    yield from duration_violations("grace", grace, most=timedelta.max)
