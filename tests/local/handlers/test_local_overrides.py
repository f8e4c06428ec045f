from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from arns import contact_arn

from ssm_contacts_sdk.local._contract import contract

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

    from ssm_contacts_sdk.local import LocalService

Rejected = Callable[..., dict[str, Any]]
NOON = datetime(2025, 1, 6, 12, 0, tzinfo=timezone.utc)
NOBODY = contact_arn("nobody")
# A valid id of no override.
OTHER_ID = "00000000-0000-4000-8000-000000000000"


LONG_AGO, FAR_AHEAD = NOON - timedelta(days=400), NOON + timedelta(days=400)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def request_for(rotation: str, *contacts: str, **more: Any) -> Any:
    return {
        "RotationId": rotation,
        "NewContactIds": list(contacts),
        "StartTime": NOON,
        "EndTime": at(8),
        **more,
    }


def without_metadata(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def test_an_override_is_returned_as_written(
    service: LocalService, aws: SSMContactsClient, akua: str, rotation: str
) -> None:
    service.clock.advance(minutes=1)
    created = aws.create_rotation_override(**request_for(rotation, akua))["RotationOverrideId"]
    service.clock.advance(minutes=1)
    request = {"RotationId": rotation, "RotationOverrideId": created}
    got = without_metadata(aws.get_rotation_override(**request))
    assert got == {
        "RotationOverrideId": created,
        "RotationArn": rotation,
        "NewContactIds": [akua],
        "StartTime": NOON,
        "EndTime": at(8),
        "CreateTime": datetime(2025, 1, 6, 9, 1, tzinfo=timezone.utc),
    }
    (listed,) = aws.list_rotation_overrides(RotationId=rotation, StartTime=NOON, EndTime=at(1))[
        "RotationOverrides"
    ]
    assert listed == {name: value for name, value in got.items() if name != "RotationArn"}


def test_the_id_follows_the_model(aws: SSMContactsClient, rotation: str) -> None:
    created = aws.create_rotation_override(**request_for(rotation))["RotationOverrideId"]
    assert len(created) == 36
    response = {"RotationOverrideId": created}
    kept, found = contract().validate_response("CreateRotationOverride", response, ())
    assert (kept, found.kept) == (response, [])


def test_an_override_can_have_none_or_thirty_contacts(
    aws: SSMContactsClient, akua: str, rotation: str
) -> None:
    for people in ([], [akua] * 30):
        created = aws.create_rotation_override(**request_for(rotation, *people))
        got = aws.get_rotation_override(
            RotationId=rotation, RotationOverrideId=created["RotationOverrideId"]
        )
        assert got["NewContactIds"] == people


def test_the_limits_of_the_console_do_not_apply(
    service: LocalService, aws: SSMContactsClient, rotation: str
) -> None:
    anasi = aws.create_contact(Alias="anasi", Type="PERSONAL", Plan={})["ContactArn"]
    # One minute, in a year, by a person who is not a member; and twice.
    late = {"StartTime": at(9000), "EndTime": at(9000) + timedelta(minutes=1)}
    for _ in range(2):
        aws.create_rotation_override(**request_for(rotation, anasi, **late))
    past = {"StartTime": at(-9000), "EndTime": at(-8000)}
    aws.create_rotation_override(**request_for(rotation, anasi, **past))


@pytest.mark.parametrize("end", [NOON, at(-1)])
def test_an_override_must_end_after_it_starts(
    aws: SSMContactsClient, rotation: str, rejected: Rejected, end: datetime
) -> None:
    error = rejected(aws.create_rotation_override, **request_for(rotation, EndTime=end))
    assert error["Code"] == "ValidationException"
    assert error["Message"] == "Invalid value provided - EndTime must be after StartTime"


def test_an_override_of_less_than_a_millisecond_is_rejected(
    service: LocalService, rotation: str
) -> None:
    request = request_for(rotation, StartTime=1736154000.3014, EndTime=1736154000.30141)
    response = service.handle(
        "SSMContacts.CreateRotationOverride", {}, json.dumps(request).encode()
    )
    assert json.loads(response.body)["Message"].endswith("EndTime must be after StartTime")


def test_new_contacts_must_exist_and_be_people(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected
) -> None:
    error = rejected(aws.create_rotation_override, **request_for(rotation, akua, NOBODY))
    assert error["Code"] == "ResourceNotFoundException"
    assert (error["ResourceId"], error["ResourceType"]) == (NOBODY, "contact")
    boss = aws.create_contact(Alias="boss", Type="ESCALATION", Plan={})["ContactArn"]
    error = rejected(aws.create_rotation_override, **request_for(rotation, boss))
    assert error["Code"] == "ValidationException"
    assert "ESCALATION" in error["Message"]


def test_an_override_keeps_the_arn_of_a_deleted_contact(
    aws: SSMContactsClient, rotation: str
) -> None:
    anasi = aws.create_contact(Alias="anasi", Type="PERSONAL", Plan={})["ContactArn"]
    created = aws.create_rotation_override(**request_for(rotation, anasi))["RotationOverrideId"]
    aws.delete_contact(ContactId=anasi)
    got = aws.get_rotation_override(RotationId=rotation, RotationOverrideId=created)
    assert got["NewContactIds"] == [anasi]


def test_an_override_stays_when_its_rotation_is_updated(
    aws: SSMContactsClient, akua: str, rotation: str
) -> None:
    anasi = aws.create_contact(Alias="anasi", Type="PERSONAL", Plan={})["ContactArn"]
    created = aws.create_rotation_override(**request_for(rotation, akua))["RotationOverrideId"]
    kept = aws.get_rotation(RotationId=rotation)["Recurrence"]
    aws.update_rotation(RotationId=rotation, ContactIds=[anasi], Recurrence=kept)
    got = aws.get_rotation_override(RotationId=rotation, RotationOverrideId=created)
    assert got["NewContactIds"] == [akua]


def test_a_deleted_override_is_gone(
    aws: SSMContactsClient, rotation: str, rejected: Rejected
) -> None:
    kept, gone = (
        aws.create_rotation_override(**request_for(rotation))["RotationOverrideId"]
        for _ in range(2)
    )
    request = {"RotationId": rotation, "RotationOverrideId": gone}
    aws.delete_rotation_override(RotationId=rotation, RotationOverrideId=gone)
    for method in (aws.get_rotation_override, aws.delete_rotation_override):
        error = rejected(method, **request)
        assert error["Code"] == "ResourceNotFoundException"
        assert (error["ResourceId"], error["ResourceType"]) == (gone, "rotation-override")
    assert ids(aws, rotation) == [kept]


def test_an_override_belongs_to_its_rotation(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected
) -> None:
    recurrence = aws.get_rotation(RotationId=rotation)["Recurrence"]
    other = aws.create_rotation(
        Name="web", ContactIds=[akua], TimeZoneId="UTC", Recurrence=recurrence
    )["RotationArn"]
    created = aws.create_rotation_override(**request_for(rotation))["RotationOverrideId"]
    for rotation_id, override_id in ((other, created), (rotation, OTHER_ID)):
        request = {"RotationId": rotation_id, "RotationOverrideId": override_id}
        for method in (aws.get_rotation_override, aws.delete_rotation_override):
            assert rejected(method, **request)["Code"] == "ResourceNotFoundException"
    assert ids(aws, other) == []
    assert ids(aws, rotation) == [created]


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("create_rotation_override", {"NewContactIds": [], "StartTime": NOON, "EndTime": at(1)}),
        ("get_rotation_override", {"RotationOverrideId": OTHER_ID}),
        ("delete_rotation_override", {"RotationOverrideId": OTHER_ID}),
        ("list_rotation_overrides", {"StartTime": NOON, "EndTime": at(1)}),
    ],
)
def test_an_unknown_rotation_is_an_invalid_value(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected, method: str, more: Any
) -> None:
    for arn in (rotation + "x", rotation.replace("us-east-2", "us-west-2"), akua):
        error = rejected(getattr(aws, method), RotationId=arn, **more)
        assert error["Code"] == "ValidationException"
        assert error["Message"] == f"Invalid value provided - Invalid resource Arn {arn}"


