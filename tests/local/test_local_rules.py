from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
NINE: Any = {"HourOfDay": 9, "MinuteOfHour": 0}
COUNTS: Any = {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1}
DAILY: Any = {**COUNTS, "DailySettings": [NINE]}
WEEKLY: Any = {**COUNTS, "WeeklySettings": [{"DayOfWeek": "WED", "HandOffTime": NINE}]}
MONTHLY: Any = {**COUNTS, "MonthlySettings": [{"DayOfMonth": 31, "HandOffTime": NINE}]}


def request_for(contact: str, **more: Any) -> Any:
    return {
        "Name": "web",
        "ContactIds": [contact],
        "TimeZoneId": "Australia/Sydney",
        "Recurrence": DAILY,
        **more,
    }


@pytest.mark.parametrize(
    "recurrence",
    [
        COUNTS,
        {**COUNTS, "DailySettings": []},
        {**COUNTS, "WeeklySettings": []},
        {**COUNTS, "DailySettings": [], "WeeklySettings": [], "MonthlySettings": []},
        {**DAILY, **WEEKLY},
        {**DAILY, **WEEKLY, "MonthlySettings": []},
        {**DAILY, **WEEKLY, **MONTHLY},
    ],
)
def test_a_recurrence_has_one_kind_of_hand_off(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected, recurrence: Any
) -> None:
    for error in (
        rejected(aws.create_rotation, **request_for(akua, Recurrence=recurrence)),
        rejected(aws.update_rotation, RotationId=rotation, Recurrence=recurrence),
    ):
        assert error["Code"] == "ValidationException"
        assert error["Message"] == (
            "Invalid value provided - Recurrence must have hand-offs in exactly one of "
            "DailySettings, WeeklySettings, MonthlySettings"
        )
    assert aws.get_rotation(RotationId=rotation)["Recurrence"] == DAILY


EMPTY: Any = {"DailySettings": [], "WeeklySettings": [], "MonthlySettings": []}


@pytest.mark.parametrize("recurrence", [DAILY, WEEKLY, MONTHLY])
def test_empty_lists_of_hand_offs_are_removed(
    aws: SSMContactsClient, akua: str, rotation: str, recurrence: Any
) -> None:
    sent: Any = {**EMPTY, **recurrence}
    arn = aws.create_rotation(**request_for(akua, Recurrence=sent))["RotationArn"]
    assert aws.get_rotation(RotationId=arn)["Recurrence"] == recurrence
    aws.update_rotation(RotationId=rotation, Recurrence=sent)
    assert aws.get_rotation(RotationId=rotation)["Recurrence"] == recurrence
    listed = aws.list_rotations()["Rotations"]
    assert [each.get("Recurrence") for each in listed] == [recurrence, recurrence]


def test_undocumented_rules_of_a_recurrence_are_not_checked(
    aws: SSMContactsClient, akua: str
) -> None:
    odd: dict[str, Any] = {
        "NumberOfOnCalls": 31,
        "RecurrenceMultiplier": 1,
        "DailySettings": [NINE, NINE],
        "ShiftCoverages": {"MON": [], "TUE": [{"Start": NINE}, {"Start": NINE, "End": NINE}]},
    }
    arn = aws.create_rotation(**request_for(akua, Recurrence=odd))["RotationArn"]
    assert aws.get_rotation(RotationId=arn)["Recurrence"] == odd


@pytest.mark.parametrize("zone", ["Mars/Olympus", "PST", "../etc/passwd", "/etc/passwd", "utc "])
def test_a_time_zone_must_be_in_the_database(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected, zone: str
) -> None:
    request = {"RotationId": rotation, "Recurrence": DAILY, "TimeZoneId": zone}
    for error in (
        rejected(aws.create_rotation, **request_for(akua, TimeZoneId=zone)),
        rejected(aws.update_rotation, **request),
    ):
        assert error["Code"] == "ValidationException"
        assert "TimeZoneId must be the IANA name of a time zone" in error["Message"]
    assert aws.get_rotation(RotationId=rotation)["TimeZoneId"] == "Europe/Berlin"
