"""Tags of contacts and rotations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ssm_contacts_sdk.local._limits import FIXED_CODE, exceeds
from ssm_contacts_sdk.local._responses import quota_exceeded, validation_error
from ssm_contacts_sdk.local._state import State

_MAX_TAGS = 50
# The model allows any string as the ARN of the resource.
_TAGGED = re.compile(r"arn:[^:]+:ssm-contacts:[^:]*:[^:]*:(contact|rotation)/.*", re.DOTALL)


def tag(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle TagResource: a new value replaces that of the same key; other tags stay.

    Our assumptions: this Region is the first of its replication set, the only one in which AWS
    allows tagging; the quota of 50 has no published code.
    """
    arn = _checked_arn(state, request)
    tags = {**state.tags.get(arn, {}), **checked_tags(request)}
    if exceeds(len(tags), _MAX_TAGS):
        raise quota_exceeded("The resource has reached its quota of tags.", FIXED_CODE)
    state.tags[arn] = tags
    return {}


def untag(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle UntagResource; keys that the resource does not have are ignored (our assumption)."""
    arn = _checked_arn(state, request)
    removed = request["TagKeys"]
    state.tags[arn] = {
        key: value for key, value in state.tags.get(arn, {}).items() if key not in removed
    }
    return {}


def list_of_resource(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListTagsForResource. Our assumption: sorted by key."""
    tags = state.tags.get(_checked_arn(state, request), {})
    return {"Tags": [{"Key": key, "Value": tags[key]} for key in sorted(tags)]}


def checked_tags(request: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of a request, by key.

    Our assumptions: a tag needs both its key and its value, although the model requires neither,
    and a key can be given once.
    """
    given: Sequence[Mapping[str, str]] = request.get("Tags", ())
    for each in given:
        if len(each) < 2:  # noqa: PLR2004 - a key and a value
            raise validation_error("A tag has no Key or no Value")
    tags = {each["Key"]: each["Value"] for each in given}
    if len(tags) < len(given):
        raise validation_error("Two tags have the same Key")
    return tags


def _checked_arn(state: State, request: Mapping[str, Any]) -> str:
    """Return the ARN of the resource.

    Our assumption: a resource that cannot have tags is an invalid value.
    """
    if not state.assumptions.first_region:
        raise validation_error("Tags are only for the first Region of the replication set")
    arn = str(request["ResourceARN"])
    found = _TAGGED.fullmatch(arn)
    if found is None:
        raise validation_error("Only contacts and rotations have tags")
    if found[1] == "contact":
        return state.contact(arn).arn
    return state.rotation(arn).arn
