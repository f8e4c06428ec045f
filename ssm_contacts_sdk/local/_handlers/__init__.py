"""The operations of the service, a module for each resource."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ssm_contacts_sdk.local._handlers import (
    channels,
    contacts,
    engagements,
    overrides,
    pages,
    rotations,
    tags,
)
from ssm_contacts_sdk.local._state import State

Handler = Callable[[State, Mapping[str, Any]], "dict[str, Any]"]
"""Executes a valid request, or raises a ServiceErrorResponse and changes nothing."""

HANDLERS: Mapping[str, Handler] = MappingProxyType(
    {
        "CreateContact": contacts.create,
        "GetContact": contacts.get,
        "UpdateContact": contacts.update,
        "DeleteContact": contacts.delete,
        "ListContacts": contacts.list_all,
        "PutContactPolicy": contacts.put_policy,
        "GetContactPolicy": contacts.get_policy,
        "CreateContactChannel": channels.create,
        "GetContactChannel": channels.get,
        "UpdateContactChannel": channels.update,
        "DeleteContactChannel": channels.delete,
        "ListContactChannels": channels.list_of_contact,
        "ActivateContactChannel": channels.activate,
        "DeactivateContactChannel": channels.deactivate,
        "SendActivationCode": channels.send_activation_code,
        "CreateRotation": rotations.create,
        "GetRotation": rotations.get,
        "UpdateRotation": rotations.update,
        "DeleteRotation": rotations.delete,
        "ListRotations": rotations.list_all,
        "CreateRotationOverride": overrides.create,
        "GetRotationOverride": overrides.get,
        "DeleteRotationOverride": overrides.delete,
        "ListRotationOverrides": overrides.list_of_rotation,
        "ListRotationShifts": rotations.list_shifts,
        "ListPreviewRotationShifts": rotations.list_preview_shifts,
        "StartEngagement": engagements.start,
        "StopEngagement": engagements.stop,
        "DescribeEngagement": engagements.describe,
        "ListEngagements": engagements.list_all,
        "AcceptPage": pages.accept,
        "DescribePage": pages.describe,
        "ListPagesByContact": pages.list_of_contact,
        "ListPagesByEngagement": pages.list_of_engagement,
        "ListPageReceipts": pages.list_receipts,
        "ListPageResolutions": pages.list_resolutions,
        "TagResource": tags.tag,
        "UntagResource": tags.untag,
        "ListTagsForResource": tags.list_of_resource,
    }
)
