"""Policies: with whom a contact is shared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssm_contacts_sdk.local._requests import json_object
from ssm_contacts_sdk.local._responses import not_found, validation_error
from ssm_contacts_sdk.local._state import State

POLICY = "contact-policy"
"""The type of a policy, where it is not found."""


def put(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """PutContactPolicy: the text replaces the one before, and is kept as it is.

    Our assumptions: it must be a JSON object, and no more is asked of it; a contact of any type
    may have one.
    """
    contact = state.contact(asked["ContactArn"])
    if json_object(asked["Policy"]) is None:
        raise validation_error("Policy is not a JSON object")
    state.policies[contact.arn] = asked["Policy"]
    return {}


def get(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """GetContactPolicy. It is one of our assumptions what it answers where there is none."""
    contact = state.contact(asked["ContactArn"])
    policy = state.policies.get(contact.arn)
    missing = state.assumptions.missing_policy
    if policy is None and missing == "not_found":
        raise not_found(contact.arn, POLICY)
    if policy is None and missing == "empty_json":
        policy = "{}"
    return {"ContactArn": contact.arn, **({} if policy is None else {"Policy": policy})}
