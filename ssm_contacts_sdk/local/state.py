"""What the service keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import define, evolve, field, frozen

from ssm_contacts_sdk.local.arns import Account
from ssm_contacts_sdk.local.clock import LocalClock
from ssm_contacts_sdk.local.ids import Ids
from ssm_contacts_sdk.local.outbox import Message, activation
from ssm_contacts_sdk.local.paging import Pages
from ssm_contacts_sdk.local.quotas import Quotas
from ssm_contacts_sdk.local.refusals import not_found
from ssm_contacts_sdk.local.tokens import Tokens


@frozen(kw_only=True)
class Contact:
    """A person, an escalation plan or an on-call schedule, in the service's own words."""

    arn: str
    alias: str
    display_name: str | None
    type: str
    plan: Mapping[str, Any]


@frozen(kw_only=True)
class Channel:
    """A way to reach a contact."""

    arn: str
    contact_arn: str
    name: str
    type: str
    address: str = field(repr=False)
    activated: bool = False
    code: str | None = field(default=None, repr=False)
    """The last code that was sent, which stays good for activating again."""
    number: int = 0
    """Its place in the order in which channels were added, from 1."""


@define
class State:
    """All of one account in one Region, and what is needed to change it."""

    account: Account
    clock: LocalClock
    quotas: Quotas
    ids: Ids
    pages: Pages
    tokens: Tokens = field(factory=Tokens)
    outbox: list[Message] = field(factory=list[Message])
    contacts: dict[str, Contact] = field(factory=dict[str, Contact])
    _channels: dict[str, Channel] = field(factory=dict[str, Channel])
    # A contact's channels by ARN: a bulk load must not look at every channel for each new one.
    _of_contact: dict[str, dict[str, Channel]] = field(factory=dict[str, dict[str, Channel]])
    _numbered: int = 0

    def contact(self, arn: str) -> Contact:
        """The contact with this ARN; a Refusal if there is none."""
        try:
            return self.contacts[arn]
        except KeyError:
            raise not_found(arn, "contact") from None

    def channel(self, arn: str) -> Channel:
        """The channel with this ARN; a Refusal if there is none."""
        try:
            return self._channels[arn]
        except KeyError:
            raise not_found(arn, "contact-channel") from None

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
            self.ids.take(channel.arn.rpartition("/")[2])
            self.add_channel(channel)
        else:
            self.keep_channel(evolve(channel, number=there.number))

    def keep_channel(self, channel: Channel) -> None:
        """Keep a changed channel."""
        self._channels[channel.arn] = channel
        self._of_contact.setdefault(channel.contact_arn, {})[channel.arn] = channel

    def delete_contact(self, contact: Contact) -> None:
        """Remove a contact and its channels; whatever refers to them is left as it is."""
        del self.contacts[contact.arn]
        for arn in self._of_contact.pop(contact.arn, {}):
            del self._channels[arn]

    def send_code(self, channel: Channel) -> None:
        """Send a new activation code; the one before is no longer good (our assumption)."""
        code = self.ids.code(unlike=channel.code)
        self.keep_channel(evolve(channel, code=code))
        self.outbox.append(
            activation(
                channel_arn=channel.arn,
                address=channel.address,
                code=code,
                sent_at=self.clock.now(),
            )
        )
