"""The service's records as the values with which `_oncall` calculates.

The values are created without validation: the service has already checked its records by AWS's
model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta, timezone
from typing import Any

from attrs import frozen

from ssm_contacts_sdk._dates import LAST_YEAR
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan, Stage, Target
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.recurrence_parts import (
    CoverageTime,
    DayOfWeek,
    MonthlySetting,
    ShiftCoverage,
    WeeklySetting,
)
from ssm_contacts_sdk._models.rotations import PreviewOverride, Shift, ShiftType
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar
from ssm_contacts_sdk._schema.values import trusted_constructor
from ssm_contacts_sdk.local._records import Contact, Override, Rotation

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)
# The last shift of a calendar ends where Python's dates end. Rounded to milliseconds, that instant
# would be in the year 10000, which a client cannot read.
_LAST_END = datetime(LAST_YEAR, 12, 31, 23, 59, 59, 999_000, tzinfo=timezone.utc)

Json = Mapping[str, Any]
"""A structure of AWS's model, as JSON contains it."""


@frozen
class PlannedContact:
    """A contact, as far as engagements need it."""

    type: ContactType
    plan: Plan


def plan_from_json(json: Json) -> Plan:
    """Return the plan that a JSON object describes.

    >>> plan_from_json({"RotationIds": ["r"]}), plan_from_json({}).stages
    (Plan(stages=(), rotation_ids=('r',)), ())
    """
    stages = tuple(_stage(each) for each in json.get("Stages", ()))
    rotation_arns = json.get("RotationIds")
    return trusted_constructor(Plan)(
        stages=stages, rotation_ids=None if rotation_arns is None else tuple(rotation_arns)
    )


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as a JSON object.

    >>> plan_to_json(plan_from_json({"Stages": [{"DurationInMinutes": 5, "Targets": []}]}))
    {'Stages': [{'DurationInMinutes': 5, 'Targets': []}]}
    """
    json: dict[str, Any] = {
        "Stages": [
            {
                "DurationInMinutes": stage.duration_in_minutes,
                "Targets": [target_to_json(target) for target in stage.targets],
            }
            for stage in plan.stages
        ]
    }
    if plan.rotation_ids is not None:
        # A response of AWS can have both.
        json["RotationIds"] = list(plan.rotation_ids)
    return json


def target_from_json(json: Json) -> Target:
    """Return the target that a JSON object describes.

    An object of neither kind becomes a channel target without an ARN, which is skipped as deleted.
    """
    contact = json.get("ContactTargetInfo")
    if contact is not None:
        return trusted_constructor(ContactTarget)(
            contact_id=contact.get("ContactId", ""), is_essential=contact["IsEssential"]
        )
    channel = json.get("ChannelTargetInfo", {})
    return trusted_constructor(ChannelTarget)(
        contact_channel_id=channel.get("ContactChannelId", ""),
        retry_interval_in_minutes=channel.get("RetryIntervalInMinutes"),
    )


def target_to_json(target: Target) -> dict[str, Any]:
    """Return a target as a JSON object."""
    if isinstance(target, ContactTarget):
        contact = {"ContactId": target.contact_id, "IsEssential": target.is_essential}
        return {"ContactTargetInfo": contact}
    channel: dict[str, Any] = {"ContactChannelId": target.contact_channel_id}
    if target.retry_interval_in_minutes is not None:
        channel["RetryIntervalInMinutes"] = target.retry_interval_in_minutes
    return {"ChannelTargetInfo": channel}


def recurrence_from_json(json: Json) -> Recurrence:
    """Return the recurrence that a JSON object with exactly one kind of hand-off describes."""
    daily, weekly, monthly = (
        json.get(name) for name in ("DailySettings", "WeeklySettings", "MonthlySettings")
    )
    coverages = json.get("ShiftCoverages")
    return trusted_constructor(Recurrence)(
        daily_settings=None if daily is None else tuple(map(_time_of_day, daily)),
        weekly_settings=None if weekly is None else tuple(map(_weekly, weekly)),
        monthly_settings=None if monthly is None else tuple(map(_monthly, monthly)),
        number_of_on_calls=json["NumberOfOnCalls"],
        recurrence_multiplier=json["RecurrenceMultiplier"],
        shift_coverages=None
        if coverages is None
        else tuple(_coverage(*each) for each in coverages.items()),
    )


def preview_override(members: Sequence[str], start: float, end: float) -> PreviewOverride:
    """Return the override of a rotation or of a preview."""
    return trusted_constructor(PreviewOverride)(
        new_members=tuple(members), start_time=instant(start), end_time=instant(end)
    )


def calendar_of(rotation: Rotation, overrides: Iterable[Override]) -> RotationCalendar:
    """Return the calendar of a rotation with its overrides."""
    return RotationCalendar(
        members=tuple(rotation.contact_ids),
        start_time=instant(rotation.start),
        time_zone_id=rotation.time_zone_id,
        recurrence=recurrence_from_json(rotation.recurrence),
        overrides=tuple(
            preview_override(each.contact_ids, each.start, each.end) for each in overrides
        ),
    )


def planned_contact(contact: Contact) -> PlannedContact:
    """Return the type and the plan of a contact."""
    return PlannedContact(ContactType(contact.type), plan_from_json(contact.plan))


def shift_start(shift: Shift) -> float:
    """Return the start of a shift in epoch seconds."""
    return seconds(shift.start_time)


def clipped_shift(shift: Shift, since: datetime, until: datetime) -> Shift:
    """Return the part of a shift that lies between `since` and `until`."""
    return trusted_constructor(Shift)(
        contact_ids=shift.contact_ids,
        start_time=max(shift.start_time, since),
        end_time=min(shift.end_time, until),
        type=shift.type,
        overridden_contact_ids=shift.overridden_contact_ids,
    )


def shift_to_json(shift: Shift) -> dict[str, Any]:
    """Return a shift as a JSON object."""
    json: dict[str, Any] = {
        "ContactIds": list(shift.contact_ids),
        "StartTime": seconds(shift.start_time),
        "EndTime": seconds(min(shift.end_time, _LAST_END)),
        "Type": str(shift.type),
    }
    if shift.type == ShiftType.OVERRIDDEN:
        json["ShiftDetails"] = {"OverriddenContactIds": list(shift.overridden_contact_ids or ())}
    return json


def instant(seconds: float) -> datetime:
    """Return the UTC datetime of epoch seconds."""
    # In whole milliseconds: for distant times, a float is less precise than a microsecond.
    return _EPOCH + round(seconds * 1000) * _MILLISECOND


def seconds(at: datetime) -> float:
    """Return the epoch seconds of a datetime, rounded down to milliseconds."""
    return (at - _EPOCH) // _MILLISECOND / 1000


def _stage(json: Json) -> Stage:
    targets = tuple(target_from_json(each) for each in json["Targets"])
    return trusted_constructor(Stage)(
        duration_in_minutes=json["DurationInMinutes"], targets=targets
    )


def _time_of_day(json: Json) -> time:
    return time(json["HourOfDay"], json["MinuteOfHour"])


def _weekly(json: Json) -> WeeklySetting:
    return trusted_constructor(WeeklySetting)(
        day_of_week=DayOfWeek(json["DayOfWeek"]), hand_off_time=_time_of_day(json["HandOffTime"])
    )


def _monthly(json: Json) -> MonthlySetting:
    return trusted_constructor(MonthlySetting)(
        day_of_month=json["DayOfMonth"], hand_off_time=_time_of_day(json["HandOffTime"])
    )


def _coverage(day: str, times: Iterable[Json]) -> ShiftCoverage:
    return trusted_constructor(ShiftCoverage)(
        day_of_week=DayOfWeek(day), coverage_times=tuple(map(_coverage_time, times))
    )


def _coverage_time(json: Json) -> CoverageTime:
    start, end = (json.get(name) for name in ("Start", "End"))
    return trusted_constructor(CoverageTime)(
        start=None if start is None else _time_of_day(start),
        end=None if end is None else _time_of_day(end),
    )
