"""Shifts: who is on call in a rotation, or would be in one that is nowhere yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, cast

from ssm_contacts_sdk._errors import CalendarTooLongError
from ssm_contacts_sdk._models.rotations import Shift, ShiftType
from ssm_contacts_sdk._models.rules import unchecked
from ssm_contacts_sdk._oncall.schedule.shifts import Calendar, shifts
from ssm_contacts_sdk.local._calendars import calendar_of
from ssm_contacts_sdk.local._handlers.rotations import addressed
from ssm_contacts_sdk.local._recurrence_rules import check_time_zone, checked_recurrence
from ssm_contacts_sdk.local._responses import check_window, validation_error
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import instant, override_of, recurrence_of, seconds

# The last turn of a calendar ends where dates end, which rounds to a year that is none.
_LAST = datetime(9998, 12, 31, 23, 59, 59, 999_000, tzinfo=timezone.utc)


def list_of_rotation(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListRotationShifts."""
    calendar = calendar_of(state, addressed(state, asked))
    return _listed(state, "ListRotationShifts", asked, lambda _: calendar)


def list_of_preview(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListPreviewRotationShifts: the members are any texts, and are not looked up.

    Our assumptions: the rotation starts now if nothing else is said; an override that is without
    one of its times is none, and of two that overlap the one that is named later counts.
    """
    recurrence = checked_recurrence(asked["Recurrence"])
    check_time_zone(asked["TimeZoneId"])

    def calendar(now: float) -> Calendar:
        return Calendar(
            members=tuple(asked["Members"]),
            start_time=instant(asked.get("RotationStartTime", now)),
            time_zone_id=asked["TimeZoneId"],
            recurrence=recurrence_of(recurrence),
            overrides=tuple(
                override_of(each.get("NewMembers", ()), each["StartTime"], each["EndTime"])
                for each in asked.get("Overrides", ())
                if {"StartTime", "EndTime"} <= each.keys()
            ),
        )

    return _listed(state, "ListPreviewRotationShifts", asked, calendar)


def _listed(
    state: State,
    operation: str,
    asked: Mapping[str, Any],
    calendar_at: Callable[[float], Calendar],
) -> dict[str, Any]:
    """The shifts of which a part lies in the time that is asked for.

    Our assumption: without a StartTime the time begins now, which is the time of the first page.
    """
    mark = state.pages.mark(operation, asked)
    now = state.now if mark is None else cast("float", mark.now)
    window = {"StartTime": now, **asked}
    check_window(window)
    since, until = instant(window["StartTime"]), instant(window["EndTime"])
    # What earlier pages have told is not calculated again, but for their last shift.
    begun = since if mark is None else max(since, instant(mark.last))
    try:
        rows = shifts(calendar_at(now), begun, until, state.assumptions)
        page, onward = state.pages.cut(operation, asked, rows, _start, now=now)
    except CalendarTooLongError:
        raise validation_error("EndTime is too many hand-offs after StartTime") from None
    if state.assumptions.shift_bounds == "clipped":
        # Not before: the key of a shift is its own start.
        page = [_clipped(shift, since, until) for shift in page]
    return {"RotationShifts": [_described(shift) for shift in page], **onward}


def _clipped(shift: Shift, since: datetime, until: datetime) -> Shift:
    return unchecked(
        Shift,
        shift.contact_ids,
        max(shift.start_time, since),
        min(shift.end_time, until),
        shift.type,
        shift.overridden_contact_ids,
    )


def _start(shift: Shift) -> float:
    return seconds(shift.start_time)


def _described(shift: Shift) -> dict[str, Any]:
    described: dict[str, Any] = {
        "ContactIds": list(shift.contact_ids),
        "StartTime": seconds(shift.start_time),
        "EndTime": seconds(min(shift.end_time, _LAST)),
        "Type": str(shift.type),
    }
    if shift.type == ShiftType.OVERRIDDEN:
        described["ShiftDetails"] = {
            "OverriddenContactIds": list(shift.overridden_contact_ids or ())
        }
    return described