def test_deleting_a_rotation_deletes_its_overrides(
    service: LocalService, aws: SSMContactsClient, rotation: str, rejected: Rejected
) -> None:
    got = aws.get_rotation(RotationId=rotation)
    created = aws.create_rotation_override(**request_for(rotation))["RotationOverrideId"]
    request = {"RotationId": rotation, "RotationOverrideId": created}
    aws.delete_rotation(RotationId=rotation)
    assert rejected(aws.get_rotation_override, **request)["Code"] == "ValidationException"
    service.load_resources(got)
    assert rejected(aws.get_rotation_override, **request)["Code"] == "ResourceNotFoundException"
    assert ids(aws, rotation) == []


def test_the_same_token_creates_one_override(
    aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected
) -> None:
    request = request_for(rotation, IdempotencyToken="t")
    first = aws.create_rotation_override(**request)["RotationOverrideId"]
    assert aws.create_rotation_override(**request)["RotationOverrideId"] == first
    assert ids(aws, rotation) == [first]
    error = rejected(aws.create_rotation_override, **{**request, "NewContactIds": [akua]})
    assert error["Code"] == "ValidationException"
    assert "IdempotencyToken" in error["Message"]


def ids(
    aws: SSMContactsClient,
    rotation: str,
    start: datetime = LONG_AGO,
    end: datetime = FAR_AHEAD,
) -> list[str]:
    pages = aws.get_paginator("list_rotation_overrides").paginate(
        RotationId=rotation, StartTime=start, EndTime=end, PaginationConfig={"PageSize": 2}
    )
    found = [[each["RotationOverrideId"] for each in page["RotationOverrides"]] for page in pages]
    assert all(len(page) <= 2 for page in found)
    return list(chain.from_iterable(found))


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (-2, -1, False),
        (-1, 0, False),
        (-1, 0.5, True),
        (0, 8, True),
        (1, 2, True),
        (-1, 9, True),
        (7, 9, True),
        (8, 9, False),
        (9, 10, False),
    ],
)
def test_overrides_that_overlap_the_time_are_listed(
    aws: SSMContactsClient, rotation: str, start: float, end: float, *, found: bool
) -> None:
    created = aws.create_rotation_override(**request_for(rotation))["RotationOverrideId"]
    assert ids(aws, rotation, at(start), at(end)) == ([created] if found else [])


