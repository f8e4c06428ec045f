"""The AWS SDK for JavaScript, version 3, against the embedded service."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from arns import contact_arn, rotation_arn
from clients.programs import Program
from sentinels import phone_number

from ssm_contacts_sdk.local import LocalService, connection_reset, internal_error, throttle
from ssm_contacts_sdk.local._clock import DEFAULT_START
from ssm_contacts_sdk.local._server.http import LocalServer

AKUA = contact_arn("akuam")
ROTATION = rotation_arn("2e0b7c9a-0c3d-4b1f-9f57-0a4f8b9b1f52")


class Script:
    """The behaviours of ``behaviours.mjs``, and their output."""

    def __init__(self, node: Program, server: LocalServer) -> None:
        self._node = node
        self._server = server

    def lines(self, behaviour: str, *arguments: str) -> list[Any]:
        return self._node.run(self._server, behaviour, *arguments).lines

    def output(self, behaviour: str, *arguments: str) -> Any:
        (output,) = self.lines(behaviour, *arguments)
        return output


@pytest.fixture
def script(node: Program, server: LocalServer) -> Script:
    return Script(node, server)


@pytest.fixture
def akua(service: LocalService) -> str:
    service.load_resources(person("akuam"))
    return AKUA


def person(alias: str) -> dict[str, object]:
    return {
        "ContactArn": contact_arn(alias),
        "Alias": alias,
        "Type": "PERSONAL",
        "Plan": {"Stages": [{"DurationInMinutes": 5, "Targets": []}]},
    }


def statuses(service: LocalService) -> list[tuple[str, int]]:
    return [(request.operation, request.status) for request in service.requests]


def test_the_paginator_gets_every_page(service: LocalService, script: Script) -> None:
    service.load_resources(*(person(f"person{number}") for number in range(5)))
    assert script.lines("pages", "2") == [
        ["person0", "person1"],
        ["person2", "person3"],
        ["person4"],
    ]


def test_text_of_every_script_is_returned(script: Script) -> None:
    name = "Ákua 曼萨 Аня 𐌰"
    assert script.output("create", "akuam", name) == {
        "ContactArn": AKUA,
        "DisplayName": name,
        "attempts": 1,
    }


def test_a_conflict_is_a_conflict_exception_with_its_members(script: Script, akua: str) -> None:
    assert script.output("conflict", "akuam") == {
        "is": ["ConflictException", "SSMContactsServiceException"],
        "name": "ConflictException",
        "message": "A contact with this alias already exists.",
        "fault": "client",
        "status": 400,
        "hasRequestId": True,
        "attempts": 1,
        "members": {"ResourceId": akua, "ResourceType": "contact"},
    }


def test_not_found_is_a_resource_not_found_exception(script: Script) -> None:
    output = script.output("get", AKUA)
    assert output["is"] == ["ResourceNotFoundException", "SSMContactsServiceException"]
    assert output["members"] == {"ResourceId": AKUA, "ResourceType": "contact"}


def test_an_invalid_request_is_a_validation_exception_with_its_fields(script: Script) -> None:
    output = script.output("conflict", "Akua Mansa")
    assert output["is"] == ["SSMContactsServiceException", "ValidationException"]
    assert output["message"].startswith(
        "1 validation error detected: Value 'Akua Mansa' at 'alias'"
    )
    assert output["members"]["Reason"] == "FIELD_VALIDATION_FAILED"
    (field,) = output["members"]["Fields"]
    assert field.keys() == {"Name", "Message"}


def test_a_throttled_request_is_retried(service: LocalService, script: Script, akua: str) -> None:
    service.faults.add(throttle(), operation="GetContact")
    assert script.output("getWithRetries", akua) == {"Alias": "akuam", "attempts": 2}
    assert statuses(service) == [("GetContact", 400), ("GetContact", 200)]
    assert [request.attempt for request in service.requests] == [1, 2]


def test_retries_end_with_a_throttling_exception_and_its_members(
    service: LocalService, script: Script, akua: str
) -> None:
    service.faults.add(throttle(retry_after_seconds=3), operation="GetContact", times=None)
    output = script.output("get", akua)
    assert output["is"] == ["SSMContactsServiceException", "ThrottlingException"]
    assert output["attempts"] == len(service.requests) == 3
    assert output["members"]["RetryAfterSeconds"] == 3
    assert output["members"].keys() == {"QuotaCode", "ServiceCode", "RetryAfterSeconds"}


@pytest.mark.parametrize(
    "effect",
    [
        pytest.param(internal_error(commit=True), id="a failure"),
        pytest.param(connection_reset(), id="a connection that breaks off"),
    ],
)
def test_a_create_is_retried_with_the_same_token(
    effect: Any, service: LocalService, script: Script
) -> None:
    service.faults.add(effect, operation="CreateContact")
    output = script.output("create", "akuam", "Akua")
    assert (output["ContactArn"], output["attempts"]) == (AKUA, 2)
    # Without the same token, it would be a conflict.
    first, second, _ = service.requests
    assert first.body == second.body
    assert first.body["IdempotencyToken"]


def test_a_person_is_paged_and_acknowledges(service: LocalService, script: Script) -> None:
    created = script.output("addChannel", "akuam", phone_number(100))
    contact, channel = created["ContactArn"], created["ContactChannelArn"]
    script.output("engage", contact, channel, service.code_for(channel))
    page = service.outbox[-1]
    assert page.page_arn is not None
    assert script.output("accept", page.page_arn, service.code_for(channel)) == {
        "Content": "The disk is full.",
        "isRead": True,
        "isStoppedByAcknowledgement": False,
        "isStopped": True,
    }


def test_a_time_is_a_date_with_milliseconds(
    service: LocalService, script: Script, akua: str
) -> None:
    aws = service.boto3_client()

    def engage() -> str:
        text: Any = {"Sender": "cli", "Subject": "disk", "Content": "The disk is full."}
        return aws.start_engagement(ContactId=akua, **text)["EngagementArn"]

    engage()
    service.clock.advance(seconds=60.125)
    second = engage()
    since, until = (DEFAULT_START + timedelta(seconds=each) for each in (60, 61))
    assert script.output("times", second, since.isoformat(), until.isoformat()) == {
        "isDate": True,
        "StartTime": "2025-01-06T09:01:00.125Z",
        "found": ["2025-01-06T09:01:00.125Z"],
    }


def test_a_date_is_returned_as_it_was_sent(
    service: LocalService, script: Script, akua: str
) -> None:
    service.load_resources(
        {
            "RotationArn": ROTATION,
            "Name": "web",
            "ContactIds": [akua],
            "StartTime": DEFAULT_START,
            "TimeZoneId": "Europe/Berlin",
            "Recurrence": {
                "NumberOfOnCalls": 1,
                "RecurrenceMultiplier": 1,
                "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
            },
        }
    )
    # The SDK sends whole seconds.
    window = ["2025-01-07T08:00:00.000Z", "2025-01-07T20:30:00.000Z"]
    assert script.output("override", ROTATION, akua, *window) == window
