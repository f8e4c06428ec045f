"""Plain boto3 against the embedded service, configured by the environment alone."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from arns import channel_arn, contact_arn, rotation_arn
from botocore.exceptions import ClientError
from sentinels import phone_number

from ssm_contacts_sdk.local import (
    LocalService,
    connection_reset,
    internal_error,
    service_error,
    throttle,
)
from ssm_contacts_sdk.local._clock import DEFAULT_START
from ssm_contacts_sdk.local._server.http import LocalServer

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

AKUA = contact_arn("akuam")
ROTATION = rotation_arn("2e0b7c9a-0c3d-4b1f-9f57-0a4f8b9b1f52")
RECURRENCE: Mapping[str, object] = {
    "NumberOfOnCalls": 1,
    "RecurrenceMultiplier": 1,
    "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
}
WEEK = {"StartTime": DEFAULT_START, "EndTime": DEFAULT_START + timedelta(days=5)}
PAGE_SIZE = 2
"""The page size in requests."""


@pytest.fixture
def machine(server: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set the environment of the server, and remove all AWS settings."""
    for name in os.environ:
        if name.upper().startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


def new_client() -> SSMContactsClient:
    session: Any = boto3.Session()
    client: SSMContactsClient = session.client("ssm-contacts")
    return client


@pytest.fixture
def aws(machine: None) -> Iterator[SSMContactsClient]:
    client = new_client()
    yield client
    client.close()


@pytest.fixture
def resources(service: LocalService, aws: SSMContactsClient) -> dict[str, str]:
    """Create more than one page of every list, and return ARNs.

    An escalation plan has one stage with five people. One of them has five channels and has been
    engaged five times.
    """
    people = [contact_arn(f"person{number}") for number in range(5)]
    channels = [channel_arn("person0", number) for number in range(5)]
    others = [channel_arn(f"person{number}", "phone") for number in range(1, 5)]
    service.load_resources(
        contact(people[0], *map(to_channel, channels)),
        *(contact(arn, to_channel(own)) for arn, own in zip(people[1:], others, strict=True)),
        contact(AKUA, *map(to_contact, people), kind="ESCALATION"),
        *(channel(arn, number) for number, arn in enumerate([*channels, *others])),
        *(rotation(f"{ROTATION}{number}", people) for number in range(5)),
    )
    arns = {"person": people[0], "rotation": f"{ROTATION}0"}
    for _ in range(5):
        arns["engagement"] = engage(aws, AKUA)
    (arns["page"],) = (
        page["PageArn"]
        for page in aws.list_pages_by_engagement(EngagementId=arns["engagement"])["Pages"]
        if page["ContactArn"] == people[0]
    )
    for day in range(5):
        start = DEFAULT_START + timedelta(days=day)
        aws.create_rotation_override(
            RotationId=arns["rotation"],
            NewContactIds=people[:1],
            StartTime=start,
            EndTime=start + timedelta(hours=1),
        )
    return arns


def contact(arn: str, *targets: object, kind: str = "PERSONAL") -> dict[str, object]:
    plan = {"Stages": [{"DurationInMinutes": 5, "Targets": list(targets)}]}
    return {"ContactArn": arn, "Alias": arn.rpartition("/")[2], "Type": kind, "Plan": plan}


def to_channel(arn: str) -> dict[str, object]:
    return {"ChannelTargetInfo": {"ContactChannelId": arn}}


def to_contact(arn: str) -> dict[str, object]:
    return {"ContactTargetInfo": {"ContactId": arn, "IsEssential": False}}


def channel(arn: str, number: int) -> dict[str, object]:
    return {
        "ContactChannelArn": arn,
        "ContactArn": contact_arn(arn.split("/")[1]),
        "Name": f"phone {number}",
        "Type": "SMS",
        "DeliveryAddress": {"SimpleAddress": phone_number(100 + number)},
        "ActivationStatus": "ACTIVATED",
    }


def rotation(arn: str, people: list[str]) -> dict[str, object]:
    return {
        "RotationArn": arn,
        "Name": arn[-1],
        "ContactIds": people,
        "StartTime": DEFAULT_START,
        "TimeZoneId": "UTC",
        "Recurrence": RECURRENCE,
    }


def engage(aws: SSMContactsClient, arn: str) -> str:
    text: Any = {"Sender": "cli", "Subject": "disk", "Content": "The disk is full."}
    return aws.start_engagement(ContactId=arn, **text)["EngagementArn"]


# How many each paginator finds in the resources.
PAGINATED = {
    "list_contact_channels": 5,
    "list_contacts": 6,
    "list_engagements": 5,
    "list_page_receipts": 5,
    "list_page_resolutions": 2,
    "list_pages_by_contact": 5,
    "list_pages_by_engagement": 5,
    "list_preview_rotation_shifts": 5,
    "list_rotation_overrides": 5,
    # An override splits each day into two shifts.
    "list_rotation_shifts": 10,
    "list_rotations": 5,
}


