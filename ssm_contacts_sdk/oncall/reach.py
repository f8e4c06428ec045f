"""What was read of an account: people, plans, channels and rotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from attrs import field, frozen

from ssm_contacts_sdk.model.channels import ChannelRecord
from ssm_contacts_sdk.model.contacts import ContactRecord
from ssm_contacts_sdk.model.plans import Target
from ssm_contacts_sdk.model.rotations import OverrideRecord, RotationRecord, Shift


@frozen(kw_only=True)
class Reach:
    """What was read, by ARN. What is not in it was not there."""

    contacts: Mapping[str, ContactRecord] = field(factory=dict[str, ContactRecord])
    channels: Mapping[str, ChannelRecord] = field(factory=dict[str, ChannelRecord])
    rotations: Mapping[str, RotationRecord] = field(factory=dict[str, RotationRecord])
    overrides: Mapping[str, Sequence[OverrideRecord]] = field(
        factory=dict[str, Sequence[OverrideRecord]]
    )
    """By the ARN of the rotation."""
    shifts: Mapping[str, Sequence[Shift]] = field(factory=dict[str, Sequence[Shift]])
    """By the ARN of the rotation, for the time that was asked for: as the service tells them."""

    def shift_at(self, rotation_arn: str, at: datetime) -> Shift | None:
        """The shift of a rotation that `at` lies in."""
        for shift in self.shifts.get(rotation_arn, ()):
            if shift.start_time <= at < shift.end_time:
                return shift
        return None

    def on_call(self, rotation_arns: Sequence[str], at: datetime) -> tuple[str, ...]:
        """The ARNs of those who are on call then, each once."""
        shifts = (self.shift_at(arn, at) for arn in rotation_arns)
        return tuple(dict.fromkeys(arn for shift in shifts if shift for arn in shift.contact_ids))

    def name_of(self, arn: str) -> str:
        """What people call it: the display name or the alias of a contact, the name of the rest."""
        contact = self.contacts.get(arn)
        if contact is not None:
            return contact.display_name or contact.alias
        named = self.channels.get(arn) or self.rotations.get(arn)
        return arn.rpartition("/")[2] if named is None else named.name


def targets_of(contact: ContactRecord) -> Iterator[tuple[int, Target]]:
    """The targets of a plan, each with the number of its stage, from 0."""
    for index, stage in enumerate(contact.plan.stages):
        for target in stage.targets:
            yield index, target
