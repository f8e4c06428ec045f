from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from arns import contact_arn

from ssm_contacts_sdk._errors import InvalidValueError
from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._contract import contract

ARN = contact_arn("akuam")
PERSON: dict[str, Any] = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}


def violations_in(operation: str, body: dict[str, Any]) -> list[tuple[str, str]]:
    _, found = contract().validate_request(operation, body)
    return [(violation.member, violation.rule) for violation in found.kept]


def planned(stage: Any) -> dict[str, Any]:
    return {"ContactId": ARN, "Plan": {"Stages": [stage]}}


def test_violations_are_in_the_order_of_the_model(service: LocalService) -> None:
    stage: dict[str, Any] = {"DurationInMinutes": 31, "Targets": [{"ChannelTargetInfo": {}}]}
    body: dict[str, Any] = {"Plan": {"Stages": [stage]}, "Type": "ROBOT", "Alias": "A" * 256}
    response = service.handle("SSMContacts.CreateContact", {}, json.dumps(body).encode())
    content = json.loads(response.body)
    assert response.status == 400
    assert content["__type"] == "ValidationException"
    assert content["Reason"] == "FIELD_VALIDATION_FAILED"
    assert [field["Name"] for field in content["Fields"]] == [
        "alias",
        "alias",
        "type",
        "plan.stages.1.member.durationInMinutes",
        "plan.stages.1.member.targets.1.member.channelTargetInfo.contactChannelId",
    ]
    assert content["Message"].startswith(
        f"5 validation errors detected: Value '{'A' * 256}' at 'alias'"
    )
    assert content["Message"].endswith(
        "; Value null at "
        "'plan.stages.1.member.targets.1.member.channelTargetInfo.contactChannelId' "
        "failed to satisfy constraint: Member must not be null"
    )


def test_one_violation_has_the_text_of_aws(service: LocalService) -> None:
    body = {**PERSON, "Type": "X"}
    response = service.handle("SSMContacts.CreateContact", {}, json.dumps(body).encode())
    content = json.loads(response.body)["Message"]
    assert content.startswith(
        "1 validation error detected: Value 'X' at 'type' failed to satisfy constraint: "
        "Member must satisfy enum value set: [PERSONAL, ESCALATION, ONCALL_SCHEDULE"
    )
    assert content.endswith("]")


@pytest.mark.parametrize(
    ("operation", "body", "member", "rule"),
    [
        ("GetContact", {}, "contactId", "Member must not be null"),
        ("GetContact", {"ContactId": None}, "contactId", "Member must not be null"),
        ("GetContact", {"ContactId": 1}, "contactId", "Member must be a string"),
        ("UpdateContact", {"ContactId": ARN, "Plan": []}, "plan", "Member must be a structure"),
        (
            "UpdateContact",
            {"ContactId": ARN, "Plan": {"Stages": {}}},
            "plan.stages",
            "Member must be a list",
        ),
        (
            "UpdateContact",
            planned({"DurationInMinutes": True, "Targets": []}),
            "plan.stages.1.member.durationInMinutes",
            "Member must be an integer",
        ),
        (
            "UpdateContact",
            planned({"DurationInMinutes": -1, "Targets": []}),
            "plan.stages.1.member.durationInMinutes",
            "Member must have value greater than or equal to 0",
        ),
        ("UpdateContact", planned(None), "plan.stages.1.member", "Member must not be null"),
        (
            "UpdateContact",
            {"ContactId": ARN, "Plan": {"RotationIds": [ARN] * 26}},
            "plan.rotationIds",
            "Member must have length less than or equal to 25",
        ),
        (
            "UpdateContact",
            planned(
                {"DurationInMinutes": 1, "Targets": [{"ContactTargetInfo": {"IsEssential": 1}}]}
            ),
            "plan.stages.1.member.targets.1.member.contactTargetInfo.isEssential",
            "Member must be a boolean",
        ),
        (
            "GetContact",
            {"ContactId": "akuam"},
            "contactId",
            "Member must satisfy regular expression pattern: "
            r"arn:(aws|aws-cn|aws-us-gov):ssm-contacts:[-\w+=\/,.@]*:[0-9]+:([\w+=\/,.@:-]+)*",
        ),
        (
            "ListContacts",
            {"MaxResults": 1025},
            "maxResults",
            "Member must have value less than or equal to 1024",
        ),
    ],
)
def test_a_request_must_have_the_shape_of_the_model(
    operation: str, body: dict[str, Any], member: str, rule: str
) -> None:
    assert violations_in(operation, body) == [(member, rule)]


