"""Rotations: people who are on call in turns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import evolve

from ssm_contacts_sdk.local._handlers.tags import checked_tags
from ssm_contacts_sdk.local._limits import ROTATIONS_CODE, exceeds
from ssm_contacts_sdk.local._records import Rotation
from ssm_contacts_sdk.local._recurrence_rules import check_time_zone, checked_recurrence
from ssm_contacts_sdk.local._responses import quota_exceeded, validation_error
from ssm_contacts_sdk.local._state import State


def create(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """CreateRotation.

    Our assumptions: without a StartTime it goes into effect now; names may repeat, for the model
    lists no conflict; what it says is judged first, then its people, then the quota.
    """
    recurrence = checked_recurrence(asked["Recurrence"])
    check_time_zone(asked["TimeZoneId"])
    tags = checked_tags(asked)
    check_people(state, asked["ContactIds"])
    _refuse_taken(state, asked["Name"])
    if exceeds(len(state.rotations) + 1, state.quotas.rotations):
        raise quota_exceeded("The account has as many rotations as it may have.", ROTATIONS_CODE)
    rotation = Rotation(
        arn=state.account.rotation_arn(state.ids.uuid()),
        name=asked["Name"],
        contact_ids=asked["ContactIds"],
        start=asked.get("StartTime", state.now),
        time_zone_id=asked["TimeZoneId"],
        recurrence=recurrence,
        start_is_given="StartTime" in asked,
    )
    state.rotations[rotation.arn] = rotation
    state.tags[rotation.arn] = tags
    return {"RotationArn": rotation.arn}


def get(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """GetRotation: the recurrence as it was written, without empty lists of hand-offs."""
    return _described(state, state.rotation(asked["RotationId"]))


def update(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateRotation: a recurrence replaces the whole recurrence, what is left out stays.

    Our assumption: overrides stay as they are, whoever leaves the rotation.
    """
    rotation = state.rotation(asked["RotationId"])
    recurrence = checked_recurrence(asked["Recurrence"])
    if "TimeZoneId" in asked:
        check_time_zone(asked["TimeZoneId"])
    check_people(state, asked.get("ContactIds", ()))
    state.rotations[rotation.arn] = evolve(
        rotation,
        contact_ids=asked.get("ContactIds", rotation.contact_ids),
        start=asked.get("StartTime", rotation.start),
        time_zone_id=asked.get("TimeZoneId", rotation.time_zone_id),
        recurrence=recurrence,
        start_is_given=rotation.start_is_given or "StartTime" in asked,
    )
    return {}


def delete(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """DeleteRotation, which takes it out of the schedules that use it."""
    state.delete_rotation(state.rotation(asked["RotationId"]))
    return {}


def list_all(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListRotations. Our assumption: by name, and those of one name by their ARNs."""
    prefix = asked.get("RotationNamePrefix", "")
    rotations = state.rotations.values()
    rows = sorted((each for each in rotations if each.name.startswith(prefix)), key=_name)
    page, onward = state.pages.cut("ListRotations", asked, rows, _name)
    return {"Rotations": [_described(state, rotation) for rotation in page], **onward}


def addressed(state: State, asked: Mapping[str, Any]) -> Rotation:
    """The rotation whose shifts or overrides a request is about.

    AWS was seen to call one that leads nowhere an invalid value, and not to say that it was not
    found, when it was asked for shifts. Our assumption: it does so in all operations on overrides.
    """
    rotation = state.rotations.get(asked["RotationId"])
    if rotation is None:
        raise validation_error(f"Invalid resource Arn {asked['RotationId']}")
    return rotation


def check_people(state: State, contact_arns: Iterable[str]) -> None:
    """Refuse those who are not there, and what is no person.

    Our assumptions: AWS's error for an escalation plan or a schedule is an invalid value, and the
    same person may be named more than once.
    """
    for arn in contact_arns:
        contact = state.contact(arn)
        if contact.type != "PERSONAL":
            raise validation_error(f"Contact of type {contact.type} cannot be in a rotation")


def _refuse_taken(state: State, name: str) -> None:
    if state.assumptions.duplicate_rotation_name == "rejected" and any(
        rotation.name == name for rotation in state.rotations.values()
    ):
        # The operation's model has no conflict.
        raise validation_error("A rotation with this name is there already")


def _name(rotation: Rotation) -> tuple[str, str]:
    return rotation.name, rotation.arn


def _described(state: State, rotation: Rotation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "RotationArn": rotation.arn,
        "Name": rotation.name,
        "ContactIds": rotation.contact_ids,
        "TimeZoneId": rotation.time_zone_id,
        "Recurrence": rotation.recurrence,
    }
    if rotation.start_is_given or state.assumptions.unset_start_time == "creation_time":
        described["StartTime"] = rotation.start
    return described
