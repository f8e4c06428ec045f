"""The simulation of an engagement: its due events in order, and what each one does.

The embedded service runs it on its clock, and a preview without one. Each passes its environment:
the contacts, the people on call, and what to do with pages.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any, Generic, Literal, Protocol, TypeVar, Union

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
"""Why a target of a plan is not engaged.

- acknowledged: the person has already acknowledged.
- deleted: the contact or channel does not exist any more.
- nested: it is an escalation plan in another escalation plan.
- nobody_on_call: it is an on-call schedule, and nobody is on call in its rotations.
- not_activated: it is a channel that is not activated.
- wrong_kind: it is a channel in an escalation plan, a contact in a person's plan, or somebody on
  call who is not a person.
- unreadable: it may be engaged, but a preview cannot read it.
"""


@public
@frozen
class PathStep:
    """A contact on the path of an engagement, from the contact that was engaged to a person.

    Attributes:
        contact_arn: the ARN of the contact.
        type: the type of the contact.
        stage_index: the stage of the escalation plan that names the contact, from 0; None if no
            escalation plan does.
        is_essential: whether the escalation plan ends with this contact's acknowledgement.
    """

    contact_arn: str
    type: ContactType
    stage_index: int | None = None
    is_essential: bool = True


Path = tuple[PathStep, ...]
"""The path of an engagement: escalation plan, on-call schedule, person."""


def is_essential(path: Path) -> bool:
    """Return whether an acknowledgement by the person at the end of `path` ends the engagement.

    Our assumption: without an escalation plan on the path, it does.
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
    """A page is sent to a channel, or sent again, unless its stage is over."""

    path: Path
    stage_index: int
    target: ChannelTarget
    until: datetime


@frozen
class PlanOver:
    """The last stage of the last contact of `path` is over."""

    path: Path


Due = Union[StageDue, SendDue, PlanOver]


class PlannedContact(Protocol):
    """A contact, as far as the simulation needs it."""

    @property
    def type(self) -> ContactType: ...

    @property
    def plan(self) -> Plan: ...