def arguments_of(method: str, resources: Mapping[str, str]) -> Mapping[str, object]:
    """Return the arguments of a paginator."""
    preview = {"Members": ["a", "b"], "TimeZoneId": "UTC", "Recurrence": RECURRENCE, **WEEK}
    arguments: dict[str, Mapping[str, object]] = {
        "list_contact_channels": {"ContactId": resources["person"]},
        "list_page_receipts": {"PageId": resources["page"]},
        "list_page_resolutions": {"PageId": resources["page"]},
        "list_pages_by_contact": {"ContactId": resources["person"]},
        "list_pages_by_engagement": {"EngagementId": resources["engagement"]},
        "list_preview_rotation_shifts": preview,
        "list_rotation_overrides": {"RotationId": resources["rotation"], **WEEK},
        "list_rotation_shifts": {"RotationId": resources["rotation"], **WEEK},
    }
    return arguments.get(method, {})


def test_every_paginator_is_covered(aws: SSMContactsClient) -> None:
    assert PAGINATED.keys() == {
        method for method in aws.meta.method_to_api_mapping if aws.can_paginate(method)
    }


@pytest.mark.parametrize("method", PAGINATED)
def test_the_paginator_gets_every_page(
    method: str, aws: SSMContactsClient, resources: dict[str, str], service: LocalService
) -> None:
    client: Any = aws
    paginator = client.get_paginator(method)
    seen = len(service.requests)
    # ListPageResolutions has no page size in AWS's model.
    size = {} if method == "list_page_resolutions" else {"PageSize": PAGE_SIZE}
    pages = list(paginator.paginate(**arguments_of(method, resources), PaginationConfig=size))
    (name,) = (key.expression for key in paginator.result_keys)
    found = [each for page in pages for each in page[name]]
    assert len(found) == PAGINATED[method]
    assert all(found.count(each) == 1 for each in found)
    assert len(service.requests) - seen == -(-len(found) // PAGE_SIZE)


def test_the_service_has_no_waiters(aws: SSMContactsClient) -> None:
    assert aws.waiter_names == []


def test_a_conflict_has_its_own_exception(aws: SSMContactsClient) -> None:
    arguments: Any = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
    aws.create_contact(**arguments)
    with pytest.raises(aws.exceptions.ConflictException) as caught:
        aws.create_contact(**arguments)
    response: Any = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["ResponseMetadata"]["RequestId"]
    assert (response["ResourceId"], response["ResourceType"]) == (AKUA, "contact")


def test_not_found_has_its_own_exception(aws: SSMContactsClient) -> None:
    with pytest.raises(aws.exceptions.ResourceNotFoundException):
        aws.get_contact(ContactId=AKUA)


def test_an_invalid_request_has_its_own_exception(aws: SSMContactsClient) -> None:
    with pytest.raises(aws.exceptions.ValidationException) as caught:
        aws.create_contact(Alias="Akua Mansa", Type="PERSONAL", Plan={"Stages": []})
    response: Any = caught.value.response
    assert response["Reason"] == "FIELD_VALIDATION_FAILED"
    assert len(response["Fields"]) == 1


def test_every_error_of_the_model_is_raised_as_its_own_exception(
    service: LocalService, aws: SSMContactsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    model: Any = aws.meta.service_model
    names: list[str] = [shape.name for shape in model.error_shapes]
    assert len(names) == 8
    for nth, name in enumerate(names, start=1):
        service.faults.add(service_error(name, "no"), operation="ListContacts", nth=nth)
    # A client without retries, because it would otherwise retry through all of them.
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    client: Any = new_client()
    for name in names:
        with pytest.raises(ClientError) as caught:
            client.list_contacts()
        assert type(caught.value) is getattr(client.exceptions, name)
    client.close()


@pytest.fixture
def standard(machine: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[SSMContactsClient]:
    """A client with botocore's standard retry mode."""
    monkeypatch.setenv("AWS_RETRY_MODE", "standard")
    client = new_client()
    yield client
    client.close()


@pytest.mark.parametrize(
    "effect",
    [
        pytest.param(throttle(), id="throttled"),
        pytest.param(internal_error(commit=True), id="internal error"),
        pytest.param(connection_reset(), id="connection reset"),
    ],
)
def test_botocore_retries_with_the_same_token(
    effect: Any, service: LocalService, standard: SSMContactsClient
) -> None:
    service.faults.add(effect, operation="CreateContact")
    created = standard.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})
    assert created["ContactArn"] == AKUA
    assert created["ResponseMetadata"]["RetryAttempts"] == 1
    first, second = service.requests
    assert (first.attempt, second.attempt) == (1, 2)
    assert first.body["IdempotencyToken"] == second.body["IdempotencyToken"]


def test_botocore_gives_up_after_three_attempts(
    service: LocalService, standard: SSMContactsClient
) -> None:
    service.faults.add(throttle(retry_after_seconds=0), operation="ListContacts", times=None)
    with pytest.raises(standard.exceptions.ThrottlingException) as caught:
        standard.list_contacts()
    response: Any = caught.value.response
    assert response["RetryAfterSeconds"] == 0
    assert [request.attempt for request in service.requests] == [1, 2, 3]


def test_a_proxy_of_the_machine_is_not_used(machine: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing listens on this port.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    client = new_client()
    assert client.list_contacts()["Contacts"] == []
    client.close()
