"""The operations that the local service has, a room for each noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ssm_contacts_sdk.local.handlers import channels, contacts
from ssm_contacts_sdk.local.state import State

Handler = Callable[[State, Mapping[str, Any]], "dict[str, Any]"]
"""Carries out a request whose shape is right, or raises a Refusal and has changed nothing."""

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "CreateContact": contacts.create,
        "GetContact": contacts.get,
        "UpdateContact": contacts.update,
        "DeleteContact": contacts.delete,
        "ListContacts": contacts.list_all,
        "CreateContactChannel": channels.create,
        "GetContactChannel": channels.get,
        "ListContactChannels": channels.list_of_contact,
        "ActivateContactChannel": channels.activate,
        "DeactivateContactChannel": channels.deactivate,
        "SendActivationCode": channels.send_activation_code,
    }
)
