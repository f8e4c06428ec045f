"""What was read of an account: people, plans, channels and rotations."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.channels import ChannelRecord
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactSummary
from ssm_contacts_sdk._models.plans import Target
from ssm_contacts_sdk._models.rotations import (
    OverrideRecord,
    RotationRecord,
    RotationSummary,
    Shift,
)
from ssm_contacts_sdk._public import public

SnapshotPart = Literal[
    "channel", "channels", "contact", "overrides", "rotation", "rotations", "shifts"
]
"""What is read by an ARN: a record, or a list of what belongs to it.

"rotations" is the list of all rotations, by the ARN that policies use for it (``rotation/*``).
"""

Summary = Union[ContactSummary, RotationSummary]


@public
@frozen(kw_only=True)
class AccountSnapshot:
    """What was read, by ARN. What is neither in it nor `unreadable` was not there."""

    contacts: Mapping[str, ContactRecord] = field(factory=dict[str, ContactRecord])
    channels: Mapping[str, ChannelRecord] = field(factory=dict[str, ChannelRecord])
    rotations: Mapping[str, RotationRecord] = field(factory=dict[str, RotationRecord])
    overrides: Mapping[str, Sequence[OverrideRecord]] = field(
        factory=dict[str, Sequence[OverrideRecord]]
    )
    """By the ARN of the rotation."""
    shifts: Mapping[str, Sequence[Shift]] = field(factory=dict[str, Sequence[Shift]])
    """By the ARN of the rotation, for the time that was asked for: as the service tells them."""
    # Exceptions are never equal, so only what could not be read is compared.
    unreadable: Mapping[tuple[SnapshotPart, str], ContactsError] = field(
        factory=dict[tuple[SnapshotPart, str], ContactsError], eq=frozenset
    )
    """What the service did not let be read, and the error."""
    summaries: Mapping[str, Summary] = field(factory=dict[str, Summary])
    """What lists told of contacts and rotations."""

    def is_unreadable(self, part: SnapshotPart, arn: str) -> bool:
        """Whether the service did not let this be read, so that nothing is known of it."""
        return (part, arn) in self.unreadable

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
        named = (
            self.contacts.get(arn)
            or self.channels.get(arn)
            or self.rotations.get(arn)
            or self.summaries.get(arn)
        )
        if named is None:
            return arn.rpartition("/")[2]
        if isinstance(named, (ContactRecord, ContactSummary)):
            return named.display_name or named.alias
        return named.name


def targets_of(contact: ContactRecord) -> Iterator[tuple[int, Target]]:
    """The targets of a plan, each with the number of its stage, from 0."""
    for index, stage in enumerate(contact.plan.stages):
        for target in stage.targets:
            yield index, target
