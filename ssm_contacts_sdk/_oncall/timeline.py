"""Who is paged when, if somebody is engaged: a plan and all that it leads to, played through."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Literal

from attrs import define, evolve, field, frozen

from ssm_contacts_sdk._charts.drawable import Drawable
from ssm_contacts_sdk._dates import add_time
from ssm_contacts_sdk._models.channels import ActivationStatus, ChannelRecord
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.plans import ContactTarget, Plan
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot, SnapshotPart
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.simulation import (
    Due,
    Engaging,
    Party,
    Path,
    SendDue,
    SkipReason,
    StageDue,
)
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

THE_PLAN = ""
"""What stands for the ARN of a plan that exists nowhere yet."""

Outcome = Literal["acknowledged", "everything_tried", "horizon"]


@public
@frozen(kw_only=True)
class Timeline(Drawable):
    """All that happens when somebody is engaged, in its order.

    It can be drawn: a lane for each person, with the pages that go out, what is skipped and why,
    and, with dashes, what would still happen if nobody acknowledged.

    Attributes:
        start: when the engagement starts.
        end: when nothing more happens: somebody's acknowledgement has ended it, or everything has
            been tried, or the horizon is reached; `outcome` tells which.
        events: what happens, in its order.
        not_reached: what would happen besides if nobody acknowledged, up to the same horizon.
        paths: the ways on which somebody is or would be engaged, also to people who get no page
            because there is nothing in their plans.
        not_counted: who would have acknowledged and had not been paged by then, with the offset.
        snapshot: what was read to know it.
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
        """The pages that go out."""
        return tuple(each for each in self.events if isinstance(each, PageSent))

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What is not engaged, although a plan names it."""
        return tuple(each for each in self.events if isinstance(each, Skipped))

    @property
    def unreadable(self) -> tuple[Skipped, ...]:
        """What could not be read, so that it is not known whom it would page: each has an `error`.

        If there is any, pages may go out that are not in `events`.
        """
        events = (*self.events, *self.not_reached)
        skipped = (each for each in events if isinstance(each, Skipped))
        return tuple(each for each in skipped if each.reason == "unreadable")

    @property
    def acknowledgements(self) -> tuple[Acknowledged, ...]:
        """Who acknowledges. Somebody who has not been paged by then does not."""
        return tuple(each for each in self.events if isinstance(each, Acknowledged))

    @property
    def stages(self) -> tuple[StageStarted, ...]:
        """The stages, of the escalation plan and of people's own plans."""
        return tuple(each for each in self.events if isinstance(each, StageStarted))

    def name_of(self, arn: str) -> str:
        """What people call what an ARN names, such as a person's display name."""
        return "the plan" if arn == THE_PLAN else self.snapshot.name_of(arn)

    @property
    def summary(self) -> str:
        """How it comes out, in a sentence or two."""
        from ssm_contacts_sdk._oncall.timeline_text import summary  # noqa: PLC0415

        return summary(self)

    def _chart(self, time_zone: str | None = None) -> "Chart":
        # Most timelines are never drawn.
        from ssm_contacts_sdk._oncall.timeline_chart import timeline_chart  # noqa: PLC0415

        return timeline_chart(self, time_zone)


def timeline(
    what: str | Plan,
    snapshot: AccountSnapshot,
    start: datetime,
    *,
    acknowledge: Mapping[str, timedelta],
    horizon: timedelta | None,
    assumptions: OnCallAssumptions,
) -> Timeline:
    """Play an engagement through.

    Args:
        what: The ARN of a contact in `snapshot`, or a plan that exists nowhere yet.
        snapshot: All that it leads to, with the shifts of the time in question.
        start: When the engagement starts.
        acknowledge: Who acknowledges, by ARN, and how long after the start.
        horizon: How long after the start to stop looking.
        assumptions: How plans are read where AWS does not say.
    """

    def played(acknowledge: Mapping[str, timedelta]) -> Timeline:
        run = _Run(snapshot, start, what if isinstance(what, Plan) else None, assumptions)
        return run.played(THE_PLAN if isinstance(what, Plan) else what, acknowledge, horizon)

    found = played(acknowledge)
    counted = {step.contact_arn for each in found.acknowledgements for step in each.path}
    not_counted = tuple(each for each in acknowledge.items() if each[0] not in counted)
    found = evolve(found, not_counted=not_counted)
    if not found.acknowledgements:
        return found
    unanswered = played({})
    happened = set(found.events)
    return evolve(
        found,
        not_reached=tuple(each for each in unanswered.events if each not in happened),
        paths=tuple(dict.fromkeys((*found.paths, *unanswered.paths))),
    )


def type_of(plan: Plan) -> ContactType:
    """Whose plan it is, by what stands in it."""
    if plan.rotation_ids is not None:
        return ContactType.ONCALL_SCHEDULE
    targets = [target for stage in plan.stages for target in stage.targets]
    if any(isinstance(target, ContactTarget) for target in targets):
        return ContactType.ESCALATION
    return ContactType.PERSONAL


@frozen
class _Planned:
    type: ContactType
    plan: Plan


