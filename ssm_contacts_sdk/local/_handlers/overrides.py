"""Overrides: other people on call for a part of a rotation's time.

Our assumption: the limits of AWS's console do not apply, which are at least 30 minutes, at most
six months ahead, and members of the rotation only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssm_contacts_sdk.local._handlers.rotations import check_people, parent_rotation
from ssm_contacts_sdk.local._records import Override
from ssm_contacts_sdk.local._responses import check_window
from ssm_contacts_sdk.local._state import State


def create(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle CreateRotationOverride; without new contacts nobody is on call.

    Our assumptions: overrides can overlap each other and lie in the past.
    """
    rotation_arn = parent_rotation(state, request).arn
    check_window(request)
    check_people(state, request["NewContactIds"])
    override = Override(
        id=state.ids.uuid(),
        rotation_arn=rotation_arn,
        contact_ids=request["NewContactIds"],
        start=request["StartTime"],
        end=request["EndTime"],
        created=state.now,
    )
    state.add_override(override)
    return {"RotationOverrideId": override.id}


def get(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle GetRotationOverride."""
    override = _override(state, request)
    return {"RotationArn": override.rotation_arn, **_described(override)}


def delete(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle DeleteRotationOverride."""
    state.delete_override(_override(state, request))
    return {}


def list_of_rotation(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListRotationOverrides: return the overrides that overlap the requested time.

    Our assumptions: that is the meaning of the times, and the end is exclusive; overrides are
    sorted by their start, then by their creation.
    """
    rotation_arn = parent_rotation(state, request).arn
    check_window(request)
    rows = sorted(
        (
            override
            for override in state.overrides_of(rotation_arn)
            if override.start < request["EndTime"] and override.end > request["StartTime"]
        ),
        key=_key,
    )
    page, next_page = state.paginator.page("ListRotationOverrides", request, rows, _key)
    return {"RotationOverrides": [_described(override) for override in page], **next_page}


def _override(state: State, request: Mapping[str, Any]) -> Override:
    return state.override(parent_rotation(state, request).arn, request["RotationOverrideId"])


def _key(override: Override) -> tuple[float, float, str]:
    return override.start, override.created, override.id


def _described(override: Override) -> dict[str, Any]:
    return {
        "RotationOverrideId": override.id,
        "NewContactIds": override.contact_ids,
        "StartTime": override.start,
        "EndTime": override.end,
        "CreateTime": override.created,
    }
