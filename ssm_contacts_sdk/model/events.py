"""What happens in an engagement, as who follows it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Union

from attrs import field, frozen

from ssm_contacts_sdk.model.contacts import ContactType
from ssm_contacts_sdk.model.engagements import (
    Engagement,
    PageSummary,
    ReceiptType,
    Resolution,
    hidden,
)


def stage_of(path: Sequence[Resolution]) -> int | None:
    """The stage of an escalation plan that the way of a page led through, if it led through one."""
    stages = (step.stage_index for step in reversed(path))
    return next((stage for stage in stages if stage is not None), None)


def schedule_of(path: Sequence[Resolution]) -> str | None:
    """The ARN of the on-call schedule that it led through, if it led through one."""
    schedules = (step for step in path if step.type == ContactType.ONCALL_SCHEDULE)
    return next((step.contact_arn for step in schedules), None)


@frozen(kw_only=True)
class _OfAPage:
    at: datetime
    page: PageSummary
    path: tuple[Resolution, ...]

    @property
    def contact_arn(self) -> str:
        """The person who is paged."""
        return self.page.contact_arn

    @property
    def stage_index(self) -> int | None:
        """The stage of the escalation plan that led to the person, if one did, as AWS counts."""
        return stage_of(self.path)

    @property
    def schedule_arn(self) -> str | None:
        """The on-call schedule through which the person was come to, if it was through one."""
        return schedule_of(self.path)


@frozen(kw_only=True)
class PageEvent(_OfAPage):
    """Something became of a page on one of its ways.

    Attributes:
        at: when.
        type: SENT, DELIVERED, READ, or ERROR if it could not be sent there. READ is what people
            call an acknowledgement.
        page: the page, as it was when this was learned.
        channel_arn: the channel, where the service tells it.
        info: what the way's provider says, or the code or the note that the page was accepted
            with; it does not appear in the `repr`.
        path: the way on which the page came to its person: escalation, schedule, person.
    """

    type: ReceiptType
    channel_arn: str | None = None
    info: str | None = field(default=None, repr=hidden)


@frozen(kw_only=True)
class EngagementEscalated(_OfAPage):
    """The engagement has gone on to somebody: of a later stage, or on call in a schedule.

    It is told once for each person and way, before what becomes of the page.

    Attributes:
        at: when the person's first page was sent, or could not be.
        page: the page that the person got, as it was when this was learned.
        path: the way to the person: escalation, schedule, person.
    """


@frozen(kw_only=True)
class EngagementStopped:
    """The engagement has ended: nobody is engaged any more. It is the last that is told.

    AWS does not tell why: whether somebody stopped it, an acknowledgement ended it, or everything
    has been tried.

    Attributes:
        at: when.
        engagement: the engagement, texts included.
    """

    at: datetime
    engagement: Engagement


EngagementEvent = Union[PageEvent, EngagementEscalated, EngagementStopped]
"""Something that happened in an engagement, at an instant."""
