"""What happens during an engagement: the events of a timeline."""

from datetime import datetime, timedelta
from typing import Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._oncall.simulation import Path, SkipReason
from ssm_contacts_sdk._public import public


@public
@frozen(kw_only=True)
class TimelineEvent:
    """Something that happens at an instant, `offset` after the start.

    `path` is the way on which it came about: escalation plan, on-call schedule, person.
    """

    at: datetime
    offset: timedelta
    path: Path


@public
@frozen(kw_only=True)
class PageSent(TimelineEvent):
    """A page goes out to a channel.

    `stage_index` is the stage of the person's own plan, from 0. `would_end` tells whether an
    acknowledgement of it would end the engagement.
    """

    channel_arn: str
    stage_index: int
    would_end: bool


@public
@frozen(kw_only=True)
class Skipped(TimelineEvent):
    """What the plan at the end of `path` names is not engaged, and why.

    With the reason "unreadable" it may well be engaged: the service did not let it be read, and
    `error` is what it answered. `arn` is then a contact, a channel, or a rotation of the schedule
    at the end of `path`.
    """

    arn: str
    reason: SkipReason
    error: ContactsError | None = field(default=None, eq=False, repr=False)


@public
@frozen(kw_only=True)
class StageStarted(TimelineEvent):
    """A stage of the plan at the end of `path` begins; the next one does at `until`."""

    stage_index: int
    until: datetime


@public
@frozen(kw_only=True)
class Acknowledged(TimelineEvent):
    """The person acknowledges, and the engagement ends or does not."""

    ends: bool


Event = Union[StageStarted, PageSent, Skipped, Acknowledged]
