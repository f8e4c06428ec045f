"""An engagement as it runs: what falls due, and what is done then.

The embedded service lets it run on its clock, and a preview on none: what surrounds it, the
directory of people and the way that messages go, is handed in.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol, Union

from attrs import define, field, frozen

from ssm_contacts_sdk._dates import add_time
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan, Stage
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._public import public

SkipReason = Literal[
    "acknowledged",
    "deleted",
    "nested",
    "nobody_on_call",
    "not_activated",
    "unreadable",
    "wrong_kind",
]
"""Why somebody or something that a plan names is not engaged.

They are: a person who has acknowledged already, what is not there any more, an escalation plan
within another, a schedule in whose rotations nobody is on call, a channel that is not activated,
and what does not belong there: a channel in an escalation plan, a contact in a person's plan,
somebody on call who is no person. Only a preview knows "unreadable": the service did not let it be
read, so it may well be engaged.
"""


@public
@frozen
class PathStep:
    """Somebody on the way of an engagement, from whom it began with to a person."""

    contact_arn: str
    type: ContactType
    stage_index: int | None = None
    """The stage, from 0, of the escalation plan that led here, if one did."""
    is_essential: bool = True
    """Whether the plan that led here ends with this contact's acknowledgement."""


Path = tuple[PathStep, ...]
"""The way of an engagement: escalation plan, on-call schedule, person."""


def ends_with(path: Path) -> bool:
    """Whether an acknowledgement by the person of `path` ends the engagement.

    Our assumption: it does so where no escalation plan stands in between.
    """
    return all(step.is_essential for step in path)


@frozen
class StageDue:
    """The stage `index` of the last contact of `path` begins."""

    path: Path
    plan: Plan
    index: int


@frozen
class SendDue:
    """A page goes out to a channel, or again, if its stage is not over."""

    path: Path
    stage_index: int
    target: ChannelTarget
    until: datetime


@frozen
class PlanOver:
    """The last stage of the last contact of `path` is over."""

    path: Path


Due = Union[StageDue, SendDue, PlanOver]


class Party(Protocol):
    """Somebody as the directory knows them: type and plan."""

    @property
    def type(self) -> ContactType: ...

    @property
    def plan(self) -> Plan: ...


