"""What the rules of an audit share: the snapshot of the account, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Literal

from attrs import frozen

from ssm_contacts_sdk._dates import Interval
from ssm_contacts_sdk._models.arns import in_same_account
from ssm_contacts_sdk._models.channels import ChannelRecord
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Target
from ssm_contacts_sdk._models.rotations import OverrideRecord, Shift
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot, is_activated, targets_of
from ssm_contacts_sdk._oncall.gaps import gaps_between
from ssm_contacts_sdk._oncall.phrases import quoted, without_line_breaks

ChannelReason = Literal["deleted", "misplaced", "not_activated", "other_account", "other_person"]
"""Why a target of a person's plan leads to no page for that person."""

ContactReason = Literal[
    "deleted", "misplaced", "nested", "other_account", "unreachable", "unstaffed"
]
"""Why a target of an escalation plan leads to no page."""


@frozen
class AuditContext:
    """The snapshot of an account, the time that is audited, and what follows from them.

    Attributes:
        snapshot: everything in the account.
        since: when the audited time begins.
        until: when it ends.
        channels_of: the channels of each person, by the ARN of the person.
        reachable: the people whom a page can reach, including people who could not be read.
        unreachable: the people whom no page can reach.
        unstaffed: the schedules in which nobody whom a page can reach is ever on call.
        gaps_of: when nobody is on call in a schedule, by the ARN of the schedule; empty if some of
            its shifts could not be read, since the gaps are not known then.
    """

    snapshot: AccountSnapshot
    since: datetime
    until: datetime
    channels_of: Mapping[str, Sequence[ChannelRecord]]
    reachable: frozenset[str]
    unreachable: frozenset[str]
    unstaffed: frozenset[str]
    gaps_of: Mapping[str, tuple[Interval, ...]]

    @classmethod
    def of(cls, snapshot: AccountSnapshot, since: datetime, until: datetime) -> AuditContext:
        """Return the context of an audit of a snapshot."""
        people = {person.arn for person in _contacts(snapshot, ContactType.PERSONAL)}
        unreadable_contacts = {arn for part, arn in snapshot.unreadable if part == "contact"}
        unreachable = _unreachable_people(snapshot)
        reachable = frozenset((people | unreadable_contacts) - unreachable)
        shifts = {
            schedule.arn: list(_shifts_of_schedule(snapshot, schedule, since, until))
            for schedule in _contacts(snapshot, ContactType.ONCALL_SCHEDULE)
        }
        unreadable = {
            arn for arn in shifts if unreadable_rotations(snapshot, snapshot.contacts[arn])
        }
        return cls(
            snapshot,
            since,
            until,
            channels_of=_channels_by_person(snapshot),
            reachable=reachable,
            unreachable=unreachable,
            unstaffed=_unstaffed(shifts, reachable) - unreadable,
            gaps_of={
                arn: () if arn in unreadable else gaps_between(of_schedule, since, until)
                for arn, of_schedule in shifts.items()
            },
        )

    def contacts(self, kind: ContactType) -> Iterator[ContactRecord]:
        """Return the contacts of a type."""
        return _contacts(self.snapshot, kind)

    def name(self, arn: str) -> str:
        """Return the name of a person, or any other name in quotation marks, on one line."""
        contact = self.snapshot.contacts.get(arn) or self.snapshot.summaries.get(arn)
        # AWS's model allows a target with an empty ARN.
        name = without_line_breaks(self.snapshot.name_of(arn)) or arn.rpartition("/")[2]
        is_person = getattr(contact, "type", None) == ContactType.PERSONAL
        return (name or "nothing") if is_person else quoted(name or "nothing")

    def schedule(self, arn: str) -> str:
        """Return what a text calls an on-call schedule."""
        return f"the schedule {self.name(arn)}"

    def rotation(self, arn: str) -> str:
        """Return what a text calls a rotation."""
        return f"the rotation {self.name(arn)}"

    def plan_of(self, contact: ContactRecord) -> str:
        """Return what a text calls the plan of a person, or an escalation plan."""
        if contact.type == ContactType.PERSONAL:
            return f"the plan of {self.name(contact.arn)}"
        return f"the escalation plan {self.name(contact.arn)}"

    def contact_reason(self, target: Target, escalation: ContactRecord) -> ContactReason | None:
        """Return why a target of an escalation plan leads to no page, if that is known."""
        if not isinstance(target, ContactTarget) or not target.contact_id:
            return "misplaced"
        contact = self.snapshot.contacts.get(target.contact_id)
        if contact is None:
            if self.snapshot.is_unreadable("contact", target.contact_id):
                return None
            is_own = in_same_account(target.contact_id, escalation.arn)
            return "deleted" if is_own else "other_account"
        if contact.type == ContactType.ESCALATION:
            return "nested"
        if contact.type == ContactType.ONCALL_SCHEDULE:
            return "unstaffed" if contact.arn in self.unstaffed else None
        return "unreachable" if contact.arn in self.unreachable else None

    def exists(self, arn: str) -> bool:
        """Return whether a contact or rotation exists, also if it could not be read."""
        snapshot = self.snapshot
        return (
            arn in snapshot.contacts
            or arn in snapshot.rotations
            or snapshot.is_unreadable("contact", arn)
            or snapshot.is_unreadable("rotation", arn)
        )

    def shifts(self, rotation_arn: str) -> Iterator[Shift]:
        """Return the shifts of a rotation that overlap the audited time."""
        return _shifts(self.snapshot, rotation_arn, self.since, self.until)

    def overrides(self, rotation_arn: str) -> Iterator[OverrideRecord]:
        """Yield the overrides of a rotation that overlap the audited time."""
        for override in self.snapshot.overrides.get(rotation_arn, ()):
            if override.start_time < self.until and override.end_time > self.since:
                yield override

    def clip(self, start: datetime, end: datetime) -> Interval:
        """Return the part of an interval that is in the audited time."""
        return max(start, self.since), min(end, self.until)


