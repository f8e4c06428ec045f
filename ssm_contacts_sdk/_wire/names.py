"""AWS's names for fields, and what it may leave out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

import attrs

from ssm_contacts_sdk._models.channels import ChannelRecord, ChannelType
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactSummary
from ssm_contacts_sdk._models.engagements import EngagementSummary, PageSummary, Receipt
from ssm_contacts_sdk._models.plans import ContactTarget, Plan
from ssm_contacts_sdk._models.policies import ContactPolicy
from ssm_contacts_sdk._models.rotations import (
    OverrideRecord,
    Rotation,
    RotationRecord,
    RotationSummary,
    Shift,
)
from ssm_contacts_sdk._models.tags import Tag

# Where AWS's name is not simply the field's in its spelling. A subclass has its base's names.
_NAMES: Mapping[tuple[type, str], str] = {
    (ChannelRecord, "arn"): "ContactChannelArn",
    (ContactPolicy, "text"): "Policy",
    (ContactRecord, "arn"): "ContactArn",
    (ContactSummary, "arn"): "ContactArn",
    (EngagementSummary, "arn"): "EngagementArn",
    (OverrideRecord, "id"): "RotationOverrideId",
    (PageSummary, "arn"): "PageArn",
    (Receipt, "channel_arn"): "ContactChannelArn",
    (Receipt, "info"): "ReceiptInfo",
    (Receipt, "time"): "ReceiptTime",
    (Receipt, "type"): "ReceiptType",
    (RotationRecord, "arn"): "RotationArn",
    (RotationSummary, "arn"): "RotationArn",
    (Shift, "overridden_contact_ids"): "ShiftDetails",
}
# What the service may leave out, besides the fields that are None by default. AWS's model allows
# it, but for a rotation's start time.
WHEN_LEFT_OUT: Mapping[tuple[type, str], object] = {
    (ChannelRecord, "type"): ChannelType(""),
    (ContactTarget, "contact_id"): "",
    (Plan, "stages"): (),
    (Rotation, "start_time"): None,
    (RotationRecord, "start_time"): None,
    (Shift, "contact_ids"): (),
    (Tag, "value"): "",
}


def aws_name(kind: type, field: str) -> str:
    """AWS's name for a field.

    >>> aws_name(Plan, "rotation_ids")
    'RotationIds'
    """
    for base in kind.__mro__:
        if (base, field) in _NAMES:
            return _NAMES[base, field]
    return "".join(word.capitalize() for word in field.split("_"))


# As they are now: tests replace them in modules, as freezegun does.
_TIMES = {"datetime": datetime, "time": time}


def resolve_types(kind: Any) -> None:
    """Resolve the types of the fields of `kind`, with the times that Python itself has."""
    attrs.resolve_types(kind, localns=_TIMES)