@define
class _Run:
    """A run through an engagement, and what surrounds it; see `engaging.Surroundings`."""

    snapshot: AccountSnapshot
    start: datetime
    plan: Plan | None
    assumptions: OnCallAssumptions
    engaging: Engaging = field(factory=Engaging, init=False)
    events: list[Event] = field(factory=list[Event], init=False)
    # By instant, then what is due before who acknowledges, then as it was entered.
    waiting: list[tuple[datetime, bool, int, Due | str]] = field(
        factory=list[tuple[datetime, bool, int, "Due | str"]], init=False
    )
    count: int = field(default=0, init=False)
    paths: dict[Path, None] = field(factory=dict[Path, None], init=False)
    paged: dict[Path, None] = field(factory=dict[Path, None], init=False)
    ended: datetime | None = field(default=None, init=False)

    def played(
        self, arn: str, acknowledge: Mapping[str, timedelta], horizon: timedelta | None
    ) -> Timeline:
        self.engaging.begin(arn, self.start, self)
        for person, offset in acknowledge.items():
            self._enter(add_time(self.start, offset), person, is_due=False)
        limit = None if horizon is None else add_time(self.start, horizon)
        outcome: Outcome = "everything_tried"
        while self.waiting and self.ended is None:
            at, _, _, what = heappop(self.waiting)
            if limit is not None and at >= limit:
                self.ended, outcome = limit, "horizon"
            elif isinstance(what, str):
                self._acknowledge(what, at)
            else:
                self.engaging.carry_out(what, at, self, self.assumptions)
        if self.engaging.was_acknowledged:
            outcome = "acknowledged"
        end = self.start if self.ended is None else self.ended
        events = tuple(self.events)
        return Timeline(
            start=self.start,
            end=end,
            outcome=outcome,
            events=events,
            paths=tuple(self.paths),
            snapshot=self.snapshot,
        )

    def contact(self, arn: str) -> Party | None:
        if arn == THE_PLAN and self.plan is not None:
            return _Planned(type_of(self.plan), self.plan)
        contact = self.snapshot.contacts.get(arn)
        return None if contact is None else _Planned(contact.type, contact.plan)

    def channel_problem(self, arn: str) -> Literal["deleted", "not_activated"] | None:
        channel = self.snapshot.channels.get(arn)
        if channel is None:
            return "deleted"
        return None if is_activated(channel) else "not_activated"

    def on_call(self, path: Path, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        for arn in dict.fromkeys(rotation_arns):
            if self.snapshot.is_unreadable("shifts", arn):
                self._cannot_tell(path, arn, "shifts", at)
        return self.snapshot.on_call(rotation_arns, at)

    def begin_stage(self, due: StageDue, at: datetime, until: datetime) -> None:
        self.events.append(
            StageStarted(
                at=at, offset=at - self.start, path=due.path, stage_index=due.index, until=until
            )
        )

    def send(self, due: SendDue, at: datetime) -> bool:
        self.paged[due.path] = None
        self.events.append(
            PageSent(
                at=at,
                offset=at - self.start,
                path=due.path,
                channel_arn=due.target.contact_channel_id,
                stage_index=due.stage_index,
                would_end=self.engaging.would_end(due.path),
            )
        )
        return True

    def skip(self, path: Path, arn: str, reason: SkipReason, at: datetime) -> None:
        parts: tuple[SnapshotPart, ...] = ("contact", "channel")
        for part in parts:
            if reason == "deleted" and self.snapshot.is_unreadable(part, arn):
                self._cannot_tell(path, arn, part, at)
                return
        contact = self.contact(arn) if reason == "nobody_on_call" else None
        if contact is not None and any(
            self.snapshot.is_unreadable("shifts", each) for each in contact.plan.rotation_ids or ()
        ):
            # Somebody may be on call in a rotation that could not be read.
            return
        self.events.append(
            Skipped(at=at, offset=at - self.start, path=path, arn=arn, reason=reason)
        )

    def _cannot_tell(self, path: Path, arn: str, part: SnapshotPart, at: datetime) -> None:
        self.events.append(
            Skipped(
                at=at,
                offset=at - self.start,
                path=path,
                arn=arn,
                reason="unreadable",
                error=self.snapshot.unreadable[part, arn],
            )
        )

    def later(self, at: datetime, due: Due) -> None:
        self.paths[due.path] = None
        self._enter(at, due, is_due=True)

    def end(self, at: datetime) -> None:
        self.ended = at

    def _enter(self, at: datetime, what: Due | str, *, is_due: bool) -> None:
        self.count += 1
        heappush(self.waiting, (at, not is_due, self.count, what))

    def _acknowledge(self, who: str, at: datetime) -> None:
        """All pages that a person, or those on call in a schedule, have got are acknowledged."""
        for path in [path for path in self.paged if who in {step.contact_arn for step in path}]:
            ends = self.engaging.acknowledge(path, at, self)
            self.events.append(Acknowledged(at=at, offset=at - self.start, path=path, ends=ends))


def is_activated(channel: ChannelRecord) -> bool:
    """Whether pages go out to a channel."""
    return channel.activation_status == ActivationStatus.ACTIVATED
