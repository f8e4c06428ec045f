"""The service's rules for plans, recurrences and time zones that its model does not contain.

The service does not look up the targets of a plan: AWS lets plans keep the ARNs of deleted
channels and contacts. Our assumption: therefore such a plan can also be written. The messages are
ours, unless AWS's are known.

An escalation plan accepts contacts of its own account only (AWS's user guide).

Our assumptions: repeated hand-offs, the hours of coverage, and more people on call than the
rotation has members are not checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from ssm_contacts_sdk.local._limits import (
    CHANNELS_CODE,
    FIXED_CODE,
    STAGES_CODE,
    Quotas,
    exceeds,
)
from ssm_contacts_sdk.local._responses import quota_exceeded, validation_error
from ssm_contacts_sdk.local._state import State

SETTINGS = ("DailySettings", "WeeklySettings", "MonthlySettings")
_CHANNEL, _CONTACT = "ChannelTargetInfo", "ContactTargetInfo"


def check_plan(state: State, arn: str, contact_type: str, plan: Mapping[str, Any]) -> None:
    """Check a plan against the rules of its contact's type, and then against the quotas.

    Args:
        state: the state of the service.
        arn: the ARN of the contact, which need not exist yet.
        contact_type: the type of the contact.
        plan: the new plan.

    Raises:
        ServiceErrorResponse: the plan breaks a rule or exceeds a quota.
    """
    if contact_type == "ONCALL_SCHEDULE":
        _check_schedule(plan, state.quotas)
    else:
        _check_stages(state, arn, contact_type, plan)


def _check_schedule(plan: Mapping[str, Any], quotas: Quotas) -> None:
    # An empty list of stages too: AWS was seen to send this message for one.
    if "Stages" in plan:
        raise validation_error("ONCALL SCHEDULE contact cannot have stages in plan")
    if exceeds(len(plan.get("RotationIds", ())), quotas.rotations_per_schedule):
        raise quota_exceeded("The on-call schedule has too many rotations.", FIXED_CODE)


def _check_stages(state: State, arn: str, contact_type: str, plan: Mapping[str, Any]) -> None:
    # Our assumption: an empty list is rejected, as an empty list of stages is for a schedule.
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


def without_empty_settings(recurrence: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recurrence without its empty lists of hand-offs.

    Our assumption: an empty list is the same as none. Terraform sends the two kinds that a rotation
    does not use as empty lists, and AWS accepts them.
    """
    return {name: value for name, value in recurrence.items() if value or name not in SETTINGS}


def recurrence_violation(recurrence: Mapping[str, Any]) -> str | None:
    """Return the rule that a recurrence breaks, or None."""
    given = [name for name in SETTINGS if recurrence.get(name)]
    if len(given) == 1:
        return None
    return f"must have hand-offs in exactly one of {', '.join(SETTINGS)}"


def time_zone_violation(time_zone_id: str) -> str | None:
    """Return the rule that the name of a time zone breaks, or None.

    Our assumption: the time zones are those of this machine's database, without names such as
    ``localtime`` that mean another zone on another machine. Other names are never searched for in
    the file system.
    """
    known = time_zone_id in _time_zones()
    return None if known else "must be the IANA name of a time zone that is known here"


def checked_recurrence(recurrence: Mapping[str, Any]) -> dict[str, Any]:
    """Return the recurrence to store.

    Raises:
        ServiceErrorResponse: the recurrence breaks a rule.
    """
    rule = recurrence_violation(recurrence)
    if rule is not None:
        raise validation_error(f"Recurrence {rule}")
    return without_empty_settings(recurrence)


def check_time_zone(time_zone_id: str) -> None:
    """Check the name of a time zone.

    Raises:
        ServiceErrorResponse: the time zone is unknown.
    """
    rule = time_zone_violation(time_zone_id)
    if rule is not None:
        raise validation_error(f"TimeZoneId {rule}")


@cache
def _time_zones() -> frozenset[str]:
    # Read once a process, when the first rotation is created, because it takes a while.
    names = available_timezones() - {"localtime", "Factory", "posixrules", "posix", "right"}
    return frozenset(name for name in names if not name.startswith(("posix/", "right/")))
