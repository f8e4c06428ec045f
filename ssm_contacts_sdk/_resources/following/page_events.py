"""The events of one page, from its times and its receipts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from attrs import define, field, frozen

from ssm_contacts_sdk._models.engagements import PageSummary, Receipt, ReceiptType, Resolution
from ssm_contacts_sdk._models.events import (
    EngagementEscalated,
    PageEvent,
    schedule_of,
    stage_of,
)
from ssm_contacts_sdk._oncall.engagement_end import PagedPerson

# How far apart the times of a page and of a receipt may be that report the same event.
_TOLERANCE = timedelta(seconds=1)
# The order of the events of a page at the same instant: the escalation is before the page's events.
_ORDER: dict[str, int] = {"SENT": 1, "ERROR": 1, "DELIVERED": 2, "READ": 3}
_ESCALATION, _OTHER = 0, 4

_Times = tuple["datetime | None", "datetime | None", "datetime | None"]
_TypeAndTime = tuple[ReceiptType, datetime]


@frozen
class NumberedEvent:
    """An event of the page with this number."""

    event: PageEvent | EngagementEscalated
    page_number: int

    @property
    def sort_key(self) -> tuple[datetime, int, int]:
        """The order in which events are reported."""
        event = self.event
        order = _ORDER.get(event.type, _OTHER) if isinstance(event, PageEvent) else _ESCALATION
        return event.at, self.page_number, order


@define
class FollowedPage:
    """A page of an engagement, and which of its events have been reported."""

    number: int
    path: tuple[Resolution, ...]
    summary: PageSummary
    """The page as it was last listed."""
    receipts_read_at: float = -1.0
    """When its receipts were last read, on the stopwatch."""
    _times: _Times | None = field(default=None, init=False)
    """The times of the page when its receipts were last read."""
    _receipts: Counter[Receipt] = field(factory=Counter[Receipt], init=False)
    _reported: list[_TypeAndTime] = field(factory=list[_TypeAndTime], init=False)
    _reported_without_receipt: list[_TypeAndTime] = field(factory=list[_TypeAndTime], init=False)

    @property
    def paged_person(self) -> PagedPerson:
        """The person who gets the page."""
        arns = tuple(step.contact_arn for step in self.path) or (self.summary.contact_arn,)
        return PagedPerson(arns, stage_of(self.path), self.summary.read_time)

    @property
    def has_changed(self) -> bool:
        """Whether its times have changed since its receipts were read."""
        return self._times != _times_of(self.summary)

    @property
    def is_read(self) -> bool:
        """Whether its person has read it."""
        return self.summary.read_time is not None

    def new_events(
        self, receipts: Iterable[Receipt], first_stage: int | None
    ) -> list[NumberedEvent]:
        """Return the events that have not been reported yet, from all receipts of the page."""
        current = Counter(receipts)
        new = current - self._receipts
        self._receipts |= current
        self._times = _times_of(self.summary)
        is_first = not self._reported
        page_events = [
            self._report(receipt.type, receipt.time, receipt.channel_arn, receipt.info)
            for receipt in new.elements()
            if not self._is_reported_without_receipt(receipt)
        ]
        # The receipt may appear later than the time that it belongs to.
        types = (ReceiptType.SENT, ReceiptType.DELIVERED, ReceiptType.READ)
        for kind, at in zip(types, self._times, strict=True):
            if at is not None and not self._is_reported(kind, at):
                self._reported_without_receipt.append((kind, at))
                page_events.append(self._report(kind, at, None, None))
        events: list[PageEvent | EngagementEscalated] = [*page_events]
        if page_events and is_first and self._is_escalated(first_stage):
            at = min(event.at for event in page_events)
            events.append(EngagementEscalated(at=at, page=self.summary, path=self.path))
        return [NumberedEvent(event, self.number) for event in events]

    def _report(
        self, kind: ReceiptType, at: datetime, channel_arn: str | None, info: str | None
    ) -> PageEvent:
        self._reported.append((kind, at))
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

    def _is_reported(self, kind: ReceiptType, at: datetime) -> bool:
        return any(
            reported == kind and when >= at - _TOLERANCE for reported, when in self._reported
        )

    def _is_reported_without_receipt(self, receipt: Receipt) -> bool:
        for reported in self._reported_without_receipt:
            kind, at = reported
            if kind == receipt.type and abs(receipt.time - at) <= _TOLERANCE:
                self._reported_without_receipt.remove(reported)
                return True
        return False


def _times_of(page: PageSummary) -> _Times:
    return page.sent_time, page.delivery_time, page.read_time
