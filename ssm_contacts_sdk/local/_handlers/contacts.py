"""Contacts (people, escalation plans and on-call schedules) and their sharing policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from ssm_contacts_sdk.local._handlers.tags import checked_tags
from ssm_contacts_sdk.local._limits import CONTACTS_CODE, exceeds
from ssm_contacts_sdk.local._records import Contact
from ssm_contacts_sdk.local._requests import json_object
from ssm_contacts_sdk.local._responses import (
    conflict,
    in_use,
    not_found,
    quota_exceeded,
    validation_error,
)
from ssm_contacts_sdk.local._rules import check_plan
from ssm_contacts_sdk.local._state import State

_POLICY = "contact-policy"


def create(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle CreateContact.

    Our assumption: the plan is checked first, then the tags, the alias and the quota.
    """
    arn = state.account.contact_arn(request["Alias"])
    check_plan(state, arn, request["Type"], request["Plan"])
    tags = checked_tags(request)
    if arn in state.contacts:
        raise conflict("A contact with this alias already exists.", arn)
    if exceeds(len(state.contacts) + 1, state.quotas.contacts):
        raise quota_exceeded("The account has reached its quota of contacts.", CONTACTS_CODE)
    state.contacts[arn] = Contact(
        arn=arn,
        alias=request["Alias"],
        display_name=request.get("DisplayName"),
        type=request["Type"],
        plan=request["Plan"],
    )
    state.tags[arn] = tags
    return {"ContactArn": arn}


def get(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle GetContact: return the plan as it was written, without the stages of a schedule."""
    contact = state.contact(request["ContactId"])
    plan = contact.plan
    if contact.type == "ONCALL_SCHEDULE":
        plan = {name: value for name, value in plan.items() if name == "RotationIds"}
    return {**_summary(contact), "Plan": plan}


def update(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle UpdateContact: replace the members that are given, and a plan as a whole."""
    contact = state.contact(request["ContactId"])
    if "Plan" in request:
        check_plan(state, contact.arn, contact.type, request["Plan"])
    state.contacts[contact.arn] = evolve(
        contact,
        display_name=request.get("DisplayName", contact.display_name),
        plan=request.get("Plan", contact.plan),
    )
    return {}


def delete(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle DeleteContact: delete the contact with its channels, tags and policy.

    Plans keep the ARN. A member of a rotation cannot be deleted. Our assumption: a contact that
    only an override names can be deleted, and the override keeps the ARN as plans do.
    """
    contact = state.contact(request["ContactId"])
    rotations = state.rotations_of(contact.arn)
    if rotations:
        raise in_use(contact.arn, rotations)
    state.delete_contact(contact)
    return {}


def list_all(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListContacts: sort by alias, as in AWS's example."""
    prefix, kind = request.get("AliasPrefix", ""), request.get("Type")
    rows = sorted(
        (
            contact
            for contact in state.contacts.values()
            if contact.alias.startswith(prefix) and kind in (None, contact.type)
        ),
        key=_alias,
    )
    page, next_page = state.paginator.page("ListContacts", request, rows, _alias)
    return {"Contacts": [_summary(contact) for contact in page], **next_page}


def put_policy(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle PutContactPolicy: replace the policy, and store its text as it is.

    Our assumptions: the policy must be a JSON object, and nothing else is checked; a contact of
    any type can have one.
    """
    contact = state.contact(request["ContactArn"])
    if json_object(request["Policy"]) is None:
        raise validation_error("Policy is not a JSON object")
    state.policies[contact.arn] = request["Policy"]
    return {}


def get_policy(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle GetContactPolicy. The response of a contact without a policy is an assumption."""
    contact = state.contact(request["ContactArn"])
    policy = state.policies.get(contact.arn)
    missing = state.assumptions.missing_policy
    if policy is None and missing == "not_found":
        raise not_found(contact.arn, _POLICY)
    if policy is None and missing == "empty_json":
        policy = "{}"
    return {"ContactArn": contact.arn, **({} if policy is None else {"Policy": policy})}


def _alias(contact: Contact) -> str:
    return contact.alias


def _summary(contact: Contact) -> dict[str, Any]:
    summary = {"ContactArn": contact.arn, "Alias": contact.alias, "Type": contact.type}
    if contact.display_name is not None:
        summary["DisplayName"] = contact.display_name
    return summary
