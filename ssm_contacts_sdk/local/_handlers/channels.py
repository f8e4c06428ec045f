"""Contact channels and the codes that activate them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from attrs import evolve

from ssm_contacts_sdk.local._records import Channel
from ssm_contacts_sdk.local._responses import conflict, validation_error, wrong_code
from ssm_contacts_sdk.local._state import State

# E.164: a plus, a country code that does not begin with 0, 15 digits at most.
_PHONE = re.compile(r"\+[1-9][0-9]{1,14}")
# Our assumption: AWS checks no more of an e-mail address.
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ADDRESSES = {"SMS": _PHONE, "VOICE": _PHONE, "EMAIL": _EMAIL}


def create(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle CreateContactChannel: send an activation code unless activation is deferred.

    Our assumptions: an unknown contact is an invalid value, because the model lists no not-found
    error for this operation; a contact of any type can have channels; a contact has an address
    only once for each type.
    """
    contact = state.contacts.get(request["ContactId"])
    if contact is None:
        raise validation_error("Contact not found for the request")
    address = _checked_address(request["Type"], request["DeliveryAddress"])
    _check_is_free(state, contact.arn, request["Type"], address)
    new = Channel(
        arn=state.account.channel_arn(contact.alias, state.ids.uuid()),
        contact_arn=contact.arn,
        name=request["Name"],
        type=request["Type"],
        address=address,
    )
    channel = state.add_channel(new)
    if not request.get("DeferActivation"):
        state.send_code(channel)
    return {"ContactChannelArn": channel.arn}


def get(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle GetContactChannel."""
    return _described(state.channel(request["ContactChannelId"]))


def list_of_contact(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListContactChannels. Our assumption: the oldest come first."""
    contact = state.contact(request["ContactId"])
    rows = state.channels_of(contact.arn)
    page, next_page = state.paginator.page("ListContactChannels", request, rows, _number)
    return {"ContactChannels": [_described(channel) for channel in page], **next_page}


def update(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle UpdateContactChannel: replace the members that are given.

    Our assumption: a channel with a different address is no longer activated and is sent a new
    code, because nobody has shown that the new address belongs to the contact.
    """
    channel = state.channel(request["ContactChannelId"])
    address = channel.address
    if "DeliveryAddress" in request:
        address = _checked_address(channel.type, request["DeliveryAddress"])
    is_new = address != channel.address
    if is_new:
        _check_is_free(state, channel.contact_arn, channel.type, address)
    is_unproven = is_new and state.assumptions.changed_address == "deactivated"
    channel = evolve(
        channel,
        name=request.get("Name", channel.name),
        address=address,
        activated=channel.activated and not is_unproven,
        # The owner of the new phone has not unsubscribed.
        opted_out=channel.opted_out and not is_new,
    )
    state.set_channel(channel)
    if is_unproven:
        state.send_code(channel)
    return {}


def delete(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle DeleteContactChannel; plans keep the ARN."""
    state.delete_channel(state.channel(request["ContactChannelId"]))
    return {}


def activate(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ActivateContactChannel, with the code that was sent last.

    Our assumptions: a code does not expire, and it can be tried any number of times and used
    again; a wrong code is an invalid value, even for a channel that is activated.
    """
    channel = state.channel(request["ContactChannelId"])
    if channel.code != request["ActivationCode"]:
        detail = "Activation code does not match the one sent to the contact channel"
        raise wrong_code(state.assumptions, detail)
    state.set_channel(evolve(channel, activated=True))
    return {}


def deactivate(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle DeactivateContactChannel; it succeeds for an inactive channel (our assumption)."""
    channel = state.channel(request["ContactChannelId"])
    state.set_channel(evolve(channel, activated=False))
    return {}


def send_activation_code(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle SendActivationCode; an activated channel stays activated (our assumption)."""
    state.send_code(state.channel(request["ContactChannelId"]))
    return {}


def _check_is_free(state: State, contact_arn: str, kind: str, address: str) -> None:
    """Reject an address that another channel of the contact has."""
    if state.assumptions.duplicate_channel == "allowed":
        return
    for channel in state.channels_of(contact_arn):
        if (channel.type, channel.address) == (kind, address):
            raise conflict("The contact already has a channel with this address.", channel.arn)


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
