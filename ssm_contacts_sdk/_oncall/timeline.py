"""The timeline of an engagement: who is paged when, what is skipped, and how it ends."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, Union

from attrs import field, frozen

from ssm_contacts_sdk._charts.drawable import Drawable
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot
from ssm_contacts_sdk._oncall.simulation import Path, SkipReason
from ssm_contacts_sdk._public import public

if TYPE_CHECKING:
    from ssm_contacts_sdk._charts.chart import Chart


@public
@frozen(kw_only=True)
class TimelineEvent:
    """Something that happens during an engagement.

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
        reason: why it is not engaged. With "unreadable" it may well be engaged: the service did not
            let it be read.
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


NEW_PLAN = ""
"""Stands for the ARN of a plan that no contact has."""

Outcome = Literal["acknowledged", "everything_tried", "horizon"]


@public
@frozen(kw_only=True)
class Timeline(Drawable):
    """Everything that happens during an engagement, in order.

    It can be drawn as a chart: a lane for each person, with the pages that are sent, what is
    skipped and why, and, with dashes, what would still happen if nobody acknowledged.

    Attributes:
        start: when the engagement starts.
        end: when nothing more happens.
        outcome: why nothing more happens: "acknowledged" (an acknowledgement ended the engagement),
            "everything_tried" or "horizon" (it was not simulated any further).
        events: what happens, in order.
        not_reached: what would also happen if nobody acknowledged, up to the same horizon.
        paths: the paths to everybody who is or would be engaged, also to people who get no page
            because their plans are empty.
        not_counted: the ARNs of those who would have acknowledged but were not paged by then, each
            with the offset of the acknowledgement.
        snapshot: the records from which the timeline was calculated.
    """

    start: datetime
    end: datetime
    outcome: Outcome
    events: tuple[Event, ...]
    not_reached: tuple[Event, ...] = ()
    paths: tuple[Path, ...] = field(default=(), repr=False)
    not_counted: tuple[tuple[str, timedelta], ...] = ()
    snapshot: AccountSnapshot = field(repr=False)

    @property
    def sends(self) -> tuple[PageSent, ...]:
        """The pages that are sent."""
        return tuple(each for each in self.events if isinstance(each, PageSent))

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The targets of plans that are not engaged."""
        return tuple(each for each in self.events if isinstance(each, Skipped))

    @property
    def unreadable(self) -> tuple[Skipped, ...]:
        """The targets that could not be read, each with its `error`.

        If there are any, pages may be sent that are not in `events`.
        """
        events = (*self.events, *self.not_reached)
        skipped = (each for each in events if isinstance(each, Skipped))
        return tuple(each for each in skipped if each.reason == "unreadable")

    @property
    def acknowledgements(self) -> tuple[Acknowledged, ...]:
        """The acknowledgements of people who have been paged by then."""
        return tuple(each for each in self.events if isinstance(each, Acknowledged))

    @property
    def stages(self) -> tuple[StageStarted, ...]:
        """The stages that start, of the escalation plan and of people's own plans."""
        return tuple(each for each in self.events if isinstance(each, StageStarted))

    def name_of(self, arn: str) -> str:
        """Return the name of a contact, channel or rotation, such as a person's display name."""
        return "the plan" if arn == NEW_PLAN else self.snapshot.name_of(arn)

    @property
    def summary(self) -> str:
        """Who is paged and how the engagement ends, in a sentence or two."""
        from ssm_contacts_sdk._oncall.timeline_text import summary  # noqa: PLC0415

        return summary(self)

    def _chart(self, time_zone: str | None = None) -> "Chart":
        # Most timelines are never drawn.
        from ssm_contacts_sdk._oncall.timeline_chart import timeline_chart  # noqa: PLC0415

        return timeline_chart(self, time_zone)
