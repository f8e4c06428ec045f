"""The account that is audited, and what several rules want to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from attrs import frozen

from ssm_contacts_sdk._dates import Interval
from ssm_contacts_sdk._models.arns import is_of_account
from ssm_contacts_sdk._models.channels import ChannelRecord
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Target
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot, is_activated, targets_of
from ssm_contacts_sdk._oncall.gaps import gaps_between
from ssm_contacts_sdk._oncall.phrases import quoted, without_line_breaks

ChannelTrouble = Literal["deleted", "misplaced", "not_activated", "other_account", "other_person"]
"""Why no page reaches a person by a target of their plan."""

ContactTrouble = Literal["deleted", "misplaced", "nested", "other_account", "unmanned", "unreached"]
"""Why a target of an escalation plan leads to no page."""


@frozen
class Audited:
    """What was read, the time that is looked at, and what follows from them."""

    snapshot: AccountSnapshot
    since: datetime
    until: datetime
    channels_of: Mapping[str, Sequence[ChannelRecord]]
    """By the ARN of the person."""
    reached: frozenset[str]
    """The people whom a page can reach, as far as is known: see `AccountSnapshot.unreadable`."""
    unreached: frozenset[str]
    """The people whom no page can reach."""
    unmanned: frozenset[str]
    """The schedules in which nobody is ever on call whom a page can reach."""
    gaps_of: Mapping[str, tuple[Interval, ...]]
    """By the ARN of the schedule: when nobody is on call in it.

    None, if not all of its shifts could be read: then it is not known.
    """

    @classmethod
    def of(cls, snapshot: AccountSnapshot, since: datetime, until: datetime) -> Audited:
        channels: dict[str, list[ChannelRecord]] = {}
        for channel in snapshot.channels.values():
            channels.setdefault(channel.contact_arn, []).append(channel)
        unreached = frozenset(
            person.arn
            for person in contacts_of(snapshot, ContactType.PERSONAL)
            if all(channel_trouble(snapshot, person, target) for _, target in targets_of(person))
        )
        people = {person.arn for person in contacts_of(snapshot, ContactType.PERSONAL)}
        # Of somebody who could not be read, nothing is claimed.
        people |= {arn for part, arn in snapshot.unreadable if part == "contact"}
        reached = frozenset(people - unreached)
        shifts = {
            schedule.arn: list(_shifts(snapshot, schedule, since, until))
            for schedule in contacts_of(snapshot, ContactType.ONCALL_SCHEDULE)
        }
        unmanned = frozenset(
            schedule
            for schedule, told in shifts.items()
            if not any(person in reached for shift in told for person in shift.contact_ids)
            and not hidden_rotations(snapshot, snapshot.contacts[schedule])
        )
        gaps = {
            arn: ()
            if hidden_rotations(snapshot, snapshot.contacts[arn])
            else gaps_between(told, since, until)
            for arn, told in shifts.items()
        }
        return cls(snapshot, since, until, channels, reached, unreached, unmanned, gaps)

    def contacts(self, kind: ContactType) -> Iterator[ContactRecord]:
        return contacts_of(self.snapshot, kind)

    def name(self, arn: str) -> str:
        """A person's name as it is, anything else in quotation marks, and always one line."""
        contact = self.snapshot.contacts.get(arn) or self.snapshot.summaries.get(arn)
        # AWS's model lets a target name nothing at all.
        name = (
            without_line_breaks(self.snapshot.name_of(arn)) or arn.rpartition("/")[2] or "nothing"
        )
        is_person = getattr(contact, "type", None) == ContactType.PERSONAL
        return name if is_person else quoted(name)

    def plan_of(self, contact: ContactRecord) -> str:
        if contact.type == ContactType.PERSONAL:
            return f"the plan of {self.name(contact.arn)}"
        return f"the escalation plan {self.name(contact.arn)}"

    def contact_trouble(self, target: Target, owner: ContactRecord) -> ContactTrouble | None:
        """Why this target of an escalation plan leads to no page in all the time, if known."""
        if not isinstance(target, ContactTarget) or not target.contact_id:
            return "misplaced"
        contact = self.snapshot.contacts.get(target.contact_id)
        if contact is None:
            if self.snapshot.is_unreadable("contact", target.contact_id):
                return None
            is_ours = is_of_account(target.contact_id, owner.arn)
            return "deleted" if is_ours else "other_account"
        if contact.type == ContactType.ESCALATION:
            return "nested"
        if contact.type == ContactType.ONCALL_SCHEDULE:
            return "unmanned" if contact.arn in self.unmanned else None
        return "unreached" if contact.arn in self.unreached else None

    def is_there(self, arn: str) -> bool:
        """Whether there is such a contact or rotation, read or not."""
        snapshot = self.snapshot
        return (
            arn in snapshot.contacts
            or arn in snapshot.rotations
            or snapshot.is_unreadable("contact", arn)
            or snapshot.is_unreadable("rotation", arn)
        )

    def shifts(self, rotation_arn: str) -> Iterator[Shift]:
        """The shifts of a rotation of which a part lies in the time that is looked at."""
        return _shifts_of(self.snapshot, rotation_arn, self.since, self.until)

    def within(self, start: datetime, end: datetime) -> Interval:
        """As much of an interval as lies in the time that is looked at."""
        return max(start, self.since), min(end, self.until)


def contacts_of(snapshot: AccountSnapshot, kind: ContactType) -> Iterator[ContactRecord]:
    """The contacts of a type."""
    return (contact for contact in snapshot.contacts.values() if contact.type == kind)


def hidden_rotations(snapshot: AccountSnapshot, schedule: ContactRecord) -> tuple[str, ...]:
    """The rotations of a schedule whose shifts could not be read."""
    arns = dict.fromkeys(schedule.plan.rotation_ids or ())
    return tuple(arn for arn in arns if snapshot.is_unreadable("shifts", arn))


def channel_trouble(
    snapshot: AccountSnapshot, person: ContactRecord, target: Target
) -> ChannelTrouble | None:
    """Why no page reaches a person by this target of their plan, if that is known."""
    if not isinstance(target, ChannelTarget):
        return "misplaced"
    channel = snapshot.channels.get(target.contact_channel_id)
    if channel is not None:
        # What goes out there reaches whoever has it.
        if channel.contact_arn != person.arn:
            return "other_person"
        return None if is_activated(channel) else "not_activated"
    if snapshot.is_unreadable("channel", target.contact_channel_id):
        return None
    is_ours = is_of_account(target.contact_channel_id, person.arn)
    return "deleted" if is_ours else "other_account"


def _shifts(
    snapshot: AccountSnapshot, schedule: ContactRecord, since: datetime, until: datetime
) -> Iterator[Shift]:
    for rotation_arn in schedule.plan.rotation_ids or ():
        yield from _shifts_of(snapshot, rotation_arn, since, until)


def _shifts_of(
    snapshot: AccountSnapshot, rotation_arn: str, since: datetime, until: datetime
) -> Iterator[Shift]:
    for shift in snapshot.shifts.get(rotation_arn, ()):
        if shift.start_time < until and shift.end_time > since:
            yield shift
