"""Contact channels, and the codes that activate them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from ssm_contacts_sdk.local._records import Channel
from ssm_contacts_sdk.local._responses import conflict, validation_error, wrong_code
from ssm_contacts_sdk.local._state import State

# E.164: a plus, a country code that does not begin with 0, 15 digits at most.
_TELEPHONE = re.compile(r"\+[1-9][0-9]{1,14}")
# Our assumption: no more is asked of an e-mail address than this.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ADDRESSES = {"SMS": _TELEPHONE, "VOICE": _TELEPHONE, "EMAIL": _EMAIL}


def create(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """CreateContactChannel: not activated, and a code is sent unless activation is deferred.

    Our assumptions: a contact that is not there is an invalid value, because the model lists no
    not-found error for this operation; a contact of any type may have channels; a contact has an
    address once for each type.
    """
    contact = state.contacts.get(asked["ContactId"])
    if contact is None:
        raise validation_error("Contact not found for the request")
    address = _checked_address(asked["Type"], asked["DeliveryAddress"])
    _refuse_taken(state, contact.arn, asked["Type"], address)
    new = Channel(
        arn=state.account.channel_arn(contact.alias, state.ids.uuid()),
        contact_arn=contact.arn,
        name=asked["Name"],
        type=asked["Type"],
        address=address,
    )
    channel = state.add_channel(new)
    if not asked.get("DeferActivation"):
        state.send_code(channel)
    return {"ContactChannelArn": channel.arn}


def get(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """GetContactChannel."""
    return _described(state.channel(asked["ContactChannelId"]))


def list_of_contact(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListContactChannels. Our assumption: the oldest first."""
    contact = state.contact(asked["ContactId"])
    rows = state.channels_of(contact.arn)
    page, onward = state.pages.cut("ListContactChannels", asked, rows, _number)
    return {"ContactChannels": [_described(channel) for channel in page], **onward}


def update(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateContactChannel: what is left out stays.

    Our assumption: a channel whose address really changes is no longer activated and is sent a
    new code, for nobody has shown that the new address is the contact's.
    """
    channel = state.channel(asked["ContactChannelId"])
    address = channel.address
    if "DeliveryAddress" in asked:
        address = _checked_address(channel.type, asked["DeliveryAddress"])
    moved = address != channel.address
    if moved:
        _refuse_taken(state, channel.contact_arn, channel.type, address)
    unproven = moved and state.assumptions.changed_address == "deactivated"
    channel = evolve(
        channel,
        name=asked.get("Name", channel.name),
        address=address,
        activated=channel.activated and not unproven,
        # Another phone has not unsubscribed.
        opted_out=channel.opted_out and not moved,
    )
    state.keep_channel(channel)
    if unproven:
        state.send_code(channel)
    return {}


def delete(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """DeleteContactChannel; plans that name it keep the name."""
    state.delete_channel(state.channel(asked["ContactChannelId"]))
    return {}


def activate(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ActivateContactChannel, with the code that was sent last.

    Our assumptions: a code does not expire, may be tried without end and used again, and a wrong
    one is an invalid value, even for a channel that is activated.
    """
    channel = state.channel(asked["ContactChannelId"])
    if channel.code != asked["ActivationCode"]:
        detail = "Activation code does not match the one sent to the contact channel"
        raise wrong_code(state.assumptions, detail)
    state.keep_channel(evolve(channel, activated=True))
    return {}


def deactivate(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """DeactivateContactChannel; one that is not activated stays so (our assumption)."""
    channel = state.channel(asked["ContactChannelId"])
    state.keep_channel(evolve(channel, activated=False))
    return {}


def send_activation_code(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """SendActivationCode; an activated channel stays activated (our assumption)."""
    state.send_code(state.channel(asked["ContactChannelId"]))
    return {}


def _refuse_taken(state: State, contact_arn: str, kind: str, address: str) -> None:
    if state.assumptions.duplicate_channel == "allowed":
        return
    for channel in state.channels_of(contact_arn):
        if (channel.type, channel.address) == (kind, address):
            raise conflict("The contact has a channel with this address already.", channel.arn)


def _checked_address(kind: str, given: Mapping[str, Any]) -> str:
    address = given.get("SimpleAddress")
    if address is None or not _ADDRESSES[kind].fullmatch(address):
        shown = "null" if address is None else address
        raise validation_error(
            f"ContactChannelAddress(simpleAddress={shown}) Contact channel address is invalid"
        )
    return str(address)


def _number(channel: Channel) -> int:
    return channel.number


def _described(channel: Channel) -> dict[str, Any]:
    return {
        "ContactArn": channel.contact_arn,
        "ContactChannelArn": channel.arn,
        "Name": channel.name,
        "Type": channel.type,
        "DeliveryAddress": {"SimpleAddress": channel.address},
        "ActivationStatus": "ACTIVATED" if channel.activated else "NOT_ACTIVATED",
    }
