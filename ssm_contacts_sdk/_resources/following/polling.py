"""Reads pages, receipts and resolutions, no faster than AWS allows."""

from __future__ import annotations

from typing import TypeVar

from attrs import define, field

from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._models.engagements import PageSummary, Receipt, Resolution
from ssm_contacts_sdk._resources.listing import Listing
from ssm_contacts_sdk._resources.pages import Pages

_T = TypeVar("_T")

# In requests a second, as AWS publishes them.
_RATES = {"ListPagesByEngagement": 2, "ListPageReceipts": 1, "ListPageResolutions": 20}


@define
class Stopwatch:
    """Measures the seconds since it was started, on a client's clock."""

    clock: Clock
    _started: float = field(default=0.0, init=False)
    _slept: float = field(default=0.0, init=False)

    def start(self) -> None:
        """Start to measure."""
        self._started = self.clock.monotonic()

    def elapsed(self) -> float:
        """Return the seconds since the start, or those that were slept if they are more."""
        # The clock of a test may not move during a sleep. Then no timeout would ever end.
        return max(self._slept, self.clock.monotonic() - self._started)

    def sleep_until(self, elapsed: float) -> None:
        """Sleep until `elapsed` seconds have passed since the start."""
        seconds = elapsed - self.elapsed()
        if seconds > 0:
            self.clock.sleep(seconds)
            self._slept += seconds


@define
class PageReader:
    """Lists pages, receipts and resolutions, and waits before a request that would be throttled."""

    _pages: Pages
    _stopwatch: Stopwatch
    _next_request: dict[str, float] = field(factory=dict[str, float], init=False)
    """When the next request of an operation may be sent, on the stopwatch."""

    def pages(self, engagement_arn: str) -> list[PageSummary]:
        """Return all pages of an engagement."""
        return self._all("ListPagesByEngagement", self._pages.list_by_engagement(engagement_arn))

    def receipts(self, page: PageSummary) -> list[Receipt]:
        """Return all receipts of a page."""
        return self._all("ListPageReceipts", self._pages.receipts(page))

    def resolutions(self, page: PageSummary) -> list[Resolution]:
        """Return the escalation path of a page."""
        return self._all("ListPageResolutions", self._pages.resolutions(page))

    def _all(self, operation: str, listing: Listing[_T]) -> list[_T]:
        items: list[_T] = []
        by_page = listing.by_page()
        while True:
            self._stopwatch.sleep_until(self._next_request.get(operation, 0.0))
            try:
                page = next(by_page)
            finally:
                # It is set after the request, because retries may have sent several.
                wait = 1 / _RATES[operation]
                self._next_request[operation] = self._stopwatch.elapsed() + wait
            items += page.items
            if page.next_token is None:
                return items
