"""What a plan may hold, by the type of the contact that it belongs to.

Whether a target is there is not looked up: AWS lets plans keep the ARNs of deleted channels and
contacts. Our assumption: therefore one may also write such a plan. Texts are ours, unless AWS's
are known.

An escalation plan takes contacts of its own account only (AWS's user guide).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssm_contacts_sdk.local._limits import (
    CHANNELS_CODE,
    FIXED_CODE,
    STAGES_CODE,
    Quotas,
    exceeds,
)
from ssm_contacts_sdk.local._responses import quota_exceeded, validation_error
from ssm_contacts_sdk.local._state import State

_CHANNEL, _CONTACT = "ChannelTargetInfo", "ContactTargetInfo"


def check_plan(state: State, arn: str, contact_type: str, plan: Mapping[str, Any]) -> None:
    """Refuse a plan that breaks a rule of its contact's type, or a quota. Rules come first.

    Args:
        state: What the service keeps.
        arn: The contact, which need not be there yet.
        contact_type: Its type.
        plan: What it is to have.
    """
    if contact_type == "ONCALL_SCHEDULE":
        _check_schedule(plan, state.quotas)
    else:
        _check_stages(state, arn, contact_type, plan)


def _check_schedule(plan: Mapping[str, Any], quotas: Quotas) -> None:
    # Even an empty list of stages: that is how this text came to be known.
    if "Stages" in plan:
        raise validation_error("ONCALL SCHEDULE contact cannot have stages in plan")
    if exceeds(len(plan.get("RotationIds", ())), quotas.rotations_per_schedule):
        raise quota_exceeded("The on-call schedule has too many rotations.", FIXED_CODE)


def _check_stages(state: State, arn: str, contact_type: str, plan: Mapping[str, Any]) -> None:
    # Our assumption: an empty list is refused here too, as it is the other way round.
    if "RotationIds" in plan:
        raise validation_error(f"{contact_type} contact cannot have rotations in plan")
    wanted = _CONTACT if contact_type == "ESCALATION" else _CHANNEL
    stages = plan.get("Stages", ())
    for number, stage in enumerate(stages, start=1):
        targets = stage["Targets"]
        for target in targets:
            _check_target(f"Stage {number}", contact_type, wanted, target)
            if wanted == _CONTACT:
                _check_contact(state, arn, f"Stage {number}", target[_CONTACT]["ContactId"])
        if not targets and stage["DurationInMinutes"] == 0:
            raise validation_error(f"Stage {number} has a duration of 0 and no targets")
    if exceeds(len(stages), state.quotas.stages_per_plan):
        raise quota_exceeded("The plan has too many stages.", STAGES_CODE)
    for number, stage in enumerate(stages, start=1):
        channels = sum(_CHANNEL in target for target in stage["Targets"])
        if exceeds(channels, state.quotas.channels_per_stage):
            raise quota_exceeded(f"Stage {number} has too many contact channels.", CHANNELS_CODE)


def _check_target(where: str, contact_type: str, wanted: str, target: Mapping[str, Any]) -> None:
    if len(target) != 1:
        raise validation_error(
            f"{where} has a target that is not exactly one of a channel and a contact"
        )
    if wanted not in target:
        other = "a contact" if wanted == _CHANNEL else "a channel"
        raise validation_error(
            f"{where} of a plan of type {contact_type} cannot have {other} as a target"
        )
    if wanted == _CONTACT and "ContactId" not in target[_CONTACT]:
        raise validation_error(f"{where} has a contact target without a ContactId")


def _check_contact(state: State, arn: str, where: str, target: str) -> None:
    if target.split(":")[4] != state.account.account_id:
        raise validation_error(f"{where} has a contact of another account")
    if state.assumptions.nested_escalation == "rejected":
        contact = state.contacts.get(target)
        if target == arn or (contact is not None and contact.type == "ESCALATION"):
            raise validation_error(f"{where} has an escalation plan as a target")
