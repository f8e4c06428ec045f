"""Policies: with whom a contact is shared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssm_contacts_sdk.local.refusals import invalid, not_found
from ssm_contacts_sdk.local.requests import json_object
from ssm_contacts_sdk.local.state import State


def put(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """PutContactPolicy: the text replaces the one before, and is kept as it is.

    Our assumptions: it must be a JSON object, and no more is asked of it; a contact of any type
    may have one.
    """
    contact = state.contact(asked["ContactArn"])
    if json_object(asked["Policy"]) is None:
        raise invalid("Policy is not a JSON object")
    state.policies[contact.arn] = asked["Policy"]
    return {}


def get(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """GetContactPolicy. Our assumption: where there is none, the answer has only the ARN."""
    contact = state.contact(asked["ContactArn"])
    policy = state.policies.get(contact.arn)
    if policy is None and state.assumptions.missing_policy == "not_found":
        raise not_found(contact.arn, "contact-policy")
    return {"ContactArn": contact.arn, **({} if policy is None else {"Policy": policy})}
