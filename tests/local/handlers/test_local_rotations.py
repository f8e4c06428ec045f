from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from arns import PREFIX, contact_arn, rotation_arn

from ssm_contacts_sdk.local import LocalService, Quotas

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
START = datetime(2025, 1, 7, 9, 0, tzinfo=timezone.utc)
NINE: Any = {"HourOfDay": 9, "MinuteOfHour": 0}
START_OF_2026 = datetime(2026, 1, 1, tzinfo=timezone.utc)
DAILY: Any = {
    "NumberOfOnCalls": 1,
    "RecurrenceMultiplier": 1,
    "DailySettings": [NINE],
}
WEEKLY: Any = {
    "NumberOfOnCalls": 2,
    "RecurrenceMultiplier": 3,
    "WeeklySettings": [
        {"DayOfWeek": "WED", "HandOffTime": {"HourOfDay": 4, "MinuteOfHour": 25}},
        {"DayOfWeek": "FRI", "HandOffTime": {"HourOfDay": 15, "MinuteOfHour": 57}},
    ],
    "ShiftCoverages": {
        "MON": [
            {
                "Start": {"HourOfDay": 1, "MinuteOfHour": 0},
                "End": {"HourOfDay": 23, "MinuteOfHour": 0},
            }
        ]
    },
}
MONTHLY: Any = {
    "NumberOfOnCalls": 1,
    "RecurrenceMultiplier": 100,
    "MonthlySettings": [
        {"DayOfMonth": 20, "HandOffTime": NINE},
        {"DayOfMonth": 13, "HandOffTime": {"HourOfDay": 12, "MinuteOfHour": 34}},
    ],
}


def request_for(*contacts: str, **more: Any) -> Any:
    return {
        "Name": "web",
        "ContactIds": list(contacts),
        "TimeZoneId": "Australia/Sydney",
        "Recurrence": DAILY,
        **more,
    }


