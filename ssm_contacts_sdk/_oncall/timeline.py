"""The timeline of an engagement: who is paged when, what is skipped, and how it ends."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

from ssm_contacts_sdk._charts.drawable import Drawable
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot
from ssm_contacts_sdk._oncall.simulation import Path
from ssm_contacts_sdk._oncall.timeline_events import (
    Acknowledged,
    Event,
    PageSent,
    Skipped,
    StageStarted,
)
from ssm_contacts_sdk._public import public

if TYPE_CHECKING:
    from ssm_contacts_sdk._charts.chart import Chart

NEW_PLAN = ""
"""The value in place of an ARN for a plan that no contact has."""

Outcome = Literal["acknowledged", "everything_tried", "horizon"]


@public
@frozen(kw_only=True)
class Timeline(Drawable):
    """Everything that happens during an engagement, in order.

    `client.preview` returns one. It can be drawn as a chart: a lane for each person, with the pages
    that are sent, what is skipped and why, and, with dashes, what would happen if nobody
    acknowledged. `str` is the chart as text.

    >>> from datetime import datetime, timezone
    >>> from ssm_contacts_sdk import Plan
    >>> from ssm_contacts_sdk.local import LocalService
    >>> monday = datetime(2025, 1, 6, tzinfo=timezone.utc)
    >>> timeline = LocalService().client().preview(Plan(), at=monday)
    >>> timeline.outcome, timeline.sends
    ('everything_tried', ())

    Attributes:
        start: when the engagement starts.
        end: when nothing more happens.
        outcome: why nothing more happens: "acknowledged" (an acknowledgement ended the engagement),
            "everything_tried" or "horizon" (it was not simulated any further).
        events: what happens, in order.
        not_reached: what would also happen if nobody acknowledged, up to the same horizon.
        paths: the paths to everybody who is or would be engaged, also to people who get no page
            because their plans are empty.
        not_counted: the acknowledgements that had no effect because no page had been sent to the
            person by then, or because nothing more happened by then: the ARN of each person, and
            how long after the start.
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
