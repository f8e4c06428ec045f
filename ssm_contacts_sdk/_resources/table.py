"""The table of all 39 operations, which the modules of the resources declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

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

_MODULES = (contacts, channels, rotations, overrides, engagements, pages, tags)


def _is_operation(value: object) -> TypeGuard[Operation[Any]]:
    return isinstance(value, Operation)


OPERATIONS: Mapping[str, Operation[Any]] = {
    each.name: each for module in _MODULES for each in filter(_is_operation, vars(module).values())
}
"""Every operation, by AWS's name."""

BY_BOTO3_NAME: Mapping[str, Operation[Any]] = {
    each.boto3_name: each for each in OPERATIONS.values()
}
"""Every operation, by boto3's name."""
