"""The events of an engagement that is followed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.engagements import (
    Engagement,
    PageSummary,
    ReceiptType,
    Resolution,
    hidden,
)
from ssm_contacts_sdk._public import public


def stage_of(path: Sequence[Resolution]) -> int | None:
    """Return the last stage of an escalation plan in the path of a page; None if there is none."""
    stages = (step.stage_index for step in reversed(path))
    return next((stage for stage in stages if stage is not None), None)


def schedule_of(path: Sequence[Resolution]) -> str | None:
    """Return the ARN of the on-call schedule in the path of a page; None if there is none."""
    schedules = (step for step in path if step.type == ContactType.ONCALL_SCHEDULE)
    return next((step.contact_arn for step in schedules), None)


@frozen(kw_only=True)
class _EventOfPage:
    at: datetime
    page: PageSummary
    path: tuple[Resolution, ...]

    @property
    def contact_arn(self) -> str:
        """The person who is paged."""
        return self.page.contact_arn

    @property
    def stage_index(self) -> int | None:
        """The stage of the escalation plan that engaged the person or schedule, in AWS's numbers.

        It is None if no escalation plan was engaged.
        """
        return stage_of(self.path)

    @property
    def schedule_arn(self) -> str | None:
        """The on-call schedule through which the person is engaged; None without one."""
        return schedule_of(self.path)


@public
@frozen(kw_only=True)
class PageEvent(_EventOfPage):
    """A page was sent on a channel, could not be sent, was delivered, or was read.

    Attributes:
        at: when it happened.
        type: SENT, DELIVERED, READ, or ERROR if the page could not be sent. READ is an
            acknowledgement.
        page: the page, as it was when the event became known.
        channel_arn: the channel; None if the service does not report it.
        info: the message of the channel's provider, or the code or note with which the page was
            accepted. The `repr` does not show it.
        path: the escalation path of the page: escalation plan, on-call schedule, person.
    """

    type: ReceiptType
    channel_arn: str | None = None
    info: str | None = field(default=None, repr=hidden)


@public
@frozen(kw_only=True)
class EngagementEscalated(_EventOfPage):
    """The engagement has reached somebody in a later stage, or on call in a schedule.

    There is one for each person and escalation path, before the events of the page.

    Attributes:
        at: when the person's first page was sent, or could not be sent.
        page: the person's page, as it was when the event became known.
        path: the escalation path to the person: escalation plan, on-call schedule, person.
    """


PlanUnknownReason = Literal["unreadable", "deleted", "changed", "no_start_time"]
"""Why the plan does not determine when an engagement is over.

The reasons are: the plan cannot be read; the contact that was engaged does not exist any more; the
plan has changed, or people were paged whom it does not name; the service does not report when the
engagement started.
"""


@public
@frozen(kw_only=True)
class PlanUnknown:
    """The plan does not determine when the engagement is over.

    This event occurs at most once. The other events are not affected, but only a StopTime of the
    engagement or the timeout ends the iteration.

    Attributes:
        at: when this became known.
        reason: why.
        error: the service's error, if the plan could not be read.
    """

    at: datetime
    reason: PlanUnknownReason
    error: ContactsError | None = field(default=None, eq=False, repr=False)


FollowEndReason = Literal["stopped", "acknowledged", "plan_completed", "timeout"]
"""Why an engagement is not followed any more.

The reasons are: the service reports a StopTime; an essential person has acknowledged; everybody in
the plan has been tried, and the grace time has passed; the timeout.
"""


@public
@frozen(kw_only=True)
class FollowEnded:
    """The engagement is not followed any more. This is always the last event.

    AWS seems to set a StopTime for StopEngagement only, so this package concludes most ends from
    the plan: see `source`.

    Attributes:
        at: when the engagement was over: its StopTime, the time of the essential acknowledgement,
            or the time when everybody had been tried. For a timeout, the time of the last poll.
        reason: why.
        engagement: the engagement at the last poll, with its messages.
        page: the page whose acknowledgement is the end, if the reason is "acknowledged".
    """

    at: datetime
    engagement: Engagement
    reason: FollowEndReason
    page: PageSummary | None = None

    @property
    def source(self) -> Literal["service", "client"]:
        """Who concluded the end: the service by a StopTime, or this package from the plan.

        >>> from datetime import datetime, timezone
        >>> end = FollowEnded(
        ...     at=datetime(2025, 1, 6, 9, tzinfo=timezone.utc),
        ...     engagement=Engagement(
        ...         arn="arn:aws:ssm-contacts:us-east-2:111122223333:engagement/akuam/1",
        ...         contact_arn="arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam",
        ...         sender="cli",
        ...         subject="down",
        ...         content="down",
        ...     ),
        ...     reason="plan_completed",
        ... )
        >>> end.source
        'client'
        """
        return "service" if self.reason == "stopped" else "client"


@public
@frozen(kw_only=True)
class EngagementStopped(FollowEnded):
    """The service reports a StopTime. AWS seems to set it only if somebody stops the engagement.

    Attributes:
        at: the StopTime.
        engagement: the engagement, with its messages.
        reason: always "stopped".
        page: always None.
    """

    reason: FollowEndReason = field(default="stopped", init=False)


EngagementEvent = Union[PageEvent, EngagementEscalated, PlanUnknown, FollowEnded]
"""An event of an engagement, with its time."""
