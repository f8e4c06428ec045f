"""The table of all 39 operations, from the entries beside each resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssm_contacts_sdk._operations import Operation
from ssm_contacts_sdk._resources import (
    channels,
    contacts,
    engagements,
    overrides,
    pages,
    rotations,
    tags,
)

OPERATIONS: Mapping[str, Operation[Any]] = {
    value.name: value
    for module in (contacts, channels, rotations, overrides, engagements, pages, tags)
    for value in vars(module).values()
    if isinstance(value, Operation)
}
"""Every operation, by AWS's name."""

BY_BOTO3_NAME: Mapping[str, Operation[Any]] = {
    operation.boto3_name: operation for operation in OPERATIONS.values()
}
"""Every operation, by boto3's name."""
