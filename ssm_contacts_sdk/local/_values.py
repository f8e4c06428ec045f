"""What is kept in the service's own words, as the values that `oncall` calculates with.

They are made past the checks of `model`: the service has judged what it keeps by AWS's model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta, timezone
from typing import Any

from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan, Stage, Target
from ssm_contacts_sdk._models.recurrence import (
    CoverageTime,
    DayOfWeek,
    MonthlySetting,
    Recurrence,
    ShiftCoverage,
    WeeklySetting,
)
from ssm_contacts_sdk._models.rotations import PreviewOverride
from ssm_contacts_sdk._models.rules import unchecked

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MILLISECOND = timedelta(milliseconds=1)

Words = Mapping[str, Any]
"""A structure of AWS's model, as JSON has it."""


def plan_of(words: Words) -> Plan:
    """A plan.

    >>> plan_of({"RotationIds": ["r"]}), plan_of({}).stages
    (Plan(stages=(), rotation_ids=('r',)), ())
    """
    stages = tuple(_stage(each) for each in words.get("Stages", ()))
    rotation_arns = words.get("RotationIds")
    return unchecked(Plan, stages, None if rotation_arns is None else tuple(rotation_arns))


def plan_words(plan: Plan) -> dict[str, Any]:
    """The other way round.

    >>> plan_words(plan_of({"Stages": [{"DurationInMinutes": 5, "Targets": []}]}))
    {'Stages': [{'DurationInMinutes': 5, 'Targets': []}]}
    """
    words: dict[str, Any] = {
        "Stages": [
            {
                "DurationInMinutes": stage.duration_in_minutes,
                "Targets": [target_words(target) for target in stage.targets],
            }
            for stage in plan.stages
        ]
    }
    if plan.rotation_ids is not None:
        # What AWS has answered may have both.
        words["RotationIds"] = list(plan.rotation_ids)
    return words


def target_of(words: Words) -> Target:
    """A target; one that is neither of the two is a channel that is not there."""
    contact = words.get("ContactTargetInfo")
    if contact is not None:
        return unchecked(ContactTarget, contact.get("ContactId", ""), contact["IsEssential"])
    channel = words.get("ChannelTargetInfo", {})
    return unchecked(
        ChannelTarget,
        channel.get("ContactChannelId", ""),
        channel.get("RetryIntervalInMinutes"),
    )


def target_words(target: Target) -> dict[str, Any]:
    """The other way round."""
    if isinstance(target, ContactTarget):
        contact = {"ContactId": target.contact_id, "IsEssential": target.is_essential}
        return {"ContactTargetInfo": contact}
    channel: dict[str, Any] = {"ContactChannelId": target.contact_channel_id}
    if target.retry_interval_in_minutes is not None:
        channel["RetryIntervalInMinutes"] = target.retry_interval_in_minutes
    return {"ChannelTargetInfo": channel}


def recurrence_of(words: Words) -> Recurrence:
    """A recurrence, of which exactly one kind of hand-off is used."""
    daily, weekly, monthly = (
        words.get(name) for name in ("DailySettings", "WeeklySettings", "MonthlySettings")
    )
    coverages = words.get("ShiftCoverages")
    return unchecked(
        Recurrence,
        None if daily is None else tuple(map(_time_of_day, daily)),
        None if weekly is None else tuple(map(_weekly, weekly)),
        None if monthly is None else tuple(map(_monthly, monthly)),
        words["NumberOfOnCalls"],
        words["RecurrenceMultiplier"],
        None if coverages is None else tuple(_coverage(*each) for each in coverages.items()),
    )


def override_of(members: Sequence[str], start: float, end: float) -> PreviewOverride:
    """An override, of a rotation or of a preview."""
    return unchecked(PreviewOverride, tuple(members), instant(start), instant(end))


def instant(seconds: float) -> datetime:
    """The instant of epoch seconds."""
    # By whole milliseconds: a float of a distant time is coarser than a microsecond.
    return _EPOCH + round(seconds * 1000) * _MILLISECOND


def seconds(at: datetime) -> float:
    """The epoch seconds of an instant, to the millisecond that it has reached."""
    return (at - _EPOCH) // _MILLISECOND / 1000


def _stage(words: Words) -> Stage:
    targets = tuple(target_of(each) for each in words["Targets"])
    return unchecked(Stage, words["DurationInMinutes"], targets)


def _time_of_day(words: Words) -> time:
    return time(words["HourOfDay"], words["MinuteOfHour"])


def _weekly(words: Words) -> WeeklySetting:
    return unchecked(
        WeeklySetting, DayOfWeek(words["DayOfWeek"]), _time_of_day(words["HandOffTime"])
    )


def _monthly(words: Words) -> MonthlySetting:
    return unchecked(MonthlySetting, words["DayOfMonth"], _time_of_day(words["HandOffTime"]))


def _coverage(day: str, times: Iterable[Words]) -> ShiftCoverage:
    return unchecked(ShiftCoverage, DayOfWeek(day), tuple(map(_hours, times)))


def _hours(words: Words) -> CoverageTime:
    ends = (words.get(name) for name in ("Start", "End"))
    return unchecked(CoverageTime, *(None if end is None else _time_of_day(end) for end in ends))
