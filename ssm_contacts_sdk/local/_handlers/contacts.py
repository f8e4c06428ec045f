"""Contacts: people, escalation plans and on-call schedules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from ssm_contacts_sdk.local._handlers.tags import checked_tags
from ssm_contacts_sdk.local._limits import CONTACTS_CODE, exceeds
from ssm_contacts_sdk.local._plan_rules import check_plan
from ssm_contacts_sdk.local._records import Contact
from ssm_contacts_sdk.local._responses import conflict, in_use, quota_exceeded
from ssm_contacts_sdk.local._state import State


def create(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """CreateContact.

    Our assumption: the plan is judged first, then the tags, the alias and the quota.
    """
    arn = state.account.contact_arn(asked["Alias"])
    check_plan(state, arn, asked["Type"], asked["Plan"])
    tags = checked_tags(asked)
    if arn in state.contacts:
        raise conflict("A contact with this alias is there already.", arn)
    if exceeds(len(state.contacts) + 1, state.quotas.contacts):
        raise quota_exceeded("The account has as many contacts as it may have.", CONTACTS_CODE)
    state.contacts[arn] = Contact(
        arn=arn,
        alias=asked["Alias"],
        display_name=asked.get("DisplayName"),
        type=asked["Type"],
        plan=asked["Plan"],
    )
    state.tags[arn] = tags
    return {"ContactArn": arn}


def get(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """GetContact: the plan as it was written, of a schedule its rotations only."""
    contact = state.contact(asked["ContactId"])
    plan = contact.plan
    if contact.type == "ONCALL_SCHEDULE":
        plan = {arm: value for arm, value in plan.items() if arm == "RotationIds"}
    return {**_summary(contact), "Plan": plan}


def update(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateContact: a plan replaces the whole plan, what is left out stays."""
    contact = state.contact(asked["ContactId"])
    if "Plan" in asked:
        check_plan(state, contact.arn, contact.type, asked["Plan"])
    state.contacts[contact.arn] = evolve(
        contact,
        display_name=asked.get("DisplayName", contact.display_name),
        plan=asked.get("Plan", contact.plan),
    )
    return {}


def delete(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """DeleteContact, with its channels, tags and policy; plans that name it keep the name.

    A member of a rotation cannot be deleted. Our assumption: one that only an override names can,
    and the override keeps the name, as plans do.
    """
    contact = state.contact(asked["ContactId"])
    rotations = state.rotations_of(contact.arn)
    if rotations:
        raise in_use(contact.arn, rotations)
    state.delete_contact(contact)
    return {}


def list_all(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListContacts, by alias as in AWS's example."""
    prefix, kind = asked.get("AliasPrefix", ""), asked.get("Type")
    rows = sorted(
        (
            contact
            for contact in state.contacts.values()
            if contact.alias.startswith(prefix) and kind in (None, contact.type)
        ),
        key=_alias,
    )
    page, onward = state.pages.cut("ListContacts", asked, rows, _alias)
    return {"Contacts": [_summary(contact) for contact in page], **onward}


def _alias(contact: Contact) -> str:
    return contact.alias


def _summary(contact: Contact) -> dict[str, Any]:
    summary = {"ContactArn": contact.arn, "Alias": contact.alias, "Type": contact.type}
    if contact.display_name is not None:
        summary["DisplayName"] = contact.display_name
    return summary
