"""The state of the service: all resources of one account in one Region."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from attrs import define, evolve, field

from ssm_contacts_sdk.local import _journal as journal
from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._history import drop_oldest
from ssm_contacts_sdk.local._ids import Account, Ids
from ssm_contacts_sdk.local._journal import Delivery, JournalEntry, Message, activation_message
from ssm_contacts_sdk.local._limits import Quotas
from ssm_contacts_sdk.local._pagination import Paginator
from ssm_contacts_sdk.local._records import (
    Channel,
    Contact,
    Engagement,
    Override,
    Page,
    Rotation,
    Scheduler,
)
from ssm_contacts_sdk.local._requests import Tokens
from ssm_contacts_sdk.local._responses import not_found
from ssm_contacts_sdk.local._values import instant

_Record = TypeVar("_Record")


@define
class State:
    """The resources of an account in a Region, and what is needed to change them."""

    account: Account
    assumptions: Assumptions
    quotas: Quotas
    ids: Ids
    paginator: Paginator
    delivery: Delivery
    tokens: Tokens = field(factory=Tokens)
    history_limit: int | None = None
    """How many messages and journal entries are kept; None is all of them."""
    entries_dropped: int = 0
    """How many journal entries came before those that are kept."""
    outbox: list[Message] = field(factory=list[Message])
    journal: list[JournalEntry] = field(factory=list[JournalEntry])
    contacts: dict[str, Contact] = field(factory=dict[str, Contact])
    rotations: dict[str, Rotation] = field(factory=dict[str, Rotation])
    tags: dict[str, Mapping[str, str]] = field(factory=dict[str, Mapping[str, str]])
    """By the ARN of the tagged resource."""
    policies: dict[str, str] = field(factory=dict[str, str], repr=False)
    """By the ARN of the contact."""
    engagements: dict[str, Engagement] = field(factory=dict[str, Engagement])
    pages_sent: dict[str, Page] = field(factory=dict[str, Page])
    scheduler: Scheduler = field(factory=Scheduler)
    now: float = 0.0
    """The instant of the request or scheduled event that is being carried out."""
    # By the ARN of the rotation, then by id.
    _overrides: dict[str, dict[str, Override]] = field(factory=dict[str, "dict[str, Override]"])
    _channels: dict[str, Channel] = field(factory=dict[str, Channel])
    # By the ARN of the contact, then of the channel. Without this index, loading channels would
    # take quadratic time.
    _of_contact: dict[str, dict[str, Channel]] = field(factory=dict[str, "dict[str, Channel]"])
    _numbered: int = 0

    @property
    def channels_added(self) -> int:
        """How many channels have ever been added."""
        return self._numbered

    @property
    def entries_total(self) -> int:
        """How many journal entries there have been, including those that are no longer kept."""
        return self.entries_dropped + len(self.journal)

    def contact(self, arn: str) -> Contact:
        """Return a contact, or raise the service's error if it does not exist."""
        return _found(self.contacts, arn, "contact")

    def delete_contact(self, contact: Contact) -> None:
        """Delete a contact with its channels, tags and policy. References to it stay."""
        del self.contacts[contact.arn]
        for arn in self._of_contact.pop(contact.arn, {}):
            del self._channels[arn]
        self.tags.pop(contact.arn, None)
        self.policies.pop(contact.arn, None)

    def channels(self) -> Mapping[str, Channel]:
        """Return all channels, by ARN."""
        return self._channels

    def channel(self, arn: str) -> Channel:
        """Return a channel, or raise the service's error if it does not exist."""
        return _found(self._channels, arn, "contact-channel")

    def has_channel(self, arn: str) -> bool:
        """Return whether a channel exists."""
        return arn in self._channels

    def channels_of(self, contact_arn: str) -> list[Channel]:
        """Return a contact's channels in the order of their creation."""
        return sorted(
            self._of_contact.get(contact_arn, {}).values(), key=lambda channel: channel.number
        )

    def add_channel(self, channel: Channel) -> Channel:
        """Add a new channel, and return it with its number."""
        self._numbered += 1
        channel = evolve(channel, number=self._numbered)
        self.set_channel(channel)
        return channel

    def load_channel(self, channel: Channel) -> None:
        """Add a channel from elsewhere. It replaces a channel with the same ARN."""
        replaced = self._channels.get(channel.arn)
        if replaced is None:
            self.ids.reserve(channel.arn.rpartition("/")[2])
            self.add_channel(channel)
        else:
            self.set_channel(evolve(channel, number=replaced.number))

    def set_channel(self, channel: Channel) -> None:
        """Replace a channel by its new value."""
        self._channels[channel.arn] = channel
        self._of_contact.setdefault(channel.contact_arn, {})[channel.arn] = channel

    def index_channels(self) -> None:
        """Rebuild the index of the channels by contact."""
        self._of_contact.clear()
        for channel in self._channels.values():
            self._of_contact.setdefault(channel.contact_arn, {})[channel.arn] = channel

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel. Plans that refer to it stay as they are."""
        del self._channels[channel.arn]
        del self._of_contact[channel.contact_arn][channel.arn]

    def rotation(self, arn: str) -> Rotation:
        """Return a rotation, or raise the service's error if it does not exist."""
        return _found(self.rotations, arn, "rotation")

    def rotations_of(self, contact_arn: str) -> list[str]:
        """Return the ARNs of the rotations with a contact, the oldest rotation first."""
        rotations = self.rotations.values()
        return [each.arn for each in rotations if contact_arn in each.contact_ids]

    def load_rotation(self, rotation: Rotation) -> None:
        """Add a rotation from elsewhere. It replaces a rotation with the same ARN."""
        self.ids.reserve(rotation.arn.rpartition("/")[2])
        self.rotations[rotation.arn] = rotation

    def delete_rotation(self, rotation: Rotation) -> None:
        """Delete a rotation with its overrides and tags, and remove it from all schedules."""
        del self.rotations[rotation.arn]
        self._overrides.pop(rotation.arn, None)
        self.tags.pop(rotation.arn, None)
        for contact in self.contacts.values():
            arns = contact.plan.get("RotationIds", ())
            if rotation.arn in arns:
                left = [arn for arn in arns if arn != rotation.arn]
                plan = {**contact.plan, "RotationIds": left}
                # No key is added or removed, so the iteration may continue.
                self.contacts[contact.arn] = evolve(contact, plan=plan)

    def overrides(self) -> Mapping[str, Mapping[str, Override]]:
        """Return all overrides, by the ARN of the rotation, then by id."""
        return self._overrides

    def override(self, rotation_arn: str, override_id: str) -> Override:
        """Return an override, or raise the service's error if it does not exist."""
        return _found(self._overrides.get(rotation_arn, {}), override_id, "rotation-override")

    def overrides_of(self, rotation_arn: str) -> list[Override]:
        """Return a rotation's overrides in the order of their creation."""
        return list(self._overrides.get(rotation_arn, {}).values())

    def add_override(self, override: Override) -> None:
        """Add an override to its rotation."""
        self._overrides.setdefault(override.rotation_arn, {})[override.id] = override

    def delete_override(self, override: Override) -> None:
        """Delete an override."""
        del self._overrides[override.rotation_arn][override.id]

    def engagement(self, arn: str) -> Engagement:
        """Return an engagement, or raise the service's error if it does not exist."""
        return _found(self.engagements, arn, "engagement")

    def page(self, arn: str) -> Page:
        """Return a page, or raise the service's error if it does not exist."""
        return _found(self.pages_sent, arn, "page")

    def send_code(self, channel: Channel) -> None:
        """Send a new activation code. The previous one becomes invalid (our assumption)."""
        code = self.ids.code(unlike=channel.code)
        self.set_channel(evolve(channel, code=code))
        self._send_activation(channel, code)

    def send_code_again(self, channel: Channel) -> None:
        """Send the latest activation code again, or a first one."""
        if channel.code is None:
            self.send_code(channel)
        else:
            self._send_activation(channel, channel.code)

    def send(self, message: Message) -> None:
        """Add a message to the outbox and to the journal."""
        self.outbox.append(message)
        drop_oldest(self.outbox, self.history_limit)
        self._add_to_journal(JournalEntry(message.sent_at, journal.sent(message), message))

    def record(self, text: str) -> None:
        """Add an entry to the journal."""
        self._add_to_journal(JournalEntry(instant(self.now), text))

    def _send_activation(self, channel: Channel, code: str) -> None:
        if channel.opted_out:
            self.record(journal.unsubscribed(channel.type, channel.arn))
            return
        self.send(
            activation_message(
                channel_type=channel.type,
                channel_arn=channel.arn,
                address=channel.address,
                code=code,
                sent_at=instant(self.now),
            )
        )

    def _add_to_journal(self, entry: JournalEntry) -> None:
        self.journal.append(entry)
        self.entries_dropped += drop_oldest(self.journal, self.history_limit)


def _found(records: Mapping[str, _Record], name: str, kind: str) -> _Record:
    try:
        return records[name]
    except KeyError:
        raise not_found(name, kind) from None