@pytest.mark.parametrize("end", [NOON, at(-1)])
def test_a_requested_time_must_end_after_it_starts(
    aws: SSMContactsClient, rotation: str, rejected: Rejected, end: datetime
) -> None:
    request = {"RotationId": rotation, "StartTime": NOON, "EndTime": end}
    error = rejected(aws.list_rotation_overrides, **request)
    assert error["Code"] == "ValidationException"
    assert error["Message"] == "Invalid value provided - EndTime must be after StartTime"


def test_overrides_are_listed_by_start_then_by_creation(
    service: LocalService, aws: SSMContactsClient, rotation: str
) -> None:
    created: list[tuple[int, int, str]] = []
    for age, start in enumerate((3, 1, 2, 1, 3)):
        request = request_for(rotation, StartTime=at(start))
        override_id = aws.create_rotation_override(**request)["RotationOverrideId"]
        created.append((start, age, override_id))
        service.clock.advance(seconds=0.002)
    assert ids(aws, rotation) == [override_id for _, _, override_id in sorted(created)]


def test_overrides_created_at_the_same_time_are_paged(
    aws: SSMContactsClient, rotation: str
) -> None:
    created = [
        aws.create_rotation_override(**request_for(rotation))["RotationOverrideId"]
        for _ in range(5)
    ]
    assert ids(aws, rotation) == sorted(created)


def test_a_page_token_is_valid_for_its_own_query_only(
    aws: SSMContactsClient, rotation: str, rejected: Rejected
) -> None:
    for _ in range(2):
        aws.create_rotation_override(**request_for(rotation))
    request: Any = {"RotationId": rotation, "StartTime": NOON, "EndTime": at(1)}
    first: Any = aws.list_rotation_overrides(**request, MaxResults=1)
    changed = {**request, "EndTime": at(2), "NextToken": first["NextToken"]}
    assert "NextToken" in rejected(aws.list_rotation_overrides, **changed)["Message"]