class Environment(Protocol):
    """What the simulation needs of its caller: the account, and what to do with events."""

    def contact(self, arn: str) -> PlannedContact | None:
        """Return the contact with this ARN, or None if there is no such contact any more."""
        ...

    def channel_problem(self, arn: str) -> Literal["deleted", "not_activated"] | None:
        """Return why a channel cannot be engaged, or None."""
        ...

    def on_call(self, path: Path, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        """Return the ARNs of the people on call at `at`, each once.

        `rotation_arns` are the rotations of the on-call schedule at the end of `path`.
        """
        ...

    def start_stage(self, due: StageDue, at: datetime, until: datetime) -> None:
        """Record that a stage starts."""
        ...

    def send(self, due: SendDue, at: datetime) -> bool:
        """Send a page, and return whether it could be sent."""
        ...

    def skip(self, path: Path, arn: str, reason: SkipReason, at: datetime) -> None:
        """Record that a target of the plan at the end of `path` is not engaged."""
        ...

    def schedule(self, at: datetime, due: Due) -> None:
        """Schedule `due` for `at`, after everything that was scheduled for `at` before."""
        ...

    def end(self, at: datetime) -> None:
        """Record that the engagement has ended."""
        ...


@define
class EngagementProgress:
    """The state of an engagement, and the rules by which it continues.

    Every plan is used as it is when it begins. The people of a schedule are those who are on call
    when the schedule is engaged.
    """

    open: list[Path] = field(factory=list[Path])
    """The paths to the contacts whose plans are not over, in the order in which they began."""
    acknowledged: set[str] = field(factory=set[str])
    """The ARNs of the people who have acknowledged."""
    has_ended: bool = False
    was_acknowledged: bool = False
    """Whether an acknowledgement has ended the engagement."""

    def begin(self, contact_arn: str, at: datetime, env: Environment) -> None:
        """Engage the first contact, at the start of the engagement."""
        contact = env.contact(contact_arn)
        if contact is not None:
            self._engage((PathStep(contact_arn, contact.type),), contact.plan, at, env)
        self._end_if_over(at, env)

    def run(self, due: Due, at: datetime, env: Environment, assumptions: OnCallAssumptions) -> None:
        """Run a due event, unless the engagement has ended or its plan is over."""
        if self.has_ended or due.path not in self.open:
            return
        if isinstance(due, StageDue):
            self._start_stage(due, at, env, assumptions)
        elif isinstance(due, SendDue):
            self._send(due, at, env, assumptions)
        else:
            self.open.remove(due.path)
            if assumptions.engagement_end == "last_stage" and len(due.path) == 1:
                self.stop(at, env)
            self._end_if_over(at, env)

    def acknowledge(self, path: Path, at: datetime, env: Environment) -> bool:
        """Record that the person of `path` has acknowledged; return whether the engagement ends.

        The person's own plan ends in any case.
        """
        person = path[-1].contact_arn
        self.acknowledged.add(person)
        ends = not self.has_ended and self.would_end(path)
        if ends:
            self._stop_acknowledged(at, env)
        self.open = [other for other in self.open if other[-1].contact_arn != person]
        self._end_if_over(at, env)
        return ends

    def would_end(self, path: Path) -> bool:
        """Return whether an acknowledgement by the person of `path` would end the engagement.

        It would if the person is essential on one of the paths on which they are engaged.
        """
        person = path[-1].contact_arn
        others = (other for other in self.open if other[-1].contact_arn == person)
        return is_essential(path) or any(map(is_essential, others))

    def stop(self, at: datetime, env: Environment) -> None:
        """End the engagement, if it has not ended yet."""
        if not self.has_ended:
            self.has_ended = True
            env.end(at)

    def _stop_acknowledged(self, at: datetime, env: Environment) -> None:
        self.was_acknowledged = True
        self.stop(at, env)

    def _end_if_over(self, at: datetime, env: Environment) -> None:
        if not self.open:
            self.stop(at, env)

    def _engage(self, path: Path, plan: Plan, at: datetime, env: Environment) -> None:
        if path[-1].type == ContactType.ONCALL_SCHEDULE:
            self._engage_schedule(path, plan, at, env)
        else:
            self.open.append(path)
            env.schedule(at, StageDue(path, plan, 0) if plan.stages else PlanOver(path))

    def _engage_schedule(self, path: Path, plan: Plan, at: datetime, env: Environment) -> None:
        people = env.on_call(path, plan.rotation_ids or (), at)
        if not people:
            env.skip(path, path[-1].contact_arn, "nobody_on_call", at)
        for arn in people:
            if self.has_ended:
                return
            person = env.contact(arn)
            if person is None:
                env.skip(path, arn, "deleted", at)
            elif person.type != ContactType.PERSONAL:
                # Its alias was given to another contact later, which could lead back here.
                env.skip(path, arn, "wrong_kind", at)
            else:
                self._engage_person((*path, PathStep(arn, person.type)), person.plan, at, env)

    def _engage_person(self, path: Path, plan: Plan, at: datetime, env: Environment) -> None:
        arn = path[-1].contact_arn
        if arn in self.acknowledged:
            env.skip(path[:-1], arn, "acknowledged", at)
            if is_essential(path):
                # The person was not essential when they acknowledged, and is now.
                self._stop_acknowledged(at, env)
        elif path not in self.open:
            self._engage(path, plan, at, env)

    def _start_stage(
        self, due: StageDue, at: datetime, env: Environment, assumptions: OnCallAssumptions
    ) -> None:
        stage = due.plan.stages[due.index]
        end = add_time(at, timedelta(minutes=stage.duration_in_minutes))
        env.start_stage(due, at, end)
        if due.path[-1].type == ContactType.ESCALATION:
            self._engage_targets(due, stage, at, env)
        else:
            for target in stage.targets:
                if isinstance(target, ChannelTarget):
                    self._send(SendDue(due.path, due.index, target, end), at, env, assumptions)
                else:
                    env.skip(due.path, target.contact_id, "wrong_kind", at)
        following = due.index + 1
        is_last = following == len(due.plan.stages)
        env.schedule(
            end, PlanOver(due.path) if is_last else StageDue(due.path, due.plan, following)
        )

    def _engage_targets(self, due: StageDue, stage: Stage, at: datetime, env: Environment) -> None:
        for target in stage.targets:
            if self.has_ended:
                return
            if not isinstance(target, ContactTarget):
                env.skip(due.path, target.contact_channel_id, "wrong_kind", at)
                continue
            contact = env.contact(target.contact_id)
            if contact is None:
                env.skip(due.path, target.contact_id, "deleted", at)
            elif contact.type == ContactType.ESCALATION:
                env.skip(due.path, target.contact_id, "nested", at)
            else:
                step = PathStep(target.contact_id, contact.type, due.index, target.is_essential)
                self._engage_person((*due.path, step), contact.plan, at, env)

    def _send(
        self, due: SendDue, at: datetime, env: Environment, assumptions: OnCallAssumptions
    ) -> None:
        arn = due.target.contact_channel_id
        problem = env.channel_problem(arn)
        if problem is not None:
            env.skip(due.path, arn, problem, at)
            return
        was_sent = env.send(due, at)
        again = add_time(at, timedelta(minutes=due.target.retry_interval_in_minutes or 0))
        is_repeated = not was_sent or assumptions.resend == "until_acknowledged"
        # An interval of 0 would be repeated without end.
        if is_repeated and at < again < due.until:
            env.schedule(again, due)


_Event = TypeVar("_Event")


@define
class EventQueue(Generic[_Event]):
    """Events in the order in which a simulation handles them.

    At one instant, what is due comes before acknowledgements, and otherwise what was added first.
    """

    _events: list[tuple[datetime, bool, int, _Event]] = field(factory=list[Any], init=False)
    _count: int = field(default=0, init=False)

    def add(self, at: datetime, event: _Event, *, is_due: bool) -> None:
        """Add what is due or, if `is_due` is False, an acknowledgement."""
        self._count += 1
        heappush(self._events, (at, not is_due, self._count, event))

    def take(self) -> tuple[datetime, _Event]:
        """Remove and return the next event and its instant."""
        at, _, _, event = heappop(self._events)
        return at, event

    def __bool__(self) -> bool:
        return bool(self._events)
