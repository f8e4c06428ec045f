"""Rotations, and the shifts of a rotation or of a preview."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from attrs import evolve

from ssm_contacts_sdk._errors import CalendarTooLongError
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar, shifts
from ssm_contacts_sdk.local._handlers.tags import checked_tags
from ssm_contacts_sdk.local._limits import ROTATIONS_CODE, exceeds
from ssm_contacts_sdk.local._records import Rotation
from ssm_contacts_sdk.local._responses import check_window, quota_exceeded, validation_error
from ssm_contacts_sdk.local._rules import check_time_zone, checked_recurrence
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import (
    calendar_of,
    clipped_shift,
    instant,
    preview_override,
    recurrence_from_json,
    shift_start,
    shift_to_json,
)


def create(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle CreateRotation.

    Our assumptions: without a StartTime the rotation starts now; names can repeat, because the
    model lists no conflict; the recurrence, time zone and tags are checked first, then the people,
    then the quota.
    """
    recurrence = checked_recurrence(request["Recurrence"])
    check_time_zone(request["TimeZoneId"])
    tags = checked_tags(request)
    check_people(state, request["ContactIds"])
    _check_name(state, request["Name"])
    if exceeds(len(state.rotations) + 1, state.quotas.rotations):
        raise quota_exceeded("The account has reached its quota of rotations.", ROTATIONS_CODE)
    rotation = Rotation(
        arn=state.account.rotation_arn(state.ids.uuid()),
        name=request["Name"],
        contact_ids=request["ContactIds"],
        start=request.get("StartTime", state.now),
        time_zone_id=request["TimeZoneId"],
        recurrence=recurrence,
        start_is_given="StartTime" in request,
    )
    state.rotations[rotation.arn] = rotation
    state.tags[rotation.arn] = tags
    return {"RotationArn": rotation.arn}


def get(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle GetRotation: return the recurrence as written, without empty lists of hand-offs."""
    return _described(state, state.rotation(request["RotationId"]))


def update(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle UpdateRotation: replace the members that are given, and a recurrence as a whole.

    Our assumption: overrides do not change when somebody leaves the rotation.
    """
    rotation = state.rotation(request["RotationId"])
    recurrence = checked_recurrence(request["Recurrence"])
    if "TimeZoneId" in request:
        check_time_zone(request["TimeZoneId"])
    check_people(state, request.get("ContactIds", ()))
    state.rotations[rotation.arn] = evolve(
        rotation,
        contact_ids=request.get("ContactIds", rotation.contact_ids),
        start=request.get("StartTime", rotation.start),
        time_zone_id=request.get("TimeZoneId", rotation.time_zone_id),
        recurrence=recurrence,
        start_is_given=rotation.start_is_given or "StartTime" in request,
    )
    return {}


def delete(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle DeleteRotation: delete the rotation and remove it from on-call schedules."""
    state.delete_rotation(state.rotation(request["RotationId"]))
    return {}


def list_all(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListRotations. Our assumption: sorted by name, then by ARN."""
    prefix = request.get("RotationNamePrefix", "")
    rotations = state.rotations.values()
    rows = sorted((each for each in rotations if each.name.startswith(prefix)), key=_name)
    page, next_page = state.paginator.page("ListRotations", request, rows, _name)
    return {"Rotations": [_described(state, rotation) for rotation in page], **next_page}


def list_shifts(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListRotationShifts."""
    rotation = parent_rotation(state, request)
    calendar = calendar_of(rotation, state.overrides_of(rotation.arn))
    return _listed_shifts(state, "ListRotationShifts", request, lambda _: calendar)


def list_preview_shifts(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListPreviewRotationShifts: the members are any strings, and are not looked up.

    Our assumptions: without a RotationStartTime the rotation starts now; an override without one
    of its times is ignored; where two overrides overlap, the later in the list counts.
    """
    recurrence = checked_recurrence(request["Recurrence"])
    check_time_zone(request["TimeZoneId"])

    def calendar(now: float) -> RotationCalendar:
        return RotationCalendar(
            members=tuple(request["Members"]),
            start_time=instant(request.get("RotationStartTime", now)),
            time_zone_id=request["TimeZoneId"],
            recurrence=recurrence_from_json(recurrence),
            overrides=tuple(
                preview_override(each.get("NewMembers", ()), each["StartTime"], each["EndTime"])
                for each in request.get("Overrides", ())
                if {"StartTime", "EndTime"} <= each.keys()
            ),
        )

    return _listed_shifts(state, "ListPreviewRotationShifts", request, calendar)


def parent_rotation(state: State, request: Mapping[str, Any]) -> Rotation:
    """Return the rotation whose shifts or overrides are requested.

    AWS was seen to report an unknown rotation as an invalid value, and not as not found, in
    requests for shifts. Our assumption: so do all operations on overrides.
    """
    rotation = state.rotations.get(request["RotationId"])
    if rotation is None:
        raise validation_error(f"Invalid resource Arn {request['RotationId']}")
    return rotation


def check_people(state: State, contact_arns: Iterable[str]) -> None:
    """Check that all contacts exist and are people.

    Our assumptions: AWS's error for an escalation plan or a schedule is an invalid value, and the
    same person can be named more than once.
    """
    for arn in contact_arns:
        contact = state.contact(arn)
        if contact.type != "PERSONAL":
            raise validation_error(f"Contact of type {contact.type} cannot be in a rotation")


def _check_name(state: State, name: str) -> None:
    if state.assumptions.duplicate_rotation_name == "rejected" and any(
        rotation.name == name for rotation in state.rotations.values()
    ):
        # The operation's model has no conflict.
        raise validation_error("A rotation with this name already exists")


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


def _listed_shifts(
    state: State,
    operation: str,
    request: Mapping[str, Any],
    calendar_at: Callable[[float], RotationCalendar],
) -> dict[str, Any]:
    """Return the shifts that overlap the requested time.

    Our assumption: without a StartTime, the time starts when the first page is requested.
    """
    position = state.paginator.position(operation, request)
    now = state.now if position is None else cast("float", position.now)
    window = {"StartTime": now, **request}
    check_window(window)
    since, until = instant(window["StartTime"]), instant(window["EndTime"])
    # The shifts of earlier pages are not calculated again, except their last one.
    begin = since if position is None else max(since, instant(position.last))
    try:
        rows = shifts(calendar_at(now), begin, until, state.assumptions)
        page, next_page = state.paginator.page(operation, request, rows, shift_start, now=now)
    except CalendarTooLongError:
        raise validation_error("EndTime is too many hand-offs after StartTime") from None
    if state.assumptions.shift_bounds == "clipped":
        # After the page was formed, because the key of a shift is its own start.
        page = [clipped_shift(shift, since, until) for shift in page]
    return {"RotationShifts": [shift_to_json(shift) for shift in page], **next_page}
