"""The calculation of a timeline: an engagement, simulated on a snapshot of the account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, Union

from attrs import define, evolve, field, frozen

from ssm_contacts_sdk._dates import add_time
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.plans import ContactTarget, Plan
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot, SnapshotPart, is_activated
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.simulation import (
    Due,
    EngagementProgress,
    EventQueue,
    Path,
    PlannedContact,
    SendDue,
    SkipReason,
    StageDue,
)
from ssm_contacts_sdk._oncall.timeline import NEW_PLAN, Outcome, Timeline
from ssm_contacts_sdk._oncall.timeline_events import (
    Acknowledged,
    Event,
    PageSent,
    Skipped,
    StageStarted,
)


def preview(
    target: str | Plan,
    snapshot: AccountSnapshot,
    start: datetime,
    *,
    acknowledge: Mapping[str, timedelta],
    horizon: timedelta | None,
    assumptions: OnCallAssumptions,
) -> Timeline:
    """Return the timeline of an engagement, without engaging anybody.

    Args:
        target: the ARN of a contact in `snapshot`, or a plan that no contact has.
        snapshot: everything that the target leads to, with the shifts of the time in question.
        start: when the engagement starts.
        acknowledge: who acknowledges, by ARN, and how long after the start.
        horizon: how long after the start the simulation stops; None for the end.
        assumptions: how plans work where AWS documents no rule.
    """

    def simulate(acknowledge: Mapping[str, timedelta]) -> Timeline:
        plan = target if isinstance(target, Plan) else None
        simulation = _Simulation(snapshot, start, plan, assumptions)
        arn = NEW_PLAN if isinstance(target, Plan) else target
        return simulation.run(arn, acknowledge, horizon)

    found = simulate(acknowledge)
    counted = {step.contact_arn for each in found.acknowledgements for step in each.path}
    not_counted = tuple(each for each in acknowledge.items() if each[0] not in counted)
    found = evolve(found, not_counted=not_counted)
    if not found.acknowledgements:
        return found
    unacknowledged = simulate({})
    happened = set(found.events)
    return evolve(
        found,
        not_reached=tuple(each for each in unacknowledged.events if each not in happened),
        paths=tuple(dict.fromkeys((*found.paths, *unacknowledged.paths))),
    )


def type_of(plan: Plan) -> ContactType:
    """Return the type of contact that can have this plan, by its targets."""
    if plan.rotation_ids is not None:
        return ContactType.ONCALL_SCHEDULE
    targets = [target for stage in plan.stages for target in stage.targets]
    if any(isinstance(target, ContactTarget) for target in targets):
        return ContactType.ESCALATION
    return ContactType.PERSONAL


@frozen
class _PlannedContact:
    type: ContactType
    plan: Plan


_Acknowledgement = str
"""The ARN of a person, or of a schedule whose people acknowledge."""


@define
class _Simulation:
    """A simulation, and its environment: see `simulation.Environment`."""

    snapshot: AccountSnapshot
    start: datetime
    plan: Plan | None
    assumptions: OnCallAssumptions
    progress: EngagementProgress = field(factory=EngagementProgress, init=False)
    events: list[Event] = field(factory=list[Event], init=False)
    paths: dict[Path, None] = field(factory=dict[Path, None], init=False)
    paged: dict[Path, None] = field(factory=dict[Path, None], init=False)
    ended: datetime | None = field(default=None, init=False)
    _queue: EventQueue[Union[Due, _Acknowledgement]] = field(
        factory=EventQueue[Union[Due, _Acknowledgement]], init=False
    )

    def run(
        self, arn: str, acknowledge: Mapping[str, timedelta], horizon: timedelta | None
    ) -> Timeline:
        self.progress.begin(arn, self.start, self)
        for person, offset in acknowledge.items():
            self._queue.add(add_time(self.start, offset), person, is_due=False)
        limit = None if horizon is None else add_time(self.start, horizon)
        outcome: Outcome = "everything_tried"
        while self._queue and self.ended is None:
            at, event = self._queue.take()
            if limit is not None and at >= limit:
                self.ended, outcome = limit, "horizon"
            elif isinstance(event, str):
                self._acknowledge(event, at)
            else:
                self.progress.run(event, at, self, self.assumptions)
        if self.progress.was_acknowledged:
            outcome = "acknowledged"
        return Timeline(
            start=self.start,
            end=self.start if self.ended is None else self.ended,
            outcome=outcome,
            events=tuple(self.events),
            paths=tuple(self.paths),
            snapshot=self.snapshot,
        )

    def contact(self, arn: str) -> PlannedContact | None:
        if arn == NEW_PLAN and self.plan is not None:
            return _PlannedContact(type_of(self.plan), self.plan)
        contact = self.snapshot.contacts.get(arn)
        return None if contact is None else _PlannedContact(contact.type, contact.plan)

    def channel_problem(self, arn: str) -> Literal["deleted", "not_activated"] | None:
        channel = self.snapshot.channels.get(arn)
        if channel is None:
            return "deleted"
        return None if is_activated(channel) else "not_activated"

    def on_call(self, path: Path, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        for arn in dict.fromkeys(rotation_arns):
            if self.snapshot.is_unreadable("shifts", arn):
                self._skip_unreadable(path, arn, "shifts", at)
        return self.snapshot.on_call(rotation_arns, at)

    def start_stage(self, due: StageDue, at: datetime, until: datetime) -> None:
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
                would_end=self.progress.would_end(due.path),
            )
        )
        return True

    def skip(self, path: Path, arn: str, reason: SkipReason, at: datetime) -> None:
        parts: tuple[SnapshotPart, ...] = ("contact", "channel")
        for part in parts:
            if reason == "deleted" and self.snapshot.is_unreadable(part, arn):
                self._skip_unreadable(path, arn, part, at)
                return
        if reason == "nobody_on_call" and self._has_unreadable_shifts(arn):
            # Somebody may be on call in a rotation that could not be read.
            return
        self.events.append(
            Skipped(at=at, offset=at - self.start, path=path, arn=arn, reason=reason)
        )

    def _has_unreadable_shifts(self, schedule_arn: str) -> bool:
        schedule = self.contact(schedule_arn)
        rotation_arns = () if schedule is None else schedule.plan.rotation_ids or ()
        return any(self.snapshot.is_unreadable("shifts", each) for each in rotation_arns)

    def _skip_unreadable(self, path: Path, arn: str, part: SnapshotPart, at: datetime) -> None:
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

    def schedule(self, at: datetime, due: Due) -> None:
        self.paths[due.path] = None
        self._queue.add(at, due, is_due=True)

    def end(self, at: datetime) -> None:
        self.ended = at

    def _acknowledge(self, arn: str, at: datetime) -> None:
        """Acknowledge all pages of a person, or of those on call in a schedule."""
        for path in [path for path in self.paged if arn in {step.contact_arn for step in path}]:
            ends = self.progress.acknowledge(path, at, self)
            self.events.append(Acknowledged(at=at, offset=at - self.start, path=path, ends=ends))
