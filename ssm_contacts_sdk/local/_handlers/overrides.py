"""Overrides: other people for a part of a rotation's time.

Our assumption: what AWS's console asks of an override is not asked here: at least 30 minutes, at
most six months ahead, and members of the rotation only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssm_contacts_sdk.local._handlers.rotations import addressed, check_people
from ssm_contacts_sdk.local._records import Override
from ssm_contacts_sdk.local._responses import check_window
from ssm_contacts_sdk.local._state import State


def create(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """CreateRotationOverride; without new people nobody is on call.

    Our assumptions: overrides may overlap each other and lie in the past.
    """
    rotation_arn = addressed(state, asked).arn
    check_window(asked)
    check_people(state, asked["NewContactIds"])
    override = Override(
        id=state.ids.uuid(),
        rotation_arn=rotation_arn,
        contact_ids=asked["NewContactIds"],
        start=asked["StartTime"],
        end=asked["EndTime"],
        created=state.now,
    )
    state.add_override(override)
    return {"RotationOverrideId": override.id}


def get(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """GetRotationOverride."""
    override = _override(state, asked)
    return {"RotationArn": override.rotation_arn, **_described(override)}


def delete(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """DeleteRotationOverride."""
    state.delete_override(_override(state, asked))
    return {}


def list_of_rotation(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListRotationOverrides: those of which a part lies in the time that is asked for.

    Our assumptions: that is what the times mean, with the end left out; and the one that starts
    first comes first, then the one that was made first.
    """
    rotation_arn = addressed(state, asked).arn
    check_window(asked)
    rows = sorted(
        (
            override
            for override in state.overrides_of(rotation_arn)
            if override.start < asked["EndTime"] and override.end > asked["StartTime"]
        ),
        key=_place,
    )
    page, onward = state.pages.cut("ListRotationOverrides", asked, rows, _place)
    return {"RotationOverrides": [_described(override) for override in page], **onward}


def _override(state: State, asked: Mapping[str, Any]) -> Override:
    """Our assumption: an override that is not there is called a rotation-override."""
    return state.override(addressed(state, asked).arn, asked["RotationOverrideId"])


def _place(override: Override) -> tuple[float, float, str]:
    return override.start, override.created, override.id


def _described(override: Override) -> dict[str, Any]:
    return {
        "RotationOverrideId": override.id,
        "NewContactIds": override.contact_ids,
        "StartTime": override.start,
        "EndTime": override.end,
        "CreateTime": override.created,
    }
