"""The events of a timeline: what happens during an engagement."""

from datetime import datetime, timedelta
from typing import Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._oncall.simulation import Path, SkipReason
from ssm_contacts_sdk._public import public


@public
@frozen(kw_only=True)
class TimelineEvent:
    """An event of a timeline; the base class of all events.

    Attributes:
        at: when it happens.
        offset: how long after the start of the engagement.
        path: the path on which it happens: escalation plan, on-call schedule, person.
    """

    at: datetime
    offset: timedelta
    path: Path


@public
@frozen(kw_only=True)
class PageSent(TimelineEvent):
    """A page is sent to a channel.

    Attributes:
        channel_arn: the channel.
        stage_index: the stage of the person's own plan, from 0.
        would_end: whether an acknowledgement of this page would end the engagement.
    """

    channel_arn: str
    stage_index: int
    would_end: bool


@public
@frozen(kw_only=True)
class Skipped(TimelineEvent):
    """A target of the plan at the end of `path` is not engaged.

    Attributes:
        arn: the target. If the reason is "unreadable", it is a contact, a channel, or a rotation of
            the schedule at the end of `path`.
        reason: why it is not engaged. With "unreadable", it may be engaged in fact: the service
            rejected the request to read it.
        error: the error of the service, if the reason is "unreadable".
    """

    arn: str
    reason: SkipReason
    error: ContactsError | None = field(default=None, eq=False, repr=False)


@public
@frozen(kw_only=True)
class StageStarted(TimelineEvent):
    """A stage of the plan at the end of `path` starts.

    Attributes:
        stage_index: the stage, from 0.
        until: when the next stage starts, or the plan is over.
    """

    stage_index: int
    until: datetime


@public
@frozen(kw_only=True)
class Acknowledged(TimelineEvent):
    """The person at the end of `path` acknowledges.

    Attributes:
        ends: whether that ends the engagement.
    """

    ends: bool


Event = Union[StageStarted, PageSent, Skipped, Acknowledged]