@pytest.mark.parametrize(
    ("operation", "body", "codes"),
    [
        ("GetContact", {}, ["missing"]),
        ("GetContact", {"ContactId": 1}, ["wrong_type"]),
        ("GetContact", {"ContactId": "akuam"}, ["wrong_characters"]),
        ("CreateContact", {**PERSON, "Alias": ""}, ["too_short"]),
        ("CreateContact", {**PERSON, "Alias": "a" * 256}, ["too_long"]),
        ("CreateContact", {**PERSON, "Type": "ROBOT"}, ["unknown_choice"]),
        ("UpdateContact", {"ContactId": ARN, "Plan": {"RotationIds": [ARN] * 26}}, ["too_many"]),
        ("UpdateContact", planned({"DurationInMinutes": 31, "Targets": []}), ["too_large"]),
        ("UpdateContact", planned({"DurationInMinutes": -1, "Targets": []}), ["too_small"]),
        ("ListEngagements", {"TimeRangeValue": {"StartTime": 1e15}}, ["too_large"]),
        ("ListEngagements", {"TimeRangeValue": {"StartTime": -1e15}}, ["too_small"]),
    ],
)
def test_violations_have_codes(operation: str, body: dict[str, Any], codes: list[str]) -> None:
    _, violations = contract().validate_request(operation, body)
    assert [violation.code for violation in violations.kept] == codes


@pytest.mark.parametrize("instant", [1736154000, 1736154000.301, -1])
def test_a_timestamp_is_a_number(instant: float) -> None:
    assert violations_in("ListEngagements", {"TimeRangeValue": {"StartTime": instant}}) == []