def without_metadata(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


@pytest.fixture
def people(aws: SSMContactsClient, akua: str) -> list[str]:
    """Akua and two others."""
    others = [
        aws.create_contact(Alias=alias, Type="PERSONAL", Plan={})["ContactArn"]
        for alias in ("alejr", "anasi")
    ]
    return [akua, *others]


@pytest.mark.parametrize("recurrence", [DAILY, WEEKLY, MONTHLY])
def test_a_rotation_is_returned_as_written(
    aws: SSMContactsClient, people: list[str], recurrence: dict[str, Any]
) -> None:
    request = request_for(*people, StartTime=START, Recurrence=recurrence)
    arn = aws.create_rotation(**request)["RotationArn"]
    assert arn.startswith(f"{PREFIX}rotation/")
    assert len(arn.rpartition("/")[2]) == 36
    got = aws.get_rotation(RotationId=arn)
    assert without_metadata(got) == {"RotationArn": arn, **request}
    assert aws.list_rotations()["Rotations"] == [without_metadata(got)]


def test_a_rotation_without_a_start_time_starts_now(
    service: LocalService, aws: SSMContactsClient, akua: str
) -> None:
    service.clock.advance(seconds=0.3014)
    arn = aws.create_rotation(**request_for(akua))["RotationArn"]
    body = json.dumps({"RotationId": arn, "EndTime": 1736240000}).encode()
    response = json.loads(service.handle("SSMContacts.ListRotationShifts", {}, body).body)
    assert response["RotationShifts"][0]["StartTime"] == 1736154000.301
    # Later, it is still the time of creation.
    service.clock.advance(hours=1)
    (first, *_) = aws.list_rotation_shifts(
        RotationId=arn, EndTime=service.clock.now() + timedelta(hours=1)
    )["RotationShifts"]
    assert first["StartTime"] == datetime(2025, 1, 6, 9, 0, 0, 301_000, tzinfo=timezone.utc)


def test_an_unset_start_time_is_not_returned(aws: SSMContactsClient, akua: str) -> None:
    arn = aws.create_rotation(**request_for(akua))["RotationArn"]
    assert "StartTime" not in aws.get_rotation(RotationId=arn)
    (listed,) = aws.list_rotations()["Rotations"]
    assert "StartTime" not in listed
    # It stays unset when other members change.
    request: Any = {"RotationId": arn, "Recurrence": DAILY}
    aws.update_rotation(**request, TimeZoneId="UTC")
    assert "StartTime" not in aws.get_rotation(RotationId=arn)
    start = datetime(2025, 1, 7, tzinfo=timezone.utc)
    aws.update_rotation(**request, StartTime=start)
    assert aws.get_rotation(RotationId=arn)["StartTime"] == start
    aws.update_rotation(**request)
    assert aws.get_rotation(RotationId=arn)["StartTime"] == start


def test_times_are_stored_in_milliseconds(
    service: LocalService, aws: SSMContactsClient, akua: str
) -> None:
    body = json.dumps(request_for(akua, StartTime=1736154000.30149)).encode()
    created = json.loads(service.handle("SSMContacts.CreateRotation", {}, body).body)
    start = aws.get_rotation(RotationId=created["RotationArn"])["StartTime"]
    assert start == datetime(2025, 1, 6, 9, 0, 0, 301_000, tzinfo=timezone.utc)


def test_a_rotation_can_start_long_ago(aws: SSMContactsClient, akua: str) -> None:
    past = datetime(1969, 7, 20, 20, 17, tzinfo=timezone.utc)
    arn = aws.create_rotation(**request_for(akua, StartTime=past))["RotationArn"]
    assert aws.get_rotation(RotationId=arn)["StartTime"] == past


def test_names_and_people_can_repeat(aws: SSMContactsClient, akua: str) -> None:
    request = request_for(akua, akua)
    created = {aws.create_rotation(**request)["RotationArn"] for _ in range(2)}
    assert len(created) == 2
    for arn in created:
        assert aws.get_rotation(RotationId=arn)["ContactIds"] == [akua, akua]


def test_thirty_people_are_returned_by_every_operation(aws: SSMContactsClient, akua: str) -> None:
    arn = aws.create_rotation(**request_for(*[akua] * 30))["RotationArn"]
    assert len(aws.get_rotation(RotationId=arn)["ContactIds"]) == 30
    (listed,) = aws.list_rotations()["Rotations"]
    assert listed.get("ContactIds") == [akua] * 30


@pytest.mark.parametrize(
    "stranger",
    [
        contact_arn("nobody"),
        rotation_arn("1"),
        "arn:aws:ssm-contacts:us-east-1:111122223333:contact/akuam",
    ],
)
def test_an_unknown_member_is_not_found(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected, stranger: str
) -> None:
    for error in (
        rejected(aws.create_rotation, **request_for(akua, stranger)),
        rejected(
            aws.update_rotation, RotationId=rotation, Recurrence=DAILY, ContactIds=[akua, stranger]
        ),
    ):
        assert error["Code"] == "ResourceNotFoundException"
        assert (error["ResourceId"], error["ResourceType"]) == (stranger, "contact")
    assert len(aws.list_rotations()["Rotations"]) == 1
    assert aws.get_rotation(RotationId=rotation)["ContactIds"] == [akua]


@pytest.mark.parametrize("kind", ["ESCALATION", "ONCALL_SCHEDULE"])
def test_members_must_be_people(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected, kind: Any
) -> None:
    other = aws.create_contact(Alias="other", Type=kind, Plan={})["ContactArn"]
    request = {"RotationId": rotation, "Recurrence": DAILY, "ContactIds": [other]}
    for error in (
        rejected(aws.create_rotation, **request_for(akua, other)),
        rejected(aws.update_rotation, **request),
    ):
        assert error["Code"] == "ValidationException"
        assert error["Message"] == (
            f"Invalid value provided - Contact of type {kind} cannot be in a rotation"
        )


def test_rotations_beyond_the_quota_are_rejected(rejected: Rejected) -> None:
    aws = LocalService(quotas=Quotas(rotations=1)).boto3_client()
    akua = aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    aws.create_rotation(**request_for(akua))
    error = rejected(aws.create_rotation, **request_for(akua))
    assert error["Code"] == "ServiceQuotaExceededException"
    assert (error["QuotaCode"], error["ServiceCode"]) == ("L-4EA3AB3A", "ssm-contacts")


def test_the_default_quotas_are_those_that_aws_publishes() -> None:
    assert Quotas().rotations == 500
    assert Quotas.none().rotations is None


def test_the_same_token_creates_one_rotation(
    aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    request = request_for(akua, StartTime=START, IdempotencyToken="t")
    first = aws.create_rotation(**request)["RotationArn"]
    assert aws.create_rotation(**request)["RotationArn"] == first
    assert len(aws.list_rotations()["Rotations"]) == 1
    # Not a conflict: AWS's model has none for this operation.
    error = rejected(aws.create_rotation, **{**request, "Name": "db"})
    assert error["Code"] == "ValidationException"
    assert error["Message"] == (
        "Invalid value provided - IdempotencyToken was used before for another request"
    )


def test_an_update_changes_only_the_given_members(
    aws: SSMContactsClient, people: list[str], rotation: str
) -> None:
    before = without_metadata(aws.get_rotation(RotationId=rotation))
    assert without_metadata(aws.update_rotation(RotationId=rotation, Recurrence=WEEKLY)) == {}
    after = without_metadata(aws.get_rotation(RotationId=rotation))
    assert after == {**before, "Recurrence": WEEKLY}
    changes: dict[str, Any] = {
        "ContactIds": people[::-1],
        "StartTime": START,
        "TimeZoneId": "UTC",
        "Recurrence": MONTHLY,
    }
    aws.update_rotation(RotationId=rotation, **changes)
    assert without_metadata(aws.get_rotation(RotationId=rotation)) == {**before, **changes}


@pytest.mark.parametrize(
    ("method", "more"),
    [("get_rotation", {}), ("update_rotation", {"Recurrence": DAILY}), ("delete_rotation", {})],
)
def test_an_unknown_rotation_is_not_found(
    aws: SSMContactsClient, rotation: str, rejected: Rejected, method: str, more: dict[str, Any]
) -> None:
    elsewhere = rotation.replace("us-east-2", "us-west-2")
    error = rejected(getattr(aws, method), RotationId=elsewhere, **more)
    assert error["Code"] == "ResourceNotFoundException"
    assert (error["ResourceId"], error["ResourceType"]) == (elsewhere, "rotation")


def test_a_deleted_rotation_is_removed_from_schedules(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected
) -> None:
    other = aws.create_rotation(**request_for(akua))["RotationArn"]
    plans: list[Any] = [
        {"RotationIds": [rotation, other, rotation]},
        {"RotationIds": [rotation]},
        {"RotationIds": [other]},
        {},
    ]
    schedules = [
        aws.create_contact(Alias=f"s{n}", Type="ONCALL_SCHEDULE", Plan=plan)["ContactArn"]
        for n, plan in enumerate(plans)
    ]
    assert without_metadata(aws.delete_rotation(RotationId=rotation)) == {}
    assert rejected(aws.get_rotation, RotationId=rotation)["Code"] == "ResourceNotFoundException"
    left = [aws.get_contact(ContactId=arn)["Plan"] for arn in schedules]
    assert left == [{"RotationIds": [other]}, {"RotationIds": []}, {"RotationIds": [other]}, {}]


def test_a_rotation_in_a_schedule_can_be_changed(aws: SSMContactsClient, rotation: str) -> None:
    plan: Any = {"RotationIds": [rotation]}
    schedule = aws.create_contact(Alias="oncall", Type="ONCALL_SCHEDULE", Plan=plan)
    aws.update_rotation(RotationId=rotation, Recurrence=WEEKLY)
    assert aws.get_contact(ContactId=schedule["ContactArn"])["Plan"] == plan


def test_a_member_of_a_rotation_cannot_be_deleted(
    aws: SSMContactsClient, people: list[str], rotation: str, rejected: Rejected
) -> None:
    akua, alejr, _ = people
    other = aws.create_rotation(**request_for(alejr, akua))["RotationArn"]
    error = rejected(aws.delete_contact, ContactId=akua)
    assert error["Code"] == "ConflictException"
    assert (error["ResourceId"], error["ResourceType"]) == (akua, "contact")
    assert error["DependentEntities"] == [
        {"RelationType": "rotation", "DependentResourceIds": [rotation, other]}
    ]
    aws.delete_rotation(RotationId=rotation)
    aws.update_rotation(RotationId=other, Recurrence=DAILY, ContactIds=[alejr])
    aws.delete_contact(ContactId=akua)
    assert rejected(aws.delete_contact, ContactId=alejr)["Code"] == "ConflictException"


@pytest.fixture
def crowd(aws: SSMContactsClient, akua: str) -> list[str]:
    """Create five rotations in no order, two with the same name; return ARNs in listed order."""
    created = [
        (name, aws.create_rotation(**request_for(akua, Name=name))["RotationArn"])
        for name in ("web 2", "db", "web 1", "db", "Web")
    ]
    return [arn for _, arn in sorted(created)]


def arns(response: Any) -> list[str]:
    return [each["RotationArn"] for each in response["Rotations"]]


def test_rotations_are_listed_by_name(aws: SSMContactsClient, crowd: list[str]) -> None:
    listed: Any = aws.list_rotations()
    assert [each["Name"] for each in listed["Rotations"]] == ["Web", "db", "db", "web 1", "web 2"]
    assert arns(listed) == crowd
    assert "NextToken" not in listed
    assert arns(aws.list_rotations(RotationNamePrefix="web")) == crowd[3:]
    assert arns(aws.list_rotations(RotationNamePrefix="x")) == []
    # "db" contains it, but does not begin with it.
    assert arns(aws.list_rotations(RotationNamePrefix="b")) == []


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
def test_pages_of_any_size_are_the_whole_list(
    aws: SSMContactsClient, crowd: list[str], size: int
) -> None:
    pages = aws.get_paginator("list_rotations").paginate(PaginationConfig={"PageSize": size})
    found = [arns(page) for page in pages]
    assert list(chain.from_iterable(found)) == crowd
    assert len(found) == -(-5 // size)


def test_rotations_created_at_different_times(
    service: LocalService, aws: SSMContactsClient, akua: str
) -> None:
    starts: list[datetime] = []
    for _ in range(2):
        arn = aws.create_rotation(**request_for(akua))["RotationArn"]
        shifts = aws.list_rotation_shifts(RotationId=arn, EndTime=START_OF_2026)["RotationShifts"]
        starts.append(shifts[0]["StartTime"])
        service.clock.advance(hours=1)
    assert starts[1] - starts[0] == timedelta(hours=1)