class Surroundings(Protocol):
    """What an engagement finds when something falls due, and what it does to it."""

    def contact(self, arn: str) -> Party | None:
        """Who has this ARN; None if nobody has, any more."""
        ...

    def channel_problem(self, arn: str) -> Literal["deleted", "not_activated"] | None:
        """Why a channel cannot be engaged, or None."""
        ...

    def on_call(self, path: Path, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        """The ARNs of those who are on call then, each once, in the schedule at the end of `path`.

        `rotation_arns` are the schedule's.
        """
        ...

    def begin_stage(self, due: StageDue, at: datetime, until: datetime) -> None:
        """Take note that a stage begins."""
        ...

    def send(self, due: SendDue, at: datetime) -> bool:
        """Send a page, and tell whether it went out."""
        ...

    def skip(self, path: Path, arn: str, reason: SkipReason, at: datetime) -> None:
        """Take note that what the plan at the end of `path` names is not engaged."""
        ...

    def later(self, at: datetime, due: Due) -> None:
        """Hand `due` in again at that instant, after what was put there before."""
        ...

    def end(self, at: datetime) -> None:
        """Take note that the engagement has ended."""
        ...


@define
class Engaging:
    """How far an engagement has come.

    Every plan is taken as it is when it begins, and a schedule's people as they are on call when
    it is engaged.
    """

    open: list[Path] = field(factory=list[Path])
    """Whose plans are not over, in the order in which they began."""
    acknowledged: set[str] = field(factory=set[str])
    """The ARNs of the people who have acknowledged."""
    has_ended: bool = False
    was_acknowledged: bool = False
    """Whether an acknowledgement has ended it."""

    def begin(self, contact_arn: str, at: datetime, around: Surroundings) -> None:
        """Engage the contact with whom it begins."""
        contact = around.contact(contact_arn)
        if contact is not None:
            self._engage((PathStep(contact_arn, contact.type),), contact.plan, at, around)
        self._end_if_over(at, around)

    def carry_out(
        self, due: Due, at: datetime, around: Surroundings, assumptions: OnCallAssumptions
    ) -> None:
        """Do what has fallen due, unless it is no longer wanted."""
        if self.has_ended or due.path not in self.open:
            return
        if isinstance(due, StageDue):
            self._begin_stage(due, at, around, assumptions)
        elif isinstance(due, SendDue):
            self._send(due, at, around, assumptions)
        else:
            self.open.remove(due.path)
            if assumptions.engagement_end == "last_stage" and len(due.path) == 1:
                self.stop(at, around)
            self._end_if_over(at, around)

    def acknowledge(self, path: Path, at: datetime, around: Surroundings) -> bool:
        """The person of `path` has acknowledged; whether that ends the engagement.

        It ends that person's own plan all the same.
        """
        person = path[-1].contact_arn
        self.acknowledged.add(person)
        ends = not self.has_ended and self.would_end(path)
        if ends:
            self._stop_acknowledged(at, around)
        self.open = [other for other in self.open if other[-1].contact_arn != person]
        self._end_if_over(at, around)
        return ends

    def would_end(self, path: Path) -> bool:
        """Whether an acknowledgement by the person of `path` would end the engagement.

        It is enough that the person is essential on one of the ways on which they are engaged.
        """
        person = path[-1].contact_arn
        others = (other for other in self.open if other[-1].contact_arn == person)
        return ends_with(path) or any(map(ends_with, others))

    def stop(self, at: datetime, around: Surroundings) -> None:
        """Engage nobody any more."""
        if not self.has_ended:
            self.has_ended = True
            around.end(at)

    def _stop_acknowledged(self, at: datetime, around: Surroundings) -> None:
        self.was_acknowledged = True
        self.stop(at, around)

    def _end_if_over(self, at: datetime, around: Surroundings) -> None:
        if not self.open:
            self.stop(at, around)

    def _engage(self, path: Path, plan: Plan, at: datetime, around: Surroundings) -> None:
        if path[-1].type == ContactType.ONCALL_SCHEDULE:
            self._engage_schedule(path, plan, at, around)
        else:
            self.open.append(path)
            around.later(at, StageDue(path, plan, 0) if plan.stages else PlanOver(path))

    def _engage_schedule(self, path: Path, plan: Plan, at: datetime, around: Surroundings) -> None:
        people = around.on_call(path, plan.rotation_ids or (), at)
        if not people:
            around.skip(path, path[-1].contact_arn, "nobody_on_call", at)
        for arn in people:
            if self.has_ended:
                return
            person = around.contact(arn)
            if person is None:
                around.skip(path, arn, "deleted", at)
            elif person.type != ContactType.PERSONAL:
                # Somebody else has been given the alias since, and could lead back here.
                around.skip(path, arn, "wrong_kind", at)
            else:
                self._engage_person((*path, PathStep(arn, person.type)), person.plan, at, around)

    def _engage_person(self, path: Path, plan: Plan, at: datetime, around: Surroundings) -> None:
        arn = path[-1].contact_arn
        if arn in self.acknowledged:
            around.skip(path[:-1], arn, "acknowledged", at)
            if ends_with(path):
                # What was not essential when it was said is so now.
                self._stop_acknowledged(at, around)
        elif path not in self.open:
            self._engage(path, plan, at, around)

    def _begin_stage(
        self, due: StageDue, at: datetime, around: Surroundings, assumptions: OnCallAssumptions
    ) -> None:
        stage = due.plan.stages[due.index]
        end = add_time(at, timedelta(minutes=stage.duration_in_minutes))
        around.begin_stage(due, at, end)
        if due.path[-1].type == ContactType.ESCALATION:
            self._engage_targets(due, stage, at, around)
        else:
            for target in stage.targets:
                if isinstance(target, ChannelTarget):
                    self._send(SendDue(due.path, due.index, target, end), at, around, assumptions)
                else:
                    around.skip(due.path, target.contact_id, "wrong_kind", at)
        following = due.index + 1
        is_last = following == len(due.plan.stages)
        around.later(
            end, PlanOver(due.path) if is_last else StageDue(due.path, due.plan, following)
        )

    def _engage_targets(
        self, due: StageDue, stage: Stage, at: datetime, around: Surroundings
    ) -> None:
        for target in stage.targets:
            if self.has_ended:
                return
            if not isinstance(target, ContactTarget):
                around.skip(due.path, target.contact_channel_id, "wrong_kind", at)
                continue
            contact = around.contact(target.contact_id)
            if contact is None:
                around.skip(due.path, target.contact_id, "deleted", at)
            elif contact.type == ContactType.ESCALATION:
                around.skip(due.path, target.contact_id, "nested", at)
            else:
                step = PathStep(target.contact_id, contact.type, due.index, target.is_essential)
                self._engage_person((*due.path, step), contact.plan, at, around)

    def _send(
        self, due: SendDue, at: datetime, around: Surroundings, assumptions: OnCallAssumptions
    ) -> None:
        arn = due.target.contact_channel_id
        problem = around.channel_problem(arn)
        if problem is not None:
            around.skip(due.path, arn, problem, at)
            return
        was_sent = around.send(due, at)
        again = add_time(at, timedelta(minutes=due.target.retry_interval_in_minutes or 0))
        wanted = not was_sent or assumptions.resend == "until_acknowledged"
        # An interval of 0 would never come to an end.
        if wanted and at < again < due.until:
            around.later(again, due)