def _contacts(snapshot: AccountSnapshot, kind: ContactType) -> Iterator[ContactRecord]:
    return (contact for contact in snapshot.contacts.values() if contact.type == kind)


def _channels_by_person(snapshot: AccountSnapshot) -> Mapping[str, Sequence[ChannelRecord]]:
    channels: dict[str, list[ChannelRecord]] = {}
    for channel in snapshot.channels.values():
        channels.setdefault(channel.contact_arn, []).append(channel)
    return channels


def _unreachable_people(snapshot: AccountSnapshot) -> frozenset[str]:
    """Return the ARNs of the people whose plan has no target that leads to a page."""
    return frozenset(
        person.arn
        for person in _contacts(snapshot, ContactType.PERSONAL)
        if all(channel_reason(snapshot, person, target) for _, target in targets_of(person))
    )


def _unstaffed(
    shifts: Mapping[str, Sequence[Shift]], reachable: AbstractSet[str]
) -> frozenset[str]:
    """Return the ARNs of the schedules in whose shifts nobody is reachable."""
    return frozenset(
        arn
        for arn, of_schedule in shifts.items()
        if not any(person in reachable for shift in of_schedule for person in shift.contact_ids)
    )


def unreadable_rotations(snapshot: AccountSnapshot, schedule: ContactRecord) -> tuple[str, ...]:
    """Return the ARNs of the rotations of a schedule whose shifts could not be read."""
    arns = dict.fromkeys(schedule.plan.rotation_ids or ())
    return tuple(arn for arn in arns if snapshot.is_unreadable("shifts", arn))


def channel_reason(
    snapshot: AccountSnapshot, person: ContactRecord, target: Target
) -> ChannelReason | None:
    """Return why a target of a person's plan leads to no page for them, if that is known."""
    if not isinstance(target, ChannelTarget):
        return "misplaced"
    channel = snapshot.channels.get(target.contact_channel_id)
    if channel is not None:
        if channel.contact_arn != person.arn:
            return "other_person"
        return None if is_activated(channel) else "not_activated"
    if snapshot.is_unreadable("channel", target.contact_channel_id):
        return None
    is_own = in_same_account(target.contact_channel_id, person.arn)
    return "deleted" if is_own else "other_account"


def deleted_or_foreign(arn: str, owner_arn: str) -> str:
    """Return why a resource that `owner_arn` names does not exist for it."""
    return "was deleted" if in_same_account(arn, owner_arn) else "belongs to another account"


def _shifts_of_schedule(
    snapshot: AccountSnapshot, schedule: ContactRecord, since: datetime, until: datetime
) -> Iterator[Shift]:
    for rotation_arn in schedule.plan.rotation_ids or ():
        yield from _shifts(snapshot, rotation_arn, since, until)


def _shifts(
    snapshot: AccountSnapshot, rotation_arn: str, since: datetime, until: datetime
) -> Iterator[Shift]:
    for shift in snapshot.shifts.get(rotation_arn, ()):
        if shift.start_time < until and shift.end_time > since:
            yield shift
