"""Tags: keys and values that contacts and rotations are labelled with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ssm_contacts_sdk.local._limits import FIXED_CODE, exceeds
from ssm_contacts_sdk.local._responses import quota_exceeded, validation_error
from ssm_contacts_sdk.local._state import State

_MOST_TAGS = 50
# The model lets any text be the ARN of what is tagged.
_TAGGED = re.compile(r"arn:[^:]+:ssm-contacts:[^:]*:[^:]*:(contact|rotation)/.*", re.DOTALL)


def tag(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """TagResource: a key that is there gets the new value, the others stay.

    Our assumptions: this Region is the first of its replication set, in which alone AWS lets one
    tag; the quota of 50 has no published code.
    """
    arn = _checked_arn(state, asked)
    tags = {**state.tags.get(arn, {}), **checked_tags(asked)}
    if exceeds(len(tags), _MOST_TAGS):
        raise quota_exceeded("The resource has as many tags as it may have.", FIXED_CODE)
    state.tags[arn] = tags
    return {}


def untag(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """UntagResource; a key that is not there is no mistake (our assumption)."""
    arn = _checked_arn(state, asked)
    gone = asked["TagKeys"]
    state.tags[arn] = {
        key: value for key, value in state.tags.get(arn, {}).items() if key not in gone
    }
    return {}


def list_of_resource(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListTagsForResource. Our assumption: sorted by key."""
    tags = state.tags.get(_checked_arn(state, asked), {})
    return {"Tags": [{"Key": key, "Value": tags[key]} for key in sorted(tags)]}


def checked_tags(asked: Mapping[str, Any]) -> dict[str, str]:
    """The tags of a request that may have some.

    Our assumptions: a tag needs both its key and its value, although the model requires neither,
    and a key may be given once.
    """
    given: Sequence[Mapping[str, str]] = asked.get("Tags", ())
    for each in given:
        if len(each) < 2:  # noqa: PLR2004 - a key and a value
            raise validation_error("A tag has no Key or no Value")
    tags = {each["Key"]: each["Value"] for each in given}
    if len(tags) < len(given):
        raise validation_error("Two tags have the same Key")
    return tags


def _checked_arn(state: State, asked: Mapping[str, Any]) -> str:
    """The ARN of what is tagged. Our assumption: what has no tags is an invalid value."""
    if not state.assumptions.first_region:
        raise validation_error("Tags are only for the first Region of the replication set")
    arn = str(asked["ResourceARN"])
    found = _TAGGED.fullmatch(arn)
    if found is None:
        raise validation_error("Only contacts and rotations have tags")
    if found[1] == "contact":
        return state.contact(arn).arn
    return state.rotation(arn).arn
