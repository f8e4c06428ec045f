"""A snapshot of an account: the contacts, channels, rotations and shifts that were read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal, Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.channels import ActivationStatus, ChannelRecord
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
"""A part of an account that is read by an ARN: a record, or a list of records.

"rotations" is the list of all rotations. Its ARN is the one that policies use: ``rotation/*``.
"""

Summary = Union[ContactSummary, RotationSummary]


@public
@frozen(kw_only=True)
class AccountSnapshot:
    """The records of an account that were read for a query, by ARN.

    A resource that is neither in it nor in `unreadable` did not exist.

    Attributes:
        contacts: people, escalation plans and on-call schedules.
        channels: contact channels.
        rotations: rotations.
        overrides: the overrides of rotations, by the ARN of the rotation.
        shifts: the shifts of rotations in the examined time, as the service returns them, by the
            ARN of the rotation.
        unreadable: the errors of the reads that the service rejected, by what was to be read and
            the ARN.
        summaries: the summaries of contacts and rotations from lists.
    """

    contacts: Mapping[str, ContactRecord] = field(factory=dict[str, ContactRecord])
    channels: Mapping[str, ChannelRecord] = field(factory=dict[str, ChannelRecord])
    rotations: Mapping[str, RotationRecord] = field(factory=dict[str, RotationRecord])
    overrides: Mapping[str, Sequence[OverrideRecord]] = field(
        factory=dict[str, Sequence[OverrideRecord]]
    )
    shifts: Mapping[str, Sequence[Shift]] = field(factory=dict[str, Sequence[Shift]])
    # Exceptions are never equal, so only the keys are compared.
    unreadable: Mapping[tuple[SnapshotPart, str], ContactsError] = field(
        factory=dict[tuple[SnapshotPart, str], ContactsError], eq=frozenset
    )
    summaries: Mapping[str, Summary] = field(factory=dict[str, Summary])

    def is_unreadable(self, part: SnapshotPart, arn: str) -> bool:
        """Return whether this could not be read, so that nothing is known of it."""
        return (part, arn) in self.unreadable

    def shift_at(self, rotation_arn: str, at: datetime) -> Shift | None:
        """Return the shift of a rotation at an instant; None if there is none."""
        for shift in self.shifts.get(rotation_arn, ()):
            if shift.start_time <= at < shift.end_time:
                return shift
        return None

    def on_call(self, rotation_arns: Sequence[str], at: datetime) -> tuple[str, ...]:
        """Return the ARNs of the people on call in some rotations at an instant, each once."""
        shifts = (self.shift_at(arn, at) for arn in rotation_arns)
        return tuple(dict.fromkeys(arn for shift in shifts if shift for arn in shift.contact_ids))

    def name_of(self, arn: str) -> str:
        """Return the name of a contact, channel or rotation, or the last part of its ARN."""
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
    """Yield the targets of a contact's plan, each with the index of its stage."""
    for index, stage in enumerate(contact.plan.stages):
        for target in stage.targets:
            yield index, target


def is_activated(channel: ChannelRecord) -> bool:
    """Return whether a channel is activated, so that pages are sent to it."""
    return channel.activation_status == ActivationStatus.ACTIVATED
