"""What the service keeps."""

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
from ssm_contacts_sdk.local._persistence.changes import Table
from ssm_contacts_sdk.local._records import (
    Channel,
    Contact,
    Engagement,
    Override,
    Page,
    Rotation,
    Scheduler,
)
from ssm_contacts_sdk.local._responses import not_found
from ssm_contacts_sdk.local._tokens import Tokens
from ssm_contacts_sdk.local._values import instant

_Record = TypeVar("_Record")


@define
class State:
    """All of one account in one Region, and what is needed to change it."""

    account: Account
    assumptions: Assumptions
    quotas: Quotas
    ids: Ids
    paginator: Paginator
    delivery: Delivery
    tokens: Tokens = field(factory=Tokens)
    history_limit: int | None = None
    """How many messages and entries are kept; None is all."""
    entries_dropped: int = 0
    """How many entries came before those that are kept."""
    outbox: list[Message] = field(factory=list[Message])
    journal: list[JournalEntry] = field(factory=list[JournalEntry])
    contacts: dict[str, Contact] = field(factory=Table[Contact])
    rotations: dict[str, Rotation] = field(factory=Table[Rotation])
    tags: dict[str, Mapping[str, str]] = field(factory=Table[Mapping[str, str]])
    """By the ARN of what is tagged."""
    policies: dict[str, str] = field(factory=Table[str], repr=False)
    """By the ARN of the contact."""
    engagements: dict[str, Engagement] = field(factory=Table[Engagement])
    pages_sent: dict[str, Page] = field(factory=Table[Page])
    scheduler: Scheduler = field(factory=Scheduler)
    now: float = 0.0
    """The instant at which something is done, be it a request or what has fallen due."""
    # A rotation's overrides by their ids.
    _overrides: dict[str, dict[str, Override]] = field(factory=Table["dict[str, Override]"])
    _channels: dict[str, Channel] = field(factory=Table[Channel])
    # A contact's channels by ARN: a bulk load must not look at every channel for each new one.
    _of_contact: dict[str, dict[str, Channel]] = field(factory=dict[str, dict[str, Channel]])
    _numbered: int = 0

    @property
    def numbered(self) -> int:
        """How many channels have been added."""
        return self._numbered

    def channels(self) -> Mapping[str, Channel]:
        """All channels, by ARN."""
        return self._channels

    def overrides(self) -> Mapping[str, Mapping[str, Override]]:
        """All overrides, by the ARN of the rotation, then by id."""
        return self._overrides

    def contact(self, arn: str) -> Contact:
        """The contact with this ARN; a ServiceErrorResponse if there is none."""
        return _found(self.contacts, arn, "contact")

    def channel(self, arn: str) -> Channel:
        """The channel with this ARN; a ServiceErrorResponse if there is none."""
        return _found(self._channels, arn, "contact-channel")

    def channels_of(self, contact_arn: str) -> list[Channel]:
        """A contact's channels, in the order in which they were made."""
        return sorted(
            self._of_contact.get(contact_arn, {}).values(), key=lambda channel: channel.number
        )

    def add_channel(self, channel: Channel) -> Channel:
        """Add a channel, behind those that are there."""
        self._numbered += 1
        channel = evolve(channel, number=self._numbered)
        self.keep_channel(channel)
        return channel

    def put_channel(self, channel: Channel) -> None:
        """Add a channel that was made elsewhere; one with its ARN makes room, and its place."""
        there = self._channels.get(channel.arn)
        if there is None:
            self.ids.reserve(channel.arn.rpartition("/")[2])
            self.add_channel(channel)
        else:
            self.keep_channel(evolve(channel, number=there.number))

    def keep_channel(self, channel: Channel) -> None:
        """Keep a changed channel."""
        self._channels[channel.arn] = channel
        self._of_contact.setdefault(channel.contact_arn, {})[channel.arn] = channel

    def index_channels(self) -> None:
        """Find the channels of each contact, where only the channels were put back."""
        for channel in self._channels.values():
            self.keep_channel(channel)

    def delete_channel(self, channel: Channel) -> None:
        """Remove a channel; plans that name it are left as they are."""
        del self._channels[channel.arn]
        del self._of_contact[channel.contact_arn][channel.arn]

    def delete_contact(self, contact: Contact) -> None:
        """Remove a contact and all that is its own; whatever refers to it is left as it is."""
        del self.contacts[contact.arn]
        for arn in self._of_contact.pop(contact.arn, {}):
            del self._channels[arn]
        self.tags.pop(contact.arn, None)
        self.policies.pop(contact.arn, None)

    def rotation(self, arn: str) -> Rotation:
        """The rotation with this ARN; a ServiceErrorResponse if there is none."""
        return _found(self.rotations, arn, "rotation")

    def rotations_of(self, contact_arn: str) -> list[str]:
        """The ARNs of the rotations in which a contact is, the oldest first."""
        rotations = self.rotations.values()
        return [each.arn for each in rotations if contact_arn in each.contact_ids]

    def put_rotation(self, rotation: Rotation) -> None:
        """Add a rotation that was made elsewhere; one with its ARN makes room."""
        self.ids.reserve(rotation.arn.rpartition("/")[2])
        self.rotations[rotation.arn] = rotation

    def delete_rotation(self, rotation: Rotation) -> None:
        """Remove a rotation and all that is its own, and take it out of every schedule."""
        del self.rotations[rotation.arn]
        self._overrides.pop(rotation.arn, None)
        self.tags.pop(rotation.arn, None)
        for contact in self.contacts.values():
            arns = contact.plan.get("RotationIds", ())
            if rotation.arn in arns:
                left = [arn for arn in arns if arn != rotation.arn]
                plan = {**contact.plan, "RotationIds": left}
                # No key comes or goes, so the walk over the contacts may go on.
                self.contacts[contact.arn] = evolve(contact, plan=plan)

    def override(self, rotation_arn: str, override_id: str) -> Override:
        """A rotation's override with this id; a ServiceErrorResponse if there is none."""
        return _found(self._overrides.get(rotation_arn, {}), override_id, "rotation-override")

    def overrides_of(self, rotation_arn: str) -> list[Override]:
        """A rotation's overrides, in the order in which they were made."""
        return list(self._overrides.get(rotation_arn, {}).values())

    def add_override(self, override: Override) -> None:
        """Add an override to its rotation."""
        self._overrides.setdefault(override.rotation_arn, {})[override.id] = override

    def delete_override(self, override: Override) -> None:
        """Remove an override, as if it had never been there."""
        del self._overrides[override.rotation_arn][override.id]

    def engagement(self, arn: str) -> Engagement:
        """The engagement with this ARN; a ServiceErrorResponse if there is none."""
        return _found(self.engagements, arn, "engagement")

    def page(self, arn: str) -> Page:
        """The page with this ARN; a ServiceErrorResponse if there is none."""
        return _found(self.pages_sent, arn, "page")

    def has_channel(self, arn: str) -> bool:
        """Whether a channel is there."""
        return arn in self._channels

    def send_code(self, channel: Channel) -> None:
        """Send a new activation code; the one before is no longer good (our assumption)."""
        code = self.ids.code(unlike=channel.code)
        self.keep_channel(evolve(channel, code=code))
        self._send_activation(channel, code)

    def send_code_again(self, channel: Channel) -> None:
        """Send the last activation code again, or a first one."""
        if channel.code is None:
            self.send_code(channel)
        else:
            self._send_activation(channel, channel.code)

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

    def send(self, message: Message) -> None:
        """Send a message to a channel."""
        self.outbox.append(message)
        drop_oldest(self.outbox, self.history_limit)
        self._add_journal_entry(JournalEntry(message.sent_at, journal.sent(message), message))

    def record(self, text: str) -> None:
        """Add an entry to the journal: what the service does by itself."""
        self._add_journal_entry(JournalEntry(instant(self.now), text))

    @property
    def entries_total(self) -> int:
        """How many entries there have been, those included that are no longer kept."""
        return self.entries_dropped + len(self.journal)

    def _add_journal_entry(self, entry: JournalEntry) -> None:
        self.journal.append(entry)
        self.entries_dropped += drop_oldest(self.journal, self.history_limit)


def _found(kept: Mapping[str, _Record], name: str, kind: str) -> _Record:
    try:
        return kept[name]
    except KeyError:
        raise not_found(name, kind) from None
