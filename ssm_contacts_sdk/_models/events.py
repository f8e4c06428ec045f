"""What happens in an engagement that is followed."""

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


@public
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


@public
@frozen(kw_only=True)
class EngagementEscalated(_OfAPage):
    """The engagement has gone on to somebody: of a later stage, or on call in a schedule.

    It is told once for each person and way, before what becomes of the page.

    Attributes:
        at: when the person's first page was sent, or could not be.
        page: the page that the person got, as it was when this was learned.
        path: the way to the person: escalation, schedule, person.
    """


PlanUnknownReason = Literal["refused", "deleted", "changed", "no_start_time"]
"""Why the plan does not tell when an engagement is over.

They are: the service refuses to show it; the contact that was engaged is not there any more; the
plan has been changed meanwhile, or pages went to people to whom it does not lead; and the service
does not tell when the engagement started.
"""


@public
@frozen(kw_only=True)
class PlanUnknown:
    """Nobody can tell from the plan when the engagement is over.

    It comes once at most. Other events come as before, but only the StopTime of the engagement
    or the timeout ends the following.

    Attributes:
        at: when this was learned.
        reason: why.
        error: what the service answered, if it refused to show the plan.
    """

    at: datetime
    reason: PlanUnknownReason
    error: ContactsError | None = field(default=None, eq=False, repr=False)


FollowEndReason = Literal["stopped", "acknowledged", "plan_completed", "timeout"]
"""Why an engagement is not followed any further.

They are: the service tells a StopTime; an acknowledgement was seen that the plan calls essential;
everybody in the plan has been tried, and a grace time is over; and the timeout.
"""


@public
@frozen(kw_only=True)
class FollowEnded:
    """The engagement is not followed any further. It is the last event, and says why.

    AWS seems to set StopTime for StopEngagement alone, so most ends are concluded by this package:
    `source` tells them apart.

    Attributes:
        at: when the engagement was over: its StopTime, when the essential acknowledgement was
            given, or when everything had been tried. For a timeout, when it was looked at last.
        reason: why.
        engagement: the engagement as it was looked at last, texts included.
        page: the page whose acknowledgement is the end, for "acknowledged".
    """

    at: datetime
    engagement: Engagement
    reason: FollowEndReason
    page: PageSummary | None = None

    @property
    def source(self) -> Literal["service", "client"]:
        """Who concluded it: the service, by its StopTime, or this package, from plan and clock.

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
    """The service says that the engagement has ended: it has a StopTime.

    AWS does not say why. It seems to be so only where somebody has stopped it.

    Attributes:
        at: when.
        engagement: the engagement, texts included.
    """

    reason: FollowEndReason = field(default="stopped", init=False)


EngagementEvent = Union[PageEvent, EngagementEscalated, PlanUnknown, FollowEnded]
"""Something that happened in an engagement, at an instant."""