FIRST = datetime(2, 1, 1, tzinfo=timezone.utc)
LAST = datetime(9998, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("instant", [FIRST, FIRST.timestamp(), LAST, LAST.timestamp()])
def test_a_timestamp_is_a_date_in_every_time_zone(instant: object) -> None:
    assert violations_in("ListEngagements", {"TimeRangeValue": {"StartTime": instant}}) == []


@pytest.mark.parametrize("instant", [FIRST - SECOND, LAST + SECOND, -1e300, -(10**400), 10**400])
def test_a_timestamp_outside_the_calendar_is_rejected(instant: object) -> None:
    rule = "Member must be of the years 2 to 9998"
    body = {"TimeRangeValue": {"StartTime": instant}}
    assert violations_in("ListEngagements", body) == [("timeRangeValue.startTime", rule)]


def test_a_datetime_must_have_a_time_zone() -> None:
    naive = datetime(2025, 1, 6)  # noqa: DTZ001 - it must have no time zone
    rule = "Member must be a datetime with a time zone"
    body = {"TimeRangeValue": {"StartTime": naive}}
    assert violations_in("ListEngagements", body) == [("timeRangeValue.startTime", rule)]


def test_a_timestamp_is_rounded_to_milliseconds() -> None:
    there = datetime(2025, 1, 6, 10, 0, 0, 301_499, tzinfo=timezone(timedelta(hours=1)))
    for instant in (1736154000.301499, there):
        body = {"TimeRangeValue": {"StartTime": instant}}
        state_json, found = contract().validate_request("ListEngagements", body)
        assert found.kept == []
        assert state_json == {"TimeRangeValue": {"StartTime": 1736154000.301}}


@pytest.mark.parametrize("instant", ["2025-01-06", True, float("nan"), float("inf")])
def test_other_types_are_not_timestamps(instant: object) -> None:
    rule = "Member must be a timestamp in epoch seconds"
    body = {"TimeRangeValue": {"StartTime": instant}}
    assert violations_in("ListEngagements", body) == [("timeRangeValue.startTime", rule)]


def test_an_integer_has_32_bits() -> None:
    recurrence = {"NumberOfOnCalls": 2**31, "RecurrenceMultiplier": 1}
    body: dict[str, Any] = {"RotationId": ARN, "Recurrence": recurrence}
    rule = "Member must have value less than or equal to 2147483647"
    assert violations_in("UpdateRotation", body) == [("recurrence.numberOfOnCalls", rule)]


def test_the_keys_and_values_of_a_map_are_validated() -> None:
    recurrence: dict[str, Any] = {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "ShiftCoverages": {"MONDAY": [], "TUE": [{"Start": {"HourOfDay": 24}}], "WED": None},
    }
    body: dict[str, Any] = {"RotationId": ARN, "Recurrence": recurrence}
    assert [member for member, _ in violations_in("UpdateRotation", body)] == [
        "recurrence.shiftCoverages.key",
        "recurrence.shiftCoverages.TUE.1.member.start.hourOfDay",
        "recurrence.shiftCoverages.TUE.1.member.start.minuteOfHour",
    ]
    recurrence["ShiftCoverages"] = []
    rule = "Member must be a map"
    assert violations_in("UpdateRotation", body) == [("recurrence.shiftCoverages", rule)]


def test_unknown_members_are_dropped() -> None:
    body: dict[str, Any] = {
        **PERSON,
        "DisplayName": None,
        "Colour": "red",
        "Plan": {"Stages": [], "Colour": 1},
    }
    state_json, found = contract().validate_request("CreateContact", body)
    assert found.kept == []
    assert state_json == PERSON


@pytest.mark.parametrize("code", ["12345", "secret"])
def test_an_invalid_code_is_not_repeated(service: LocalService, code: object) -> None:
    body = {"ContactChannelId": ARN, "ActivationCode": code}
    response = service.handle("SSMContacts.ActivateContactChannel", {}, json.dumps(body).encode())
    content = json.loads(response.body)
    assert content["__type"] == "ValidationException"
    assert "Value (hidden) at 'activationCode'" in content["Message"]
    assert str(code) not in content["Message"]


def test_an_invalid_list_is_shown_as_json(service: LocalService) -> None:
    body = json.dumps({**PERSON, "Plan": {"RotationIds": [ARN] * 26}})
    content = json.loads(service.handle("SSMContacts.CreateContact", {}, body.encode()).body)
    assert f"""Value '["{ARN}", "{ARN}", """ in content["Message"]


@pytest.mark.parametrize("alias", ["A" * 1000, "A" * 1001, "A" * 500_000])
def test_a_long_invalid_str_is_cut_off(service: LocalService, alias: str) -> None:
    body = json.dumps({**PERSON, "Alias": alias})
    content = json.loads(service.handle("SSMContacts.CreateContact", {}, body.encode()).body)
    shown = alias if len(alias) == 1000 else "A" * 1000 + "..."
    assert content["Message"].startswith(
        f"2 validation errors detected: Value '{shown}' at 'alias' failed"
    )


def test_a_long_invalid_list_is_cut_off(service: LocalService) -> None:
    body = json.dumps({**PERSON, "Plan": {"RotationIds": [ARN] * 10_000}})
    response = service.handle("SSMContacts.CreateContact", {}, body.encode())
    content = json.loads(response.body)
    assert content["Fields"] == [
        {
            "Name": "plan.rotationIds",
            "Message": "Member must have length less than or equal to 25",
        }
    ]
    assert "...' at 'plan.rotationIds'" in content["Message"]
    assert len(response.body) < 2_000


def test_a_list_whose_first_item_has_as_many_characters_as_are_shown_is_cut_off(
    service: LocalService,
) -> None:
    # The JSON of the list begins with two characters, and the item ends with one.
    longest = ARN.ljust(1_000 - 3, "a")
    body = json.dumps({**PERSON, "Plan": {"RotationIds": [longest] * 26}})
    content = json.loads(service.handle("SSMContacts.CreateContact", {}, body.encode()).body)
    assert f"""Value '["{longest}"...' at 'plan.rotationIds'""" in content["Message"]


def test_a_value_too_deep_to_show_is_rejected() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    tags: list[Any] = [{}, *[deep] * 200]
    _, found = contract().validate_request("CreateContact", {**PERSON, "Tags": tags})
    assert found.kept[0].rule == "Member must have length less than or equal to 50"
    assert found.kept[0].message
    # Freed level by level, because freeing it at once needs the depth of recursion again.
    found.kept.clear()
    found.wrong_type = None
    while deep:
        deep = deep.pop()


# The wrong JSON type


@pytest.mark.parametrize(
    ("operation", "body", "text"),
    [
        ("GetContact", {"ContactId": 1}, "ContactId: must be a string (got a number)"),
        ("GetContact", {"ContactId": True}, "ContactId: must be a string (got a boolean)"),
        ("GetContact", {"ContactId": ["x"]}, "ContactId: must be a string (got an array)"),
        ("UpdateContact", {"ContactId": ARN, "Plan": []}, "Plan: must be a structure (got an arr"),
        (
            "UpdateContact",
            {"ContactId": ARN, "Plan": {"Stages": {}}},
            "Plan.Stages: must be a list (got an object)",
        ),
        (
            "UpdateContact",
            planned({"DurationInMinutes": "5", "Targets": []}),
            "Plan.Stages[0].DurationInMinutes: must be an integer (got a string)",
        ),
        (
            "UpdateContact",
            planned({"DurationInMinutes": 1.5, "Targets": []}),
            "Plan.Stages[0].DurationInMinutes: must be an integer (got a number)",
        ),
        (
            "UpdateRotation",
            {"RotationId": ARN, "Recurrence": {"ShiftCoverages": "x"}},
            "Recurrence.ShiftCoverages: must be a map (got a string)",
        ),
        (
            "ListEngagements",
            {"TimeRangeValue": {"StartTime": "2025-01-06"}},
            "TimeRangeValue.StartTime: must be a timestamp in epoch seconds (got a string)",
        ),
        (
            "UpdateContact",
            planned(
                {"DurationInMinutes": 1, "Targets": [{"ContactTargetInfo": {"IsEssential": 1}}]}
            ),
            "Plan.Stages[0].Targets[0].ContactTargetInfo.IsEssential: must be a boolean",
        ),
    ],
)
def test_a_wrong_type_is_a_serialization_error(
    service: LocalService, operation: str, body: dict[str, Any], text: str
) -> None:
    response = service.handle(f"SSMContacts.{operation}", {}, json.dumps(body).encode())
    content = json.loads(response.body)
    assert (response.status, content["__type"]) == (400, "SerializationException")
    assert content["Message"].startswith(text)
    assert content.keys() == {"__type", "Message"}


def test_a_wrong_type_takes_precedence_over_other_violations(service: LocalService) -> None:
    # The service parses the whole request before it validates any of it.
    empty: dict[str, Any] = {}
    stages: list[Any] = [*[empty] * 1_000, {"DurationInMinutes": "5"}]
    body: dict[str, Any] = {"Alias": "!", "Type": "ROBOT", "Plan": {"Stages": stages}}
    content = json.loads(
        service.handle("SSMContacts.CreateContact", {}, json.dumps(body).encode()).body
    )
    assert content["__type"] == "SerializationException"
    assert content["Message"].startswith("Plan.Stages[1000].DurationInMinutes: ")


def test_the_first_of_two_wrong_types_is_reported(service: LocalService) -> None:
    body = json.dumps({"Alias": 1, "Type": 2, "Plan": {}}).encode()
    content = json.loads(service.handle("SSMContacts.CreateContact", {}, body).body)
    assert content["Message"] == "Alias: must be a string (got a number)"


@pytest.mark.parametrize("code", [123456, ["123456"]])
def test_a_code_of_the_wrong_type_is_not_repeated(service: LocalService, code: object) -> None:
    body = {"ContactChannelId": ARN, "ActivationCode": code}
    response = service.handle("SSMContacts.ActivateContactChannel", {}, json.dumps(body).encode())
    assert json.loads(response.body)["__type"] == "SerializationException"
    assert b"123456" not in response.body


def test_null_is_not_a_wrong_type(service: LocalService) -> None:
    for body in (b'{"ContactId": null}', b'{"ContactId": "x"}'):
        content = json.loads(service.handle("SSMContacts.GetContact", {}, body).body)
        assert content["__type"] == "ValidationException"


# Many violations


@pytest.mark.parametrize("count", [1, 100, 101, 5_000])
def test_all_violations_are_counted_and_100_are_listed(service: LocalService, count: int) -> None:
    stages: list[Any] = [{"DurationInMinutes": 31, "Targets": []}] * count
    body = json.dumps({**PERSON, "Plan": {"Stages": stages}})
    content = json.loads(service.handle("SSMContacts.CreateContact", {}, body.encode()).body)
    listed = min(count, 100)
    text, fields = content["Message"], content["Fields"]
    assert text.startswith(f"{count} validation error{'s' if count > 1 else ''} detected: ")
    assert text.count("failed to satisfy constraint") == listed
    assert [field["Name"] for field in fields] == [
        f"plan.stages.{number}.member.durationInMinutes" for number in range(1, listed + 1)
    ]
    assert text.endswith(f"; and {count - 100} more") == (count > 100)


def test_all_violations_of_a_loaded_resource_are_listed(service: LocalService) -> None:
    stages: list[Any] = [{"DurationInMinutes": 31, "Targets": []}] * 150
    response: dict[str, Any] = {
        "ContactArn": ARN,
        "Alias": "akuam",
        "Type": "PERSONAL",
        "Plan": {"Stages": stages},
    }
    with pytest.raises(InvalidValueError) as caught:
        service.load_resources(response)
    assert len(caught.value.violations) == 150


# Enumerations


def test_channel_types_are_listed_in_the_order_of_awss_texts() -> None:
    body = {
        "ContactId": ARN,
        "Name": "x",
        "Type": "FAX",
        "DeliveryAddress": {"SimpleAddress": "x"},
    }
    rule = "Member must satisfy enum value set: [SMS, EMAIL, VOICE]"
    assert violations_in("CreateContactChannel", body) == [("type", rule)]


def test_other_choices_are_listed_in_the_order_of_the_model() -> None:
    body = {"PageId": ARN, "AcceptType": "READY", "AcceptCode": "123456"}
    rule = "Member must satisfy enum value set: [DELIVERED, READ]"
    assert violations_in("AcceptPage", body) == [("acceptType", rule)]


@pytest.mark.parametrize("operation", sorted(contract().operations))
def test_every_operation_can_be_validated(operation: str) -> None:
    assert contract().validate_request(operation, {})[0] == {}
    assert contract().validate_response(operation, {}, ())[0] == {}
